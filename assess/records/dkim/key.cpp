#include "assess/records/dkim/key.hpp"

#include "assess/records/text.hpp"
#include "verify/dkim/crypto.hpp"
#include "verify/dkim/encoding.hpp"

namespace ruaudit::assess::records {
namespace {

namespace dkim = verify::dkim;

constexpr std::size_t ed25519_octets = 32;
using namespace std::string_view_literals;
constexpr std::string_view ed25519_wrapping =
    "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv;  // RFC 8410 section 4
constexpr std::string_view ed25519_private = "\x06\x03\x2b\x65\x70\x04"sv;
constexpr std::string_view rsa_algorithm =  // RFC 3279 section 2.3.1: rsaEncryption with NULL
    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"sv;

std::string with_length(char tag, std::string_view content) {  // lengths of DER: X.690, 8.1.3
  std::string out(1, tag);
  const auto size = content.size();
  if (size < 0x80) {
    out += static_cast<char>(size);
  } else if (size < 0x100) {
    out += '\x81';
    out += static_cast<char>(size);
  } else {
    out += '\x82';
    out += static_cast<char>(size >> 8U);
    out += static_cast<char>(size & 0xFFU);
  }
  return out + std::string(content);
}

std::string wrapped(std::string_view bare) {
  return with_length('\x30',
                     std::string(rsa_algorithm) + with_length('\x03', std::string(1, '\0') + std::string(bare)));
}

// The first element inside of the outer SEQUENCE; 0: there is none.
unsigned inner_tag(std::string_view der) {
  if (der.size() < 4 || der[0] != '\x30') return 0;
  const auto length = static_cast<unsigned char>(der[1]);
  const std::size_t head = length < 0x80 ? 2 : 2 + (length & 0x7FU);
  return head < der.size() ? static_cast<unsigned char>(der[head]) : 0;
}

// PKCS#1 and PKCS#8 begin with an INTEGER 0 (version); a public exponent or modulus is never 0. RFC 8017 appendix A.1.2
bool holds_private_key(std::string_view der) {
  if (inner_tag(der) != 0x02) return false;
  const auto length = static_cast<unsigned char>(der[1]);
  const std::size_t head = length < 0x80 ? 2 : 2 + (length & 0x7FU);
  const auto version = der.substr(head, 3);
  return version == "\x02\x01\x00"sv || version == "\x02\x01\x01"sv ||
         der.find(ed25519_private) != std::string_view::npos;
}

KeyLook of_octets(std::string_view octets) {
  KeyLook look;
  if (octets.size() == ed25519_octets) {
    look.form = KeyForm::ed25519;
    look.bits = 256;
    look.usual = dkim::encode_base64(octets);
  } else if (octets.starts_with(ed25519_wrapping) && octets.size() == ed25519_wrapping.size() + ed25519_octets) {
    look.form = KeyForm::ed25519_wrapped;
    look.bits = 256;
    look.usual = dkim::encode_base64(octets.substr(ed25519_wrapping.size()));
  } else if (holds_private_key(octets)) {
    look.form = KeyForm::private_key;
  } else if (const auto key = dkim::PublicKey::parse(dkim::KeyType::rsa, octets)) {
    const bool is_bare = inner_tag(octets) == 0x02;
    look.form = is_bare ? KeyForm::rsa_bare : KeyForm::rsa;
    look.bits = key->bits();
    look.usual = dkim::encode_base64(is_bare ? wrapped(octets) : std::string(octets));
  }
  return look;
}

// Base64 as it was meant: without armour, URL letters and whatever is not base64.
std::string meant_base64(std::string_view p) {
  std::string text(p);
  for (std::size_t begin = 0; (begin = text.find("-----", begin)) != std::string::npos;) {
    const auto end = text.find("-----", begin + 5);
    text.erase(begin, end == std::string::npos ? std::string::npos : end + 5 - begin);
  }
  text = without(text, " \t\r\n\"'\\()");
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  return text;
}

}  // namespace

KeyLook look_at_key(std::string_view p) {
  const auto plain = dkim::decode_base64(p);
  KeyLook look;
  if (plain) look = of_octets(*plain);
  look.is_encoding_right = look.form != KeyForm::none;
  if (look.is_encoding_right) return look;
  if (const auto meant = dkim::decode_base64(meant_base64(p))) look = of_octets(*meant);
  look.is_encoding_right = false;
  return look;
}

}  // namespace ruaudit::assess::records
