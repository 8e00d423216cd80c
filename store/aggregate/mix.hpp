// A fast mix of octets into 64 bits, for the bounded caches of this stage only: it protects nothing, because every hit
// is confirmed by comparing the whole key.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ruaudit::store {

__extension__ using Wide = unsigned __int128;

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xd6e8feb86659fd93ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t mix_octets(std::string_view octets) {
  std::uint64_t state = octets.size();
  const char* at = octets.data();
  std::size_t left = octets.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    state = mix(state, word);
  }
  std::uint64_t tail = 0;
  if (left > 0) std::memcpy(&tail, at, left);
  return mix(mix(state, tail), octets.size());
}

}  // namespace ruaudit::store
