#include "verify/dkim/white_space.hpp"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <array>
#include <bit>
#include <cstdint>

namespace ruaudit::verify::dkim {
namespace {

// ---- every processor

bool is_dropped(char c, char next, char second) {
  const auto blank = static_cast<unsigned>(c == ' ') | static_cast<unsigned>(c == '\t');
  const auto before_blank = static_cast<unsigned>(next == ' ') | static_cast<unsigned>(next == '\t');
  const auto before_crlf = static_cast<unsigned>(next == '\r') & static_cast<unsigned>(second == '\n');
  return (blank & (before_blank | before_crlf)) != 0;
}

std::size_t clean_anywhere(const char* text, std::size_t octets) {
  std::size_t at = 0;
  for (; at < octets; at += white_space_block) {
    unsigned irregular = 0;
    for (std::size_t i = at; i < at + white_space_block; ++i)
      irregular |=
          static_cast<unsigned>(text[i] == '\t') | static_cast<unsigned>(is_dropped(text[i], text[i + 1], text[i + 2]));
    if (irregular != 0) break;
  }
  return at;
}

std::size_t reduce_anywhere(const char* text, std::size_t octets, char* out) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < octets; ++i) {
    out[used] = text[i] == '\t' ? ' ' : text[i];
    used += is_dropped(text[i], text[i + 1], text[i + 2]) ? 0U : 1U;
  }
  return used;
}

#ifdef __x86_64__
// ---- AVX2: 32 octets are judged at once, eight moved together by one shuffle

#define RUAUDIT_AVX2 __attribute__((target("avx2,popcnt")))

struct Judged32 {
  __m256i octets;         // tabs made blanks
  std::uint32_t dropped;  // one bit an octet
  std::uint32_t tabs;
};

RUAUDIT_AVX2 inline Judged32 judge32(const char* text) {
  const __m256i tab = _mm256_set1_epi8('\t'), blank = _mm256_set1_epi8(' ');
  const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 1));
  const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 2));
  const __m256i is_tab = _mm256_cmpeq_epi8(c, tab);
  const __m256i is_white = _mm256_or_si256(is_tab, _mm256_cmpeq_epi8(c, blank));
  const __m256i before_white = _mm256_or_si256(_mm256_cmpeq_epi8(next, tab), _mm256_cmpeq_epi8(next, blank));
  const __m256i before_crlf = _mm256_and_si256(_mm256_cmpeq_epi8(next, _mm256_set1_epi8('\r')),
                                               _mm256_cmpeq_epi8(second, _mm256_set1_epi8('\n')));
  const __m256i drop = _mm256_and_si256(is_white, _mm256_or_si256(before_white, before_crlf));
  const auto bits = [](__m256i v) RUAUDIT_AVX2 { return static_cast<std::uint32_t>(_mm256_movemask_epi8(v)); };
  return {_mm256_blendv_epi8(c, blank, is_tab), bits(drop), bits(is_tab)};
}

RUAUDIT_AVX2 std::size_t clean_avx2(const char* text, std::size_t octets) {
  std::size_t at = 0;
  for (; at < octets; at += white_space_block) {
    const Judged32 low = judge32(text + at), high = judge32(text + at + 32);
    if ((low.dropped | low.tabs | high.dropped | high.tabs) != 0) break;
  }
  return at;
}

// For each set of dropped octets among eight the places of those that stay, in order.
constexpr auto kept_places = [] {
  std::array<std::array<std::uint8_t, 8>, 256> places{};
  for (std::size_t dropped = 0; dropped < 256; ++dropped) {
    std::size_t used = 0;
    for (std::uint8_t i = 0; i < 8; ++i)
      if ((dropped >> i & 1) == 0) places[dropped][used++] = i;
  }
  return places;
}();

RUAUDIT_AVX2 std::size_t reduce_avx2(const char* text, std::size_t octets, char* out) {
  std::size_t used = 0;
  for (std::size_t at = 0; at < octets; at += 32) {
    const Judged32 judged = judge32(text + at);
    alignas(32) std::array<char, 32> kept;
    _mm256_store_si256(reinterpret_cast<__m256i*>(kept.data()), judged.octets);
    for (std::size_t i = 0; i < 32; i += 8) {
      const auto dropped = static_cast<std::uint8_t>(judged.dropped >> i);
      const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kept.data() + i));
      const __m128i order = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kept_places[dropped].data()));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(out + used), _mm_shuffle_epi8(eight, order));
      used += 8 - static_cast<std::size_t>(std::popcount(dropped));
    }
  }
  return used;
}

bool has_avx2() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0; }
#endif

}  // namespace

std::span<const WhiteSpaceKernel> white_space_kernels() {
#ifdef __x86_64__
  static constexpr std::array<WhiteSpaceKernel, 2> kernels = {
      {{"portable", clean_anywhere, reduce_anywhere}, {"avx2", clean_avx2, reduce_avx2}}};
  static const std::size_t usable = has_avx2() ? 2 : 1;
  return std::span(kernels).first(usable);
#else
  static constexpr std::array<WhiteSpaceKernel, 1> kernels = {{{"portable", clean_anywhere, reduce_anywhere}}};
  return kernels;
#endif
}

}  // namespace ruaudit::verify::dkim
