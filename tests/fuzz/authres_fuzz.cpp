// Authentication-Results: reading any bytes, and writing what was read: what is written must read back to the same
// text, so that quoting and folding cannot be broken out of.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "verify/authres/authres.hpp"

namespace authres = ruaudit::verify::authres;

namespace {

std::string rewritten(std::string_view value) {
  auto parsed = authres::parse(value);
  if (parsed.authserv_id.empty()) parsed.authserv_id = "x";
  return authres::write(parsed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 8192) return 0;
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  const auto parsed = authres::parse(value);
  for (const auto& result : parsed.results) {
    (void)authres::spf_result(result);
    (void)authres::find_property(result, "smtp", "mailfrom");
  }
  const auto second = rewritten(rewritten(value));  // the first writing makes blanks of control characters
  if (rewritten(second) != second) std::abort();
  return 0;
}
