#include "verify/dkim/canonical.hpp"

#ifdef __SSE2__
#include <tmmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace ruaudit::verify::dkim {
namespace {

constexpr std::size_t block_size = 64;
constexpr std::size_t window_size = 16'384;
constexpr std::size_t buffer_size = 8192;
constexpr std::size_t direct_size = 2048;  // pieces from here on are not worth a copy

bool is_wsp(char c) { return c == ' ' || c == '\t'; }

bool is_crlf(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && text[at] == '\r' && text[at + 1] == '\n';
}

// Joins small pieces so that the sink is called seldom.
class Pieces {
 public:
  explicit Pieces(const Sink& sink) : sink_(sink) {}
  void add(std::string_view piece) {
    if (used_ + piece.size() > buffer_.size()) flush();
    if (piece.size() >= direct_size) {
      flush();
      sink_(piece);
      return;
    }
    std::memcpy(buffer_.data() + used_, piece.data(), piece.size());
    used_ += piece.size();
  }
  // Room for one block, to be filled and then counted.
  char* room() {
    if (used_ + block_size + 8 > buffer_.size()) flush();
    return buffer_.data() + used_;
  }
  void count(std::size_t octets) { used_ += octets; }
  void flush() {
    if (used_ > 0) sink_({buffer_.data(), used_});
    used_ = 0;
  }

 private:
  const Sink& sink_;
  std::array<char, buffer_size> buffer_;
  std::size_t used_ = 0;
};

// Any octet among block_size that relaxed may change: a tab, or a blank before white space or CR. One octet behind the
// block is readable. Most blocks of most mails have none, so this
// decides the speed.
bool has_irregular(const char* block) {
#ifdef __SSE2__
  const __m128i tab = _mm_set1_epi8('\t'), blank = _mm_set1_epi8(' '), cr = _mm_set1_epi8('\r');
  __m128i found = _mm_setzero_si128();
  for (std::size_t i = 0; i < block_size; i += 16) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i + 1));
    const __m128i joins =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(next, blank), _mm_cmpeq_epi8(next, tab)), _mm_cmpeq_epi8(next, cr));
    found = _mm_or_si128(found, _mm_or_si128(_mm_cmpeq_epi8(c, tab), _mm_and_si128(_mm_cmpeq_epi8(c, blank), joins)));
  }
  return _mm_movemask_epi8(found) != 0;
#else
  for (std::size_t i = 0; i < block_size; ++i)
    if (block[i] == '\t' || (block[i] == ' ' && (is_wsp(block[i + 1]) || block[i + 1] == '\r'))) return true;
  return false;
#endif
}

// Section 3.4.4 b: where the last line with content ends.
std::size_t end_of_relaxed_content(std::string_view body) {
  std::size_t end = body.size();
  while (end > 0) {
    if (is_wsp(body[end - 1])) {
      --end;
    } else if (end > 1 && is_crlf(body, end - 2)) {
      end -= 2;
    } else {
      break;
    }
  }
  return end;
}

// Section 3.4.4 a: of each run of white space the last octet stays, as a blank, unless CRLF follows. What becomes of an
// octet depends on the two behind it alone, which must be readable; without branches, for they would often be
// mispredicted.
std::size_t compact_block(const char* text, std::size_t count, char* kept) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[i], next = text[i + 1], second = text[i + 2];
    const auto blank = static_cast<unsigned>(c == ' ') | static_cast<unsigned>(c == '\t');
    const auto before_blank = static_cast<unsigned>(next == ' ') | static_cast<unsigned>(next == '\t');
    const auto before_crlf = static_cast<unsigned>(next == '\r') & static_cast<unsigned>(second == '\n');
    kept[used] = blank != 0 ? ' ' : c;
    used += 1U - (blank & (before_blank | before_crlf));
  }
  return used;
}

#ifdef __SSE2__
struct BlankedBlock {
  alignas(16) std::array<char, block_size> octets;  // tabs made blanks
  std::uint64_t dropped = 0;                        // one bit an octet
};

BlankedBlock blank_block(const char* text) {
  const __m128i tab = _mm_set1_epi8('\t'), blank = _mm_set1_epi8(' '), cr = _mm_set1_epi8('\r'),
                lf = _mm_set1_epi8('\n');
  const auto load = [text](std::size_t at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at)); };
  const auto is_white = [&](__m128i v) { return _mm_or_si128(_mm_cmpeq_epi8(v, blank), _mm_cmpeq_epi8(v, tab)); };
  BlankedBlock block;
  for (std::size_t i = 0; i < block_size; i += 16) {
    const __m128i c = load(i), next = load(i + 1), second = load(i + 2);
    const __m128i crlf = _mm_and_si128(_mm_cmpeq_epi8(next, cr), _mm_cmpeq_epi8(second, lf));
    const __m128i drop = _mm_and_si128(is_white(c), _mm_or_si128(is_white(next), crlf));
    const __m128i flip = _mm_and_si128(_mm_cmpeq_epi8(c, tab), _mm_set1_epi8('\t' ^ ' '));
    _mm_store_si128(reinterpret_cast<__m128i*>(block.octets.data() + i), _mm_xor_si128(c, flip));
    block.dropped |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(drop))) << i;
  }
  return block;
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

