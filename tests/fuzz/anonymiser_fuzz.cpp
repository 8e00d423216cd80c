// cli::Anonymiser over any octets, with the limits that ship: it ends with a text or an error that has a code.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "jobs/anonymise/anonymiser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto redactor = *ruaudit::store::Redactor::create("a key of more than sixteen octets");
  ruaudit::jobs::Anonymiser anonymiser(redactor);
  const auto made = anonymiser.run({reinterpret_cast<const char*>(data), size});
  if (!made && made.error().code.empty()) std::abort();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (ruaudit::jobs::to_quoted_printable(text).size() > 4 * size + 8) std::abort();
  return 0;
}
