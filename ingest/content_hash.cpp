#include "ingest/content_hash.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "model/out_of_memory.hpp"

namespace ruaudit::ingest {

namespace {
constexpr std::size_t window = 1U << 20U;

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
}  // namespace

ContentHash content_hash(const Bytes& bytes) {
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  bool good = context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  const auto text = bytes.view();
  for (std::size_t at = 0; good && at < text.size(); at += window) {
    const auto part = text.substr(at, window);
    good = EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    bytes.drop_before(at + part.size());
  }
  ContentHash hash{};
  good = good && EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) == 1;
  if (!good) model::throw_out_of_memory();  // SHA-256 has no other way to fail; a made-up hash would hide items
  return hash;
}

}  // namespace ruaudit::ingest
