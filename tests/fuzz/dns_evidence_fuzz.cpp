// Recorded DNS answers as JSON, which travel in evidence bundles and zone files of other people.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "verify/dns/evidence.hpp"

namespace dns = ruaudit::verify::dns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto answer = dns::parse_answer(text);
  if (!answer && answer.error().code.empty()) std::abort();
  const auto evidence = dns::parse_evidence(text);
  if (!evidence && evidence.error().code.empty()) std::abort();
  return 0;
}
