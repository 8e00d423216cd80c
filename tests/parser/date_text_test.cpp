#include "parser/date_text.hpp"

#include <catch2/catch.hpp>

#include "parser/report_hints.hpp"
#include "tests/parser/captured_report.hpp"
#include "tests/parser/report_text.hpp"

using namespace ruaudit;
using parser::parse_date;
using test::metadata_text;
using test::policy_text;
using test::read_report;
using test::record_text;
using test::replaced;
using test::report_text;

namespace {

constexpr std::int64_t new_year = 1'767'225'600;         // 2026-01-01T00:00:00Z
constexpr std::int64_t arrival = new_year + 86'400 * 3;  // of every report here

test::CapturedReport with_dates(const std::string& begin, const std::string& end) {
  const std::string dates = "<begin>" + begin + "</begin><end>" + end + "</end>";
  const std::string metadata = replaced(metadata_text, "<begin>1735689600</begin><end>1735776000</end>", dates);
  return read_report(report_text(metadata, policy_text, record_text(5)), {.latest_date = arrival});
}

}  // namespace

TEST_CASE("a date in any notation that means one instant is that instant") {
  const auto text = GENERATE(
      as<std::string>(), "1767225600", "+1767225600", "1767225600.0", "1767225600,999", "1767225600000",
      "1767225600000000", "1767225600000000000", "1.7672256e9", "1.7672256E+09", "1,767,225,600", "1 767 225 600",
      "1'767'225'600", "\"1767225600\"",
      "\xef\xbc\x91"
      "767225600",
      "20260101000000", "202601010000", "20260101", "2026010100", "2026-01-01", "2026/01/01", "2026.01.01",
      "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000+0000", "2026-01-01 00:00:00 UTC",
      "2026-01-01 00:00:00 +0000 UTC", "20260101T000000Z", "2026-01-01T01:00:00+01", "2026-01-01 12:00:00 AM",
      "Thu, 1 Jan 2026 00:00:00 +0000", "Thu, 01 Jan 2026 01:00:00 +0100 (CET)", "Thu Jan  1 00:00:00 2026",
      "Thu Jan 01 00:00:00 UTC 2026", "Thu Jan 01 2026 01:00:00 GMT+0100 (Central European Standard Time)",
      "1 January 2026", "January 1, 2026", "January 1st, 2026 12:00 am", "01-Jan-2026 00:00:00", "1. Jan 2026 00:00");
  CAPTURE(text);
  const auto read = parse_date(text, arrival);
  CHECK(read.value == new_year);
  CHECK(read.defect.empty() == (text == "1767225600"));
}

TEST_CASE("what cannot be the time of a report is no date") {
  const auto text = GENERATE(as<std::string>(), "0", "1", "46023", "1262303999", "1998-01-01", "253402300799",
                             "9999-12-31", "1767571200", "17672256", "176722560000");
  CAPTURE(text);
  const auto read = parse_date(text, arrival);
  CHECK(read.value == std::nullopt);
  CHECK(read.defect == "date-implausible");
  CHECK(read.identity.has_value());
}

TEST_CASE("the first and the last second that a report can name are dates") {
  CHECK(parse_date("1262304000", arrival).value == parser::first_report_date);
  CHECK(parse_date(std::to_string(arrival), arrival).value == arrival);
  CHECK(parse_date(std::to_string(arrival + 1), arrival).value == std::nullopt);
}

TEST_CASE("what means no instant, or more than one, is no date") {
  const auto text = GENERATE(as<std::string>(), "soon", "-1767225600", "01/02/2026", "2026-02-31", "2026-13-01",
                             "1.767", "2026-01-01T25:00:00Z", "Jan 2026", "1767225600 1767225601", "0x69565680", "Thu");
  CAPTURE(text);
  const auto read = parse_date(text, arrival);
  CHECK(read.value == std::nullopt);
  CHECK((read.defect == "date-unreadable" || read.defect == "date-implausible"));
}

// docs/identity.md: these are in the databases of version 1.
TEST_CASE("identity rests on the dates as version 1 read them") {
  struct Case {
    const char* text;
    std::optional<std::int64_t> identity;
  };
  const auto c = GENERATE(values<Case>({{"0", 0},
                                        {"1767225600.5", 1767225600},
                                        {"1767225600000", 1767225600},
                                        {"20260101000000", 20260101000},
                                        {"253402300799", 253402300},
                                        {"20260101", 1767225600},
                                        {"2026-01-01T00:00:00Z", 1767225600},
                                        {"2026-02-31", 1772496000},
                                        {"1.7672256e9", std::nullopt},
                                        {"+1767225600", std::nullopt},
                                        {"Thu, 1 Jan 2026 00:00:00 +0000", std::nullopt},
                                        {"1767225600000000000", std::nullopt}}));
  CAPTURE(c.text);
  CHECK(parse_date(c.text, arrival).identity == c.identity);
  CHECK(parse_date(c.text).identity == c.identity);
}

TEST_CASE("a report has the dates that can be, and identity those that were read") {
  const auto got = with_dates("0", "1767311999");
  REQUIRE(got.report);
  CHECK(got.report->header.metadata.date_range == model::DateRange{std::nullopt, 1767311999});
  CHECK(got.identity_range == model::DateRange{0, 1767311999});
  CHECK(got.count_of("date-implausible") == 1);
  CHECK(got.count_of("period-reversed") == 0);
  CHECK(with_dates("1767225600", "1767311999").identity_range == model::DateRange{1767225600, 1767311999});
  CHECK(with_dates("1767311999", "1767225600").identity_range == model::DateRange{1767225600, 1767311999});
}

TEST_CASE("the file name fills dates that are none or cannot be; of identity only what is no date at all") {
  const std::string name = "r.example!example.com!1767225600!1767311999.xml";
  const auto filled = [&](const std::string& begin, const std::string& end) {
    auto got = with_dates(begin, end);
    parser::fill_gaps(got.report->header, {.file_name = name, .subject = {}, .from = {}, .latest_date = arrival});
    parser::fill_identity_dates(got.identity_range, {.file_name = name, .subject = {}, .from = {}});
    CHECK(got.report->header.metadata.date_range == model::DateRange{1767225600, 1767311999});
    return got.identity_range;
  };
  CHECK(filled("soon", "later") == model::DateRange{1767225600, 1767311999});
  CHECK(filled("0", "1") == model::DateRange{0, 1});
}
