#include "store/content/digest.hpp"

#include <openssl/sha.h>

#include <cstring>

namespace ruaudit::store {
namespace {

// The functions of SHA-256 themselves, although OpenSSL would rather be asked through EVP, which takes and clears
// memory for each hash: for the 55 octets of a record that costs more than the hash.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
bool begin(SHA256_CTX& context) { return SHA256_Init(&context) == 1; }
void add(SHA256_CTX& context, std::string_view octets) { SHA256_Update(&context, octets.data(), octets.size()); }
void end(SHA256_CTX& context, ContentHash& hash) { SHA256_Final(hash.data(), &context); }
#pragma GCC diagnostic pop

}  // namespace

struct Hasher::State {
  SHA256_CTX context;
};

Hasher::Hasher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

model::Result<Hasher> Hasher::create() {
  auto state = std::make_unique<State>();
  if (!begin(state->context))
    return model::failure("sha256", "OpenSSL offers no SHA-256", "check the configuration of OpenSSL");
  return Hasher(std::move(state));
}

void Hasher::update(std::string_view octets) { add(state_->context, octets); }

ContentHash Hasher::finish() {
  ContentHash hash{};
  end(state_->context, hash);
  begin(state_->context);
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
