// The zone file reader in both forms: the input is the file. Checked: the limits, that every answer of a zone survives
// the way through evidence, and that a replay gives the same answers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "verify/dns/evidence.hpp"
#include "verify/dns/zone.hpp"

namespace {

using namespace ruaudit::verify::dns;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ZoneLimits limits{.max_bytes = 1U << 16U, .max_names = 1000};
  auto zone = Zone::parse(text, limits);
  if (!zone) {
    require(!zone.error().message.empty() && zone.error().code == "zone-file");
    return 0;
  }
  require(zone->name_count() <= limits.max_names);
  std::vector<Question> questions;
  for (const char* name : {"a", "a.b", "x.a.b", "_dmarc.a.b", "alias.b", ".."})
    questions.push_back({name, questions.size() % 2 == 0 ? RecordType::TXT : RecordType::A});
  questions.push_back({std::string(text.substr(0, 300)), RecordType::TXT});
  ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{1}; });
  RecordingResolver recorder(resolver);
  const auto answers = recorder.query_all(questions);
  for (const auto& answer : answers) require(answer.cname_chain.size() <= Zone::max_cname_chain + 1);
  auto evidence = parse_evidence(to_json({1, "list", recorder.answers()}));
  require(evidence.has_value());
  RecordedResolver replay(std::move(*evidence));
  require(replay.query_all(questions) == answers);
  return 0;
}
