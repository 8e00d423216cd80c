// The octets of a p= tag looked at: which kind of key they are, its size, and the form in which records should have it
// (RFC 6376 section 3.6.1, RFC 8463 section 4). verify::dkim reads the keys; this says what else they may be.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::assess::records {

enum class KeyForm {
  none,             // no key that anybody can read
  rsa,              // SubjectPublicKeyInfo
  rsa_bare,         // RSAPublicKey of PKCS#1
  ed25519,          // 32 octets
  ed25519_wrapped,  // SubjectPublicKeyInfo
  private_key,
};

struct KeyLook {
  KeyForm form = KeyForm::none;
  int bits = 0;
  bool is_encoding_right = false;  // base64 as it stands, blanks aside
  std::string usual{};             // base64 as a record should have it; empty where there is no public key
};

[[nodiscard]] KeyLook look_at_key(std::string_view p);

}  // namespace ruaudit::assess::records
