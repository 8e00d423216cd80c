#include "verify/dkim/crypto.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "model/out_of_memory.hpp"

namespace ruaudit::verify::dkim {
namespace {

// Fetched once: OpenSSL searches its providers at every use of EVP_sha256().
const EVP_MD* sha256() {
  static const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                  EVP_MD_free);
  return fetched ? fetched.get() : EVP_sha256();
}

const EVP_MD* md_of(HashAlgorithm algorithm) { return algorithm == HashAlgorithm::sha1 ? EVP_sha1() : sha256(); }

const unsigned char* octets_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

using ContextPtr = std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)>;
ContextPtr new_context() {
  ContextPtr context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!context) model::throw_out_of_memory();
  return context;
}

std::string finish(EVP_MD_CTX* context) {
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context, hash, &size);
  return {reinterpret_cast<const char*>(hash), size};
}

// SubjectPublicKeyInfo first, then PKCS#1; all octets must belong to the key.
EVP_PKEY* parse_rsa(std::string_view octets) {
  const auto size = static_cast<long>(octets.size());
  const unsigned char* at = octets_of(octets);
  const unsigned char* end = at + octets.size();
  EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, size);
  if (key == nullptr) {
    at = octets_of(octets);
    key = d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size);
  }
  ERR_clear_error();
  if (key != nullptr && (at != end || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)) {
    EVP_PKEY_free(key);
    return nullptr;
  }
  return key;
}

EVP_PKEY* parse_ed25519(std::string_view octets) {
  EVP_PKEY* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets_of(octets), octets.size());
  ERR_clear_error();
  return key;
}

}  // namespace

void Digest::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Digest::Digest(HashAlgorithm algorithm) : context_(new_context().release()) {
  EVP_DigestInit_ex(context_.get(), md_of(algorithm), nullptr);
}

void Digest::update(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string Digest::finish() { return dkim::finish(context_.get()); }

std::string Digest::peek() const {
  const ContextPtr copy = new_context();
  EVP_MD_CTX_copy_ex(copy.get(), context_.get());
  return dkim::finish(copy.get());
}

void PublicKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }
void PublicKey::Free::operator()(evp_pkey_ctx_st* context) const { EVP_PKEY_CTX_free(context); }

std::optional<PublicKey> PublicKey::parse(KeyType type, std::string_view octets) {
  PublicKey key;
  key.type_ = type;
  key.key_.reset(type == KeyType::rsa ? parse_rsa(octets) : parse_ed25519(octets));
  if (!key.key_) return std::nullopt;
  key.bits_ = EVP_PKEY_get_bits(key.key_.get());
  return key;
}

bool PublicKey::verifies_rsa_sha256(std::string_view signature, std::string_view input) const {
  Context context = ready_->take();
  if (!context) {
    context.reset(EVP_PKEY_CTX_new(key_.get(), nullptr));
    if (!context || EVP_PKEY_verify_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context.get(), sha256()) != 1) {
      ERR_clear_error();
      return false;
    }
  }
  Digest hasher(HashAlgorithm::sha256);
  hasher.update(input);
  const std::string digest = hasher.finish();
  const bool ok =
      EVP_PKEY_verify(context.get(), octets_of(signature), signature.size(), octets_of(digest), digest.size()) == 1;
  ready_->put(std::move(context));
  if (!ok) ERR_clear_error();
  return ok;
}

bool PublicKey::verifies(HashAlgorithm hash, std::string_view signature, std::string_view input) const {
  if (type_ == KeyType::rsa && hash == HashAlgorithm::sha256) return verifies_rsa_sha256(signature, input);
  const ContextPtr context = new_context();
  std::string digest;
  const EVP_MD* md = md_of(hash);
  if (type_ == KeyType::ed25519) {  // RFC 8463 section 3: PureEdDSA over the hash
    Digest hasher(hash);
    hasher.update(input);
    digest = hasher.finish();
    input = digest;
    md = nullptr;
  }
  const bool ok =
      EVP_DigestVerifyInit(context.get(), nullptr, md, nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), octets_of(signature), signature.size(), octets_of(input), input.size()) == 1;
  ERR_clear_error();
  return ok;
}

std::optional<bool> PublicKey::made(std::string_view signature) const {
  if (type_ != KeyType::rsa) return std::nullopt;
  const Context context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  std::string recovered(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = recovered.size();
  const bool ok = context && EVP_PKEY_verify_recover_init(context.get()) == 1 &&
                  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                  EVP_PKEY_verify_recover(context.get(), reinterpret_cast<unsigned char*>(recovered.data()), &size,
                                          octets_of(signature), signature.size()) == 1;
  ERR_clear_error();
  return ok;
}

}  // namespace ruaudit::verify::dkim
