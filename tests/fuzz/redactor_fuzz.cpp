// store::Redactor over any octets: sizes stay in proportion, what is redacted once has no local part in clear.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "store/failure/redaction.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto redactor = *ruaudit::store::Redactor::create("a key of more than sixteen octets");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  require(redactor.words(text).size() == text.size());
  require(redactor.addresses(text).size() <= 19 * text.size());
  require(redactor.header(text).size() <= 32 * text.size() + 64);
  require(redactor.address(text).size() <= text.size() + 32);
  require(redactor.token(text).size() == (text.empty() ? 0 : 17));
  return 0;
}
