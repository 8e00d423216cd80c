// SHA-256 for identities: whole content hashes, the 16 octets that key an interned content, and the sum that combines
// the records of a report independently of their order. One object per thread; the algorithm is fetched once.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::store {

using ContentHash = std::array<std::uint8_t, 32>;
using Digest = std::array<std::uint8_t, 16>;  // the first half of a SHA-256

class Hasher {
 public:
  // Fails only where OpenSSL offers no SHA-256. Error code "sha256".
  static model::Result<Hasher> create();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  ContentHash hash(std::string_view octets);
  Digest digest(std::string_view octets);

  // For what comes in pieces: update() any number of times, then finish().
  void update(std::string_view octets);
  ContentHash finish();

 private:
  struct State;
  explicit Hasher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Sum of hashes as integers modulo 2^256 (little-endian): addition commutes, so that order does not matter, and an
// equal record that is there twice does not cancel out.
class HashSum {
 public:
  void add(const ContentHash& hash);
  [[nodiscard]] ContentHash value() const;

 private:
  std::array<std::uint64_t, 4> words_{};
};

}  // namespace ruaudit::store