// Eight octets at a time are moved together by one shuffle: white space costs the same wherever it stands.
__attribute__((target("ssse3,popcnt"))) void compact_shuffled(const char* text, Pieces& out) {
  const BlankedBlock block = blank_block(text);
  char* const room = out.room();
  std::size_t used = 0;
  for (std::size_t i = 0; i < block_size; i += 8) {
    const auto dropped = static_cast<std::uint8_t>(block.dropped >> i);
    const __m128i octets = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(block.octets.data() + i));
    const __m128i order = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kept_places[dropped].data()));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(room + used), _mm_shuffle_epi8(octets, order));
    used += 8 - static_cast<std::size_t>(std::popcount(dropped));
  }
  out.count(used);
}

// For processors without the shuffle: sends the stretches between the octets dropped.
void compact_stretches(const char* text, Pieces& out) {
  const BlankedBlock block = blank_block(text);
  for (std::size_t at = 0; at < block_size;) {
    at += static_cast<std::size_t>(std::countr_one(block.dropped >> at));
    if (at >= block_size) break;
    const std::size_t kept = std::min(block_size - at, static_cast<std::size_t>(std::countr_zero(block.dropped >> at)));
    out.add({block.octets.data() + at, kept});
    at += kept;
  }
}

void compact_vectors(const char* text, Pieces& out) {
  static const bool can_shuffle = __builtin_cpu_supports("ssse3") != 0 && __builtin_cpu_supports("popcnt") != 0;
  can_shuffle ? compact_shuffled(text, out) : compact_stretches(text, out);
}
#endif

// [from, to) of the content, at most one block.
void compact(std::string_view content, std::size_t from, std::size_t to, Pieces& out) {
#ifdef __SSE2__
  if (to - from == block_size && to + 2 <= content.size()) return compact_vectors(content.data() + from, out);
#endif
  std::array<char, block_size> kept;
  if (to + 2 <= content.size())
    return out.add({kept.data(), compact_block(content.data() + from, to - from, kept.data())});
  std::array<char, block_size + 2> tail{};  // with two octets that are no white space
  std::memcpy(tail.data(), content.data() + from, to - from);
  if (to < content.size()) tail[to - from] = content[to];
  out.add({kept.data(), compact_block(tail.data(), to - from, kept.data())});
}

// Content that ends in neither white space nor CRLF. Clean stretches leave as they are, in pieces that still lie in the
// cache when they are hashed.
void reduce_white_space(std::string_view content, Pieces& out) {
  std::size_t clean = 0, at = 0;  // [clean, at) waits to be sent
  while (at < content.size()) {
    const bool is_whole = at + block_size < content.size();
    if (is_whole && at - clean < window_size && !has_irregular(content.data() + at)) {
      at += block_size;
      continue;
    }
    out.add(content.substr(clean, at - clean));
    const std::size_t end = std::min(content.size(), at + block_size);
    compact(content, at, end, out);
    clean = at = end;
  }
  out.add(content.substr(clean, at - clean));
}

void simple_body(std::string_view body, const Sink& sink) {
  std::size_t end = body.size();
  while (end > 1 && is_crlf(body, end - 2)) end -= 2;
  if (end > 0) sink(body.substr(0, end));
  sink("\r\n");  // section 3.4.3: also where there is no body
}

}  // namespace

// RFC 6376 section 3.4.2.
void append_relaxed_field(std::string& out, std::string_view name, std::string_view value) {
  for (const char c : name) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  out.push_back(':');
  bool is_pending = false, has_content = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (is_crlf(value, i)) {  // unfold
      ++i;
    } else if (is_wsp(value[i])) {
      is_pending = has_content;
    } else {
      if (is_pending) out.push_back(' ');
      out.push_back(value[i]);
      is_pending = false;
      has_content = true;
    }
  }
}

void canonicalize_body(std::string_view body, Canonicalization canonicalization, const Sink& sink) {
  if (canonicalization == Canonicalization::simple) return simple_body(body, sink);
  const std::size_t end = end_of_relaxed_content(body);
  if (end == 0) return;
  Pieces pieces(sink);
  reduce_white_space(body.substr(0, end), pieces);
  pieces.add("\r\n");
  pieces.flush();
}

std::string canonical_body(std::string_view body, Canonicalization canonicalization) {
  std::string out;
  canonicalize_body(body, canonicalization, [&out](std::string_view piece) { out.append(piece); });
  return out;
}

}  // namespace ruaudit::verify::dkim
