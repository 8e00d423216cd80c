// Any bytes as the value of a signature field, and as a body: parsing is bounded, canonical forms are stable.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "verify/dkim/canonical.hpp"
#include "verify/dkim/diagnosis.hpp"
#include "verify/dkim/encoding.hpp"
#include "verify/dkim/header_input.hpp"
#include "verify/dkim/signature.hpp"

using namespace ruaudit::verify;
using namespace ruaudit::verify::dkim;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_value(std::string_view value) {
  for (const auto kind : {SignatureKind::dkim, SignatureKind::arc_message})
    for (const auto drafts : {Drafts::refused, Drafts::accepted}) {
      const auto parsed = parse_signature(value, kind, drafts);
      const Signature& s = parsed.signature;
      require(s.b_begin <= s.b_end && s.b_end <= value.size());
      require(s.signed_fields.size() <= max_signed_fields);
      if (parsed.fault) continue;
      require(!s.signature.empty() && s.ascii_domain.has_value());
      require(decode_base64(encode_base64(s.signature)) == s.signature);
    }
}

void check_canonical(std::string_view body) {
  for (const auto form : {Canonicalization::simple, Canonicalization::relaxed}) {
    const std::string once = canonical_body(body, form);
    require(canonical_body(once, form) == once);
  }
}

void check_mail(std::string_view bytes) {
  const auto mail = message::Message::view(bytes);
  if (!mail) return;
  check_canonical(mail->body());
  std::size_t own = 0;
  for (const auto& field : mail->fields()) {
    const auto parsed = parse_signature(field.value, SignatureKind::dkim);
    if (!parsed.fault) {
      const std::string input = header_input(*mail, parsed.signature, own);
      require(input.size() <= bytes.size() * 2 + 2 * max_signed_fields);
      static_cast<void>(count_fields(*mail, parsed.signature, own));
    }
    ++own;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_value(bytes);
  check_mail(std::string(bytes));
  return 0;
}
