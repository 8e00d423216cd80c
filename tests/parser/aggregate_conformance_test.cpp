#include <catch2/catch.hpp>
#include <iostream>

#include "tests/parser/captured_report.hpp"
#include "tests/parser/corpus_files.hpp"
#include "tests/parser/manifest_flags.hpp"
#include "tests/paths.hpp"

using namespace ruaudit;
using test::CapturedReport;
using test::read_report;

namespace {

const std::string corpus = ruaudit::test::corpus_folder();

void check_totals(const test::ManifestRow& row, const CapturedReport& got) {
  REQUIRE(got.report);
  CHECK(got.report->records == std::stoull(row.records));
  CHECK(got.records.size() == got.report->records);
  CHECK(got.report->messages == std::stoll(row.messages));
  CHECK_FALSE(got.report->is_damaged);
  CHECK(got.report->header.metadata.org_name == row.org);
  CHECK(got.report->header.metadata.report_id == row.report_id);
  CHECK(got.report->header.policy_published.domain == row.domain);
  for (const auto& difference : test::compare_flags(row.flags, got.defects)) CHECK(difference.empty());
}

}  // namespace

TEST_CASE("every well-formed report of the corpus yields the records, messages and defects of its manifest") {
  std::size_t read = 0;
  std::size_t salvaged = 0;
  std::size_t damaged = 0;
  std::size_t refused = 0;
  std::size_t scanned = 0;
  for (const auto& row : test::read_manifest(corpus)) {
    const auto text = test::unpacked(corpus, row);
    if (!text) continue;
    CAPTURE(row.path, row.flags);
    const CapturedReport got = read_report(*text);
    CAPTURE(got.error, got.error_message);
    if (row.well_formed == "n/a" || row.flags.starts_with("root=")) {
      CHECK_FALSE(got.report);
      CHECK((row.well_formed == "n/a" || got.error == "wrong-root"));
      ++refused;
    } else if (row.well_formed == "yes") {
      check_totals(row, got);
      ++read;
    } else {
      REQUIRE(got.report);
      CHECK(got.report->is_damaged);
      CHECK(got.report->records == std::stoull(row.records));
      salvaged += got.report->records;
      ++damaged;
    }
    if (got.defects.empty()) ++scanned;
  }
  std::cout << "well-formed " << read << ", ill-formed " << damaged << " with " << salvaged
            << " records salvaged, refused " << refused << ", without any defect " << scanned << '\n';
  CHECK(read > 2200);
}

TEST_CASE("both engines read every report of the corpus alike") {
  std::size_t compared = 0;
  for (const auto& row : test::read_manifest(corpus)) {
    const auto text = test::unpacked(corpus, row);
    if (!text) continue;
    CAPTURE(row.path);
    const CapturedReport fast = read_report(*text);
    const CapturedReport oracle = read_report(*text, {parser::XmlEngine::libxml2, 4096, {}});
    CHECK((fast == oracle));
    ++compared;
  }
  CHECK(compared > 2200);
}

TEST_CASE("every split of a corpus report into chunks gives the same report") {
  std::size_t index = 0;
  for (const auto& row : test::read_manifest(corpus)) {
    const auto text = test::unpacked(corpus, row);
    if (!text || (++index % 8 != 0 && row.well_formed == "yes")) continue;
    CAPTURE(row.path);
    const CapturedReport whole = read_report(*text);
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{1000}})
      CHECK((whole == read_report(*text, {parser::XmlEngine::automatic, chunk, {}})));
  }
}
