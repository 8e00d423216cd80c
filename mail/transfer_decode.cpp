#include "mail/transfer_decode.hpp"

#include <array>

namespace ruaudit::ingest {

namespace {

constexpr std::uint32_t bad = 0x80000000U;
constexpr std::size_t max_pending = 80;
using Table = std::array<std::uint32_t, 256>;

constexpr Table make_table(unsigned shift) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Table table{};
  for (auto& entry : table) entry = bad;
  for (std::uint32_t i = 0; i < alphabet.size(); ++i) table[static_cast<unsigned char>(alphabet[i])] = i << shift;
  return table;
}
// One table per place in the quantum, already shifted: four loads and three ors decode four characters.
constexpr Table first = make_table(18), second = make_table(12), third = make_table(6), fourth = make_table(0);

constexpr std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

void put(char*& out, std::uint32_t bits) {
  *out++ = static_cast<char>(bits >> 16U);
  *out++ = static_cast<char>(bits >> 8U);
  *out++ = static_cast<char>(bits);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

bool is_base64_octet(char c) { return fourth[octet(c)] != bad; }

void Base64Decoder::flush(char*& out) {
  if (have_ >= 2) *out++ = static_cast<char>(bits_ >> (have_ == 2 ? 4U : 10U));
  if (have_ == 3) *out++ = static_cast<char>(bits_ >> 2U);
  bits_ = 0;
  have_ = 0;
}

void Base64Decoder::decode(std::string_view text, std::string& out) {
  const auto before = out.size();
  out.resize(before + text.size() / 4 * 3 + 6);
  char* to = out.data() + before;
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p < end) {
    if (have_ == 0) {
      for (; end - p >= 4; p += 4) {
        const auto bits = first[octet(p[0])] | second[octet(p[1])] | third[octet(p[2])] | fourth[octet(p[3])];
        if ((bits & bad) != 0) break;
        put(to, bits);
      }
      if (p >= end) break;
    }
    const char c = *p++;
    const auto value = fourth[octet(c)];
    if (value != bad) {
      bits_ = bits_ << 6U | value;
      if (++have_ == 4) {
        put(to, bits_);
        bits_ = 0;
        have_ = 0;
      }
    } else if (c == '=') {
      flush(to);
    } else if (!is_blank(c) && c != '\r' && c != '\n') {
      ++skipped_;
    }
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

void Base64Decoder::finish(std::string& out) {
  std::array<char, 4> rest{};
  char* to = rest.data();
  flush(to);
  out.append(rest.data(), to);
}

void QuotedPrintableDecoder::escape_octet(char c, std::string& out) {
  pending_ += c;
  const bool only_blanks = pending_.find_first_not_of(" \t\r", 1) == std::string::npos;
  if (c == '\n' && pending_.find_first_not_of(" \t\r\n", 1) == std::string::npos) {
    pending_.clear();  // soft line break, RFC 2045 section 6.7 rule 5
  } else if (pending_.size() == 3 && hex_value(pending_[1]) >= 0 && hex_value(c) >= 0) {
    out += static_cast<char>(hex_value(pending_[1]) * 16 + hex_value(c));
    pending_.clear();
  } else if (pending_.size() > max_pending || (!only_blanks && !(pending_.size() == 2 && hex_value(c) >= 0))) {
    const std::string rest = pending_.substr(1);  // not an escape: '=' stands for itself
    pending_.clear();
    out += '=';
    decode(rest, out);
  }
}

void QuotedPrintableDecoder::decode(std::string_view text, std::string& out) {
  while (!text.empty()) {
    if (!pending_.empty()) {
      const char c = text.front();
      text.remove_prefix(1);
      escape_octet(c, out);
      continue;
    }
    const auto at = text.find('=');
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) return;
    pending_ = "=";
    text.remove_prefix(at + 1);
  }
}

void QuotedPrintableDecoder::finish(std::string& out) {
  out += pending_;
  pending_.clear();
}

}  // namespace ruaudit::ingest
