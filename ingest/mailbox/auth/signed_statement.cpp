// The statement of a service account: a JSON Web Token signed with RS256. // RFC 7515 section 3.1, RFC 7523 section 3
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "ingest/mailbox/auth/oauth.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

constexpr std::int64_t life_seconds = 3600;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

// base64url without padding. // RFC 7515 section 2
std::string base64url(std::string_view octets) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0, count = 0;
  for (const char c : octets) {
    bits = (bits << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    for (count += 8; count >= 6; count -= 6) out += letters[bits >> (count - 6) & 63U];
  }
  if (count > 0) out += letters[bits << (6 - count) & 63U];
  return out;
}

// A key that asks for a pass phrase must not ask on the terminal.
int no_pass_phrase(char*, int, int, void*) noexcept { return -1; }

model::Result<Key> read_key(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(bio == nullptr ? nullptr : PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr));
  if (key == nullptr)
    return model::failure("oauth-key", "the private key cannot be read", "it must be PEM without a pass phrase");
  if (EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_bits(key.get()) < 2048)
    return model::failure("oauth-key", "the private key is not RSA of at least 2048 bits");
  return key;
}

// RSASSA-PKCS1-v1_5 with SHA-256. // RFC 7518 section 3.3
model::Result<std::string> rs256(const std::string& text, EVP_PKEY* key) {
  const Digest digest(EVP_MD_CTX_new());
  const auto* const octets = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  std::string signature;
  const bool is_ready = digest != nullptr &&
                        EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                        EVP_DigestSign(digest.get(), nullptr, &size, octets, text.size()) == 1;
  if (is_ready) signature.resize(size);
  auto* const target = reinterpret_cast<unsigned char*>(signature.data());
  if (!is_ready || EVP_DigestSign(digest.get(), target, &size, octets, text.size()) != 1)
    return model::failure("oauth-key", "the private key cannot sign");
  signature.resize(size);
  return signature;
}

std::string json_text(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

model::Result<std::string> signed_statement(const JwtBearerGrant& grant, std::int64_t now) {
  TRY(const auto key, read_key(grant.private_key));
  nlohmann::json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  if (!grant.key_id.empty()) header["kid"] = grant.key_id;
  // RFC 7523 section 3; scope is what Google's endpoint takes from the statement itself.
  nlohmann::json claims = {{"iss", grant.issuer}, {"aud", grant.audience}, {"iat", now}, {"exp", now + life_seconds}};
  if (!grant.subject.empty()) claims["sub"] = grant.subject;
  if (!grant.scope.empty()) claims["scope"] = grant.scope;
  std::string text = base64url(json_text(header)) + "." + base64url(json_text(claims));
  TRY(const auto signature, rs256(text, key.get()));
  return text + "." + base64url(signature);
}

}  // namespace ruaudit::ingest::mailbox
