#include "store/content/digest.hpp"

#include <openssl/evp.h>

#include <cstring>

namespace ruaudit::store {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeAlgorithm {
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
};

}  // namespace

struct Hasher::State {
  std::unique_ptr<EVP_MD, FreeAlgorithm> algorithm;
  std::unique_ptr<EVP_MD_CTX, FreeContext> context;
};

Hasher::Hasher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

model::Result<Hasher> Hasher::create() {
  auto state = std::make_unique<State>();
  state->algorithm.reset(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  state->context.reset(EVP_MD_CTX_new());
  const bool usable = state->algorithm && state->context &&
                      EVP_DigestInit_ex(state->context.get(), state->algorithm.get(), nullptr) == 1;
  if (!usable) return model::failure("sha256", "OpenSSL offers no SHA-256", "check the configuration of OpenSSL");
  return Hasher(std::move(state));
}

// With an algorithm that has been fetched and a context that has run once, none of these calls allocates or fails.
void Hasher::update(std::string_view octets) { EVP_DigestUpdate(state_->context.get(), octets.data(), octets.size()); }

ContentHash Hasher::finish() {
  ContentHash hash{};
  EVP_DigestFinal_ex(state_->context.get(), hash.data(), nullptr);
  EVP_DigestInit_ex(state_->context.get(), nullptr, nullptr);
  return hash;
}

ContentHash Hasher::hash(std::string_view octets) {
  update(octets);
  return finish();
}

Digest Hasher::digest(std::string_view octets) {
  const ContentHash whole = hash(octets);
  Digest half{};
  std::memcpy(half.data(), whole.data(), half.size());
  return half;
}

void HashSum::add(const ContentHash& hash) {
  std::array<std::uint64_t, 4> words{};
  std::memcpy(words.data(), hash.data(), hash.size());
  bool carry = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool over = __builtin_add_overflow(words_[i], words[i], &words_[i]);
    const bool again = __builtin_add_overflow(words_[i], static_cast<std::uint64_t>(carry), &words_[i]);
    carry = over || again;
  }
}

ContentHash HashSum::value() const {
  ContentHash hash{};
  std::memcpy(hash.data(), words_.data(), hash.size());
  return hash;
}

}  // namespace ruaudit::store
