// The parser of TLS reports on any bytes. The first byte chooses how the rest is cut into pieces. Checked besides the
// sanitizers: every split gives the same report, policies are numbered upwards, the failures of a policy come before it
// and agree with its sums, and nothing leaves its range.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "model/aggregate_report.hpp"
#include "tests/parser/tls/captured_tls_report.hpp"

namespace {

void require(bool condition, const char* rule) {
  if (condition) return;
  std::fprintf(stderr, "broken rule: %s\n", rule);
  std::abort();
}

bool is_count(const std::optional<std::int64_t>& count) {
  return !count || (*count >= 0 && *count <= ruaudit::model::max_count);
}

ruaudit::parser::tls::TlsLimits small_limits() {
  ruaudit::parser::tls::TlsLimits limits;
  limits.depth = 12;
  limits.token_octets = 300;
  limits.policies = 5;
  limits.failures = 9;
  limits.value_octets = 60;
  limits.list_entries = 3;
  limits.defects = 40;
  return limits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t chunk = std::size_t{data[0]} % 61 + 1;
  const auto limits = small_limits();
  ruaudit::test::CapturedTlsReport whole, split;
  read_tls_report(text, size, whole, limits);
  read_tls_report(text, chunk, split, limits);
  require(whole.error == split.error, "every split into pieces gives the same refusal");
  require(whole.report == split.report, "every split into pieces gives the same report");
  require(whole.policies == split.policies && whole.failures == split.failures, "every split gives the same parts");
  std::map<std::uint32_t, std::int64_t> details;
  for (const auto& one : whole.failures) {
    require(one.policy > 0 && is_count(one.sessions), "a failure belongs to a policy and has a number that can be");
    ++details[one.policy];
  }
  std::uint32_t last = 0;
  for (const auto& one : whole.policies) {
    require(one.number == ++last, "policies are numbered upwards from 1");
    require(is_count(one.successful) && is_count(one.failed), "sums lie in their range");
    require(one.details == details[one.number], "a policy counts its failures");
    require(one.strings.size() <= limits.list_entries && one.mx_hosts.size() <= limits.list_entries,
            "lists are bounded");
  }
  if (whole.report) require(whole.report->policies == last, "policies are those delivered");
  return 0;
}
