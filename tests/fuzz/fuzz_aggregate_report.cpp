// The aggregate parser on any bytes. The first byte chooses how the rest is cut into chunks. Checked besides the
// sanitizers: both engines and every split give the same report, a record that was delivered is numbered upwards, sums
// agree, and libxml2 never sees text that is not well-formed.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/parser/captured_report.hpp"

namespace {

void require(bool condition, const char* rule) {
  if (condition) return;
  std::fprintf(stderr, "broken rule: %s\n", rule);
  std::abort();
}

ruaudit::test::ReadOptions options(ruaudit::parser::XmlEngine engine, std::size_t chunk) {
  ruaudit::test::ReadOptions made{engine, chunk, {}};
  // Small limits, so that small inputs reach them.
  made.limits.depth = 12;
  made.limits.tag_bytes = 256;
  made.limits.text_bytes = 200;
  made.limits.prolog_bytes = 4096;
  made.limits.records_before_policy = 3;
  made.limits.results_per_row = 4;
  made.limits.defects = 200;
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ruaudit::parser::XmlEngine;
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t chunk = std::size_t{data[0]} % 61 + 1;
  const auto whole = ruaudit::test::read_report(text, options(XmlEngine::automatic, size));
  const auto split = ruaudit::test::read_report(text, options(XmlEngine::automatic, chunk));
  const auto oracle = ruaudit::test::read_report(text, options(XmlEngine::libxml2, size));
  if (whole.report || split.report || oracle.report) {
    require(whole == split, "every split into chunks gives the same report");
    require(whole == oracle, "both engines give the same report");
  } else {
    require(whole.error == split.error && whole.error == oracle.error, "the same refusal");
    return 0;
  }
  std::int64_t messages = 0;
  std::uint32_t last_row = 0;
  for (const auto& record : whole.records) {
    require(record.row_number > last_row, "rows are numbered upwards");
    last_row = record.row_number;
    if (record.is_countable()) messages += *record.count;
  }
  require(messages == whole.report->messages, "messages are the sum of the countable records");
  require(whole.records.size() == whole.report->records, "records are those delivered");
  require(whole.policies.size() == 1, "the policy comes once");
  require(whole.count_of("not-well-formed") == 0, "libxml2 sees well-formed text only");
  return 0;
}
