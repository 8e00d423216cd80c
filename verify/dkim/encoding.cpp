#include "verify/dkim/encoding.hpp"

#include <array>
#include <cstdint>

#include "verify/dkim/tag_list.hpp"

namespace ruaudit::verify::dkim {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::int8_t other = -1, skipped = -2, pad = -3;

// For each octet its six bits, or what it is instead.
constexpr std::array<std::int8_t, 256> base64_table = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(other);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = skipped;
  table['='] = pad;
  return table;
}();

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Whole groups of four digits from the beginning of `text`, as far as nothing else stands between them. Returns the
// octets of text taken.
std::size_t decode_quads(std::string_view text, std::string& out) {
  const auto digit = [&text](std::size_t at) {
    return static_cast<std::int32_t>(base64_table[static_cast<unsigned char>(text[at])]);
  };
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    const std::int32_t bits = digit(at) << 18 | digit(at + 1) << 12 | digit(at + 2) << 6 | digit(at + 3);
    if (bits < 0) break;  // one of them is no digit
    const char octets[3] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8 & 0xff),
                            static_cast<char>(bits & 0xff)};
    out.append(octets, 3);
  }
  return at;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  std::size_t digits = 0, padding = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (digits % 4 == 0 && padding == 0) {
      at += decode_quads(text.substr(at), out);
      if (at == text.size()) break;
    }
    const char c = text[at];
    const std::int8_t digit = base64_table[static_cast<unsigned char>(c)];
    if (digit == skipped) continue;
    if (digit == pad) {
      ++padding;
      continue;
    }
    if (digit == other || padding > 0) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xffffff;
    if (++digits % 4 == 1) continue;
    const auto shift = 6 - 2 * ((digits - 1) % 4);
    out.push_back(static_cast<char>(bits >> shift & 0xff));
  }
  const std::size_t rest = digits % 4;
  if (rest == 1 || padding > 2 || (padding > 0 && (rest == 0 || rest + padding > 4))) return std::nullopt;
  return out;
}

std::string encode_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (j < count ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + j])) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out.push_back(j <= count ? alphabet[bits >> (18 - 6 * j) & 63] : '=');
  }
  return out;
}

std::optional<std::string> decode_quoted_printable(std::string_view text) {
  const std::string plain = remove_fws(text);
  std::string out;
  out.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] != '=') {
      out.push_back(plain[i]);
      continue;
    }
    if (i + 2 >= plain.size()) return std::nullopt;
    const int high = hex_digit(plain[i + 1]), low = hex_digit(plain[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

}  // namespace ruaudit::verify::dkim
