#include "report/html/policy.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>

#include "report/html/writer.hpp"

namespace ruaudit::report::html {

std::string content_hash(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return "sha256-" + base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string content_security_policy(Markup style_sheet, Markup script) {
  return fmt::format(
      "default-src 'none'; script-src '{}'; style-src '{}'; img-src 'none'; base-uri 'none'; form-action 'none'; "
      "require-trusted-types-for 'script'; trusted-types 'none'",
      content_hash(script.text()), content_hash(style_sheet.text()));
}

}  // namespace ruaudit::report::html
