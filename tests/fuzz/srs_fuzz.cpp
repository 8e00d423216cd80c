// Rewritten envelope senders: what is recognised has a domain, and a text for people.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "verify/srs/srs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = ruaudit::verify::srs::recognise({reinterpret_cast<const char*>(data), size}, 1'767'225'600);
  if ((found.scheme == ruaudit::verify::srs::Scheme::none) != found.text.empty()) std::abort();
  return 0;
}
