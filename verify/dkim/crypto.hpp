// Hashes and public keys by OpenSSL 3 EVP. A Digest takes bytes and gives one hash; a PublicKey is made once from the
// octets of p= and verifies many signatures, from several threads at once. RSA keys come as SubjectPublicKeyInfo or as
// a bare PKCS#1 RSAPublicKey (RFC 6376 section 3.6.1 names the latter, the world publishes the former); Ed25519 keys as
// 32 octets (RFC 8463 section 4).
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "verify/dkim/signature.hpp"

struct evp_md_ctx_st;
struct evp_pkey_ctx_st;
struct evp_pkey_st;

namespace ruaudit::verify::dkim {

class Digest {
 public:
  explicit Digest(HashAlgorithm algorithm);
  void update(std::string_view bytes);
  [[nodiscard]] std::string finish();      // once
  [[nodiscard]] std::string peek() const;  // the hash of what came so far; more may follow

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

class PublicKey {
 public:
  // nullopt: the octets are not a key of that type.
  static std::optional<PublicKey> parse(KeyType type, std::string_view octets);

  [[nodiscard]] KeyType type() const { return type_; }
  [[nodiscard]] int bits() const { return bits_; }
  // True when `signature` is this key's over `input` (RFC 6376 section 3.3, RFC 8463 section 3).
  [[nodiscard]] bool verifies(HashAlgorithm hash, std::string_view signature, std::string_view input) const;
  // RSA: whether this key made `signature` over anything at all: its padding opens (RFC 8017 section 8.2.2 step 2).
  // Nothing for Ed25519, where that cannot be told.
  [[nodiscard]] std::optional<bool> made(std::string_view signature) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
    void operator()(evp_pkey_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_pkey_ctx_st, Free>;
  // A context made ready to verify RSA over SHA-256: making one costs a tenth of a verification. Whoever needs it takes
  // it out, so that threads never share one; who finds none makes another.
  class Ready {
   public:
    ~Ready() { put({}); }
    [[nodiscard]] Context take() { return Context(idle_.exchange(nullptr)); }
    void put(Context context) { const Context former(idle_.exchange(context.release())); }

   private:
    std::atomic<evp_pkey_ctx_st*> idle_ = nullptr;
  };
  PublicKey() = default;
  [[nodiscard]] bool verifies_rsa_sha256(std::string_view signature, std::string_view input) const;

  std::unique_ptr<evp_pkey_st, Free> key_;
  std::unique_ptr<Ready> ready_ = std::make_unique<Ready>();
  KeyType type_ = KeyType::rsa;
  int bits_ = 0;
};

}  // namespace ruaudit::verify::dkim
