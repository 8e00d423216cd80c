#include "tests/parser/read_both.hpp"
#include "tests/parser/report_text.hpp"

using namespace ruaudit;
using test::CapturedReport;
using test::metadata_text;
using test::policy_text;
using test::read_both;
using test::read_report;
using test::record_text;
using test::replaced;
using test::report_text;

namespace {

const std::string three = report_text(record_text(1) + record_text(2) + record_text(3));

bool is_prefix(const std::vector<model::Record>& part, const std::vector<model::Record>& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

std::size_t records_ended_before(std::string_view text, std::size_t size) {
  std::size_t count = 0;
  constexpr std::string_view end = "</record>";
  for (auto at = text.find(end); at != std::string_view::npos && at + end.size() <= size; at = text.find(end, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("a report cut off at any byte yields exactly the records that ended before the cut") {
  const CapturedReport whole = read_report(three);
  REQUIRE(whole.records.size() == 3);
  const std::size_t root = three.find("<feedback>") + 10;
  const std::size_t end = three.find("</feedback>") + 11;
  for (std::size_t size = 0; size < three.size(); ++size) {
    CAPTURE(size, three.substr(size > 20 ? size - 20 : 0, std::min<std::size_t>(size, 20)));
    const std::string cut = three.substr(0, size);
    const CapturedReport got = read_both(cut);
    if (size < root) {
      CHECK_FALSE(got.report);
      continue;
    }
    REQUIRE(got.report);
    CHECK(got.records.size() == records_ended_before(three, size));
    CHECK(is_prefix(got.records, whole.records));
    CHECK(got.report->is_damaged == (size < end));
    if (size >= end) continue;
    REQUIRE(got.find("truncated") != nullptr);
    const auto line = static_cast<std::uint32_t>(std::count(cut.begin(), cut.end(), '\n')) + 1;
    CHECK(got.find("truncated")->line <= line);
    CHECK(got.find("truncated")->line + 1 >= line);
  }
}

TEST_CASE("damage inside one record keeps the others, loses at most this one and names its line") {
  struct Case {
    const char *what, *with, *code;
    std::size_t kept;  // of three
  };
  const auto c = GENERATE(values<Case>({
      // X5: what is only text stays, and so does the record
      {"example.com</header_from>", "exam<ple.com</header_from>", "markup-in-text", 3},
      {"example.com</header_from>", "<a@b.example></header_from>", "markup-in-text", 3},
      {"example.com</header_from>", "<b>x</b></header_from>", "markup-in-text", 3},
      {"example.com</header_from>", "</unknown></header_from>", "markup-in-text", 3},
      {"example.com</header_from>", "</count></header_from>", "markup-in-text", 3},
      {"<selector>s1", "<selector>a & b", "bare-ampersand", 3},
      {"<selector>s1", "<selector>a&nbsp;b", "bare-ampersand", 3},
      {"<selector>s1", "<selector>a&#0;b", "bare-ampersand", 3},
      {"<selector>s1",
       "<selector>a\x01"
       "b",
       "control-character", 3},
      {"<selector>s1",
       "<selector>a\xff"
       "b",
       "not-utf8", 3},
      {"<row>", "<row a=b>", "bad-attribute", 3},
      {"<row>", "<row></b>", "stray-end-tag", 3},
      {"<row>", "<row>&", "stray-text", 3},
      // X6: a broken end tag costs nothing that stands there in full
      {"</header_from>", "", "mismatched-tag", 3},
      {"</header_from>", "</headerfrom>", "mismatched-tag", 3},
      {"</identifiers>", "", "mismatched-tag", 3},
      {"</row>", "", "mismatched-tag", 3},
      {"</dkim>", "</spf>", "mismatched-tag", 3},
      {"  </record>", "", "mismatched-tag", 3},
      // an element of no schema that swallows count and source costs this record
      {"<row>", "<row><odd>", "mismatched-tag", 2},
      // what looks like structure inside a text invents nothing
      {"example.com</header_from>", "<record><row></row></record></header_from>", "record-dropped", 2},
      {"example.com</header_from>", "<record></header_from>", "record-dropped", 2},
  }));
  const int damaged = GENERATE(1, 2, 3);
  CAPTURE(c.what, c.with, damaged);
  std::string records;
  for (int i = 1; i <= 3; ++i) records += i == damaged ? replaced(record_text(i), c.what, c.with) : record_text(i);
  const CapturedReport got = read_both(report_text(records));
  REQUIRE(got.report);
  CHECK(got.report->is_damaged);
  REQUIRE(got.find(c.code) != nullptr);
  const std::uint32_t first = static_cast<std::uint32_t>(13 + 10 * (damaged - 1));
  CHECK(got.find(c.code)->line >= first);
  CHECK(got.find(c.code)->line <= first + 10);
  CHECK(got.find(c.code)->row == static_cast<std::uint32_t>(damaged));
  std::vector<std::int64_t> counts;
  for (const auto& record : got.records) counts.push_back(*record.count);
  std::vector<std::int64_t> want;
  for (int i = 1; i <= 3; ++i)
    if (i != damaged || c.kept == 3) want.push_back(i);
  CHECK(counts == want);
  CHECK(got.count_of("record-dropped") == 3 - c.kept);
}

TEST_CASE("a stray unclosed schema around or in front of the report swallows nothing") {
  const std::string schema = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">";
  const auto around = read_both(replaced(three, "<feedback>", schema + "<feedback>"));
  REQUIRE(around.report);
  CHECK(around.records.size() == 3);
  CHECK(around.count_of("stray-element") == 1);
  const auto inside = read_both(replaced(three, "<feedback>", "<feedback>" + schema));
  REQUIRE(inside.report);
  CHECK(inside.records.size() == 3);
  CHECK(inside.report->header.metadata.org_name == "reporter.example");
  CHECK(inside.report->is_damaged);
}

TEST_CASE("a section left open ends where the next begins") {
  const auto got =
      read_both(report_text(replaced(metadata_text, "</report_metadata>", ""), policy_text, record_text(1)));
  CHECK(got.records.size() == 1);
  CHECK(got.report->header.policy_published.domain == "example.com");
  CHECK(got.report->is_damaged);
}

TEST_CASE("end tags without a beginning yield no record") {
  const auto got = read_both(
      "<feedback><policy_published><domain>a.example</domain><result></result></spf>"
      "</auth_results></record></feedback>");
  REQUIRE(got.report);
  CHECK(got.records.empty());
  CHECK(got.report->is_damaged);
  CHECK(got.report->header.policy_published.domain == "a.example");
}

TEST_CASE("what follows the root and is no report is ignored and told") {
  CHECK(read_both(three + "\n<!-- c -->\n").defects.empty());
  const auto text = read_both(three + "garbage");
  CHECK(text.count_of("trailing-content") == 1);
  CHECK_FALSE(text.report->is_damaged);
  const auto element = read_both(three + "<other/>");
  CHECK(element.records.size() == 3);
  CHECK(element.count_of("trailing-content") == 1);
  CHECK(element.report->is_damaged);
}

TEST_CASE("a report behind the root of another is a report of its own") {
  const std::string bare = three.substr(three.find("<feedback>"));
  const std::string upper = replaced(replaced(bare, "<feedback>", "<FEEDBACK>"), "</feedback>", "</FEEDBACK>");
  const std::string between = GENERATE("", "\n\n", "\n<!-- next -->", "some words\n", "\xef\xbb\xbf", "<?pi?>");
  CAPTURE(between);
  for (const std::string& second : {three, bare, upper}) {
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{65'536}}) {
      const auto all = test::read_reports(three + between + second + between + three, {.chunk = chunk});
      REQUIRE(all.size() == 3);
      CHECK(all[2].records[0].line > all[1].records[2].line);
      for (const auto& one : all) {
        REQUIRE(one.report);
        CHECK(one.report->messages == 6);
        CHECK(one.report->header == read_report(three).report->header);
        CHECK_FALSE(one.report->is_damaged);
      }
    }
  }
}

TEST_CASE("an extension may contain elements named like ours") {
  const auto got = read_both(replaced(three, "</record>", "<extension><record><row/></record></extension></record>"));
  CHECK(got.records.size() == 3);
  CHECK_FALSE(got.report->is_damaged);
  CHECK(got.report->unknown_elements == 3);
}

TEST_CASE("an unclosed comment or CDATA section costs only what follows it") {
  for (const std::string opening : {"<!--", "<![CDATA["}) {
    std::string records =
        record_text(1) + replaced(record_text(2), "<selector>", "<selector>" + opening) + record_text(3);
    const auto got = read_both(report_text(records));
    REQUIRE(got.report);
    CHECK(got.records.size() == 1);
    CHECK(got.count_of("truncated") == 1);
  }
}
