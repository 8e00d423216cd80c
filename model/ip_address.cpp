#include "model/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace ruaudit::model {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool has_mapped_prefix(const IpAddress::Key& key) {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), key.begin());
}

// "a.b.c.d", one to three decimal digits each, no leading zero, no blanks. False when text is anything else.
bool parse_v4(std::string_view text, std::uint8_t* out) {
  const char* p = text.data();
  const char* const end = p + text.size();
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (p == end || *p++ != '.')) return false;
    const char* const first = p;
    unsigned value = 0;
    while (p != end && *p >= '0' && *p <= '9' && p - first < 3) value = value * 10 + static_cast<unsigned>(*p++ - '0');
    if (p == first || value > 255 || (p - first > 1 && *first == '0')) return false;
    out[part] = static_cast<std::uint8_t>(value);
  }
  return p == end;
}

void append_number(std::string& out, unsigned value, int base) {
  char buffer[8];
  const auto done = std::to_chars(buffer, buffer + sizeof buffer, value, base);
  out.append(buffer, done.ptr);
}

// The longest run of at least two zero groups; the first of equal ones (RFC 5952 section 4.2).
struct ZeroRun {
  int begin = -1;
  int length = 0;
};
ZeroRun longest_zero_run(const std::array<unsigned, 8>& groups) {
  ZeroRun best;
  for (int i = 0; i < 8;) {
    int j = i;
    while (j < 8 && groups[static_cast<std::size_t>(j)] == 0) ++j;
    if (j - i > best.length && j - i >= 2) best = {i, j - i};
    i = j + 1;
  }
  return best;
}

std::string v6_text(const IpAddress::Key& key) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(key[2 * i] << 8 | key[2 * i + 1]);
  const ZeroRun run = longest_zero_run(groups);
  std::string out;
  for (int i = 0; i < 8; ++i) {
    if (i == run.begin) {
      out += "::";
      i += run.length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    append_number(out, groups[static_cast<std::size_t>(i)], 16);
  }
  return out;
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  Key key{};
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), key.begin());
  if (parse_v4(text, key.data() + 12)) return IpAddress(key);
  char buffer[INET6_ADDRSTRLEN + 1];
  if (text.find(':') != std::string_view::npos && text.size() < sizeof buffer) {
    std::memcpy(buffer, text.data(), text.size());
    buffer[text.size()] = '\0';
    if (std::strlen(buffer) == text.size() && inet_pton(AF_INET6, buffer, key.data()) == 1) return IpAddress(key);
  }
  return failure("ip-address", "not an IP address: '" + std::string(text.substr(0, 64)) + "'");
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
  Key key{};
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), key.begin());
  for (std::size_t i = 0; i < 4; ++i) key[12 + i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return IpAddress(key);
}

bool IpAddress::is_v4() const { return has_mapped_prefix(key_); }

std::uint32_t IpAddress::v4_bits() const {
  std::uint32_t bits = 0;
  for (std::size_t i = 12; i < 16; ++i) bits = bits << 8 | key_[i];
  return bits;
}

std::string IpAddress::to_string() const {
  if (!is_v4()) return v6_text(key_);
  std::string out;
  for (std::size_t i = 12; i < 16; ++i) {
    if (i > 12) out += '.';
    append_number(out, key_[i], 10);
  }
  return out;
}

bool IpAddress::in_prefix(const IpAddress& network, unsigned prefix_bits) const {
  if (is_v4() != network.is_v4()) return false;
  const unsigned bits = std::min(128U, is_v4() ? prefix_bits + 96 : prefix_bits);
  const unsigned whole = bits / 8;
  if (std::memcmp(key_.data(), network.key_.data(), whole) != 0) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  return (key_[whole] ^ network.key_[whole]) >> (8 - rest) == 0;
}

}  // namespace ruaudit::model
