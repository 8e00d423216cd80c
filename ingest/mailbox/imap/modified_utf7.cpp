#include "ingest/mailbox/imap/modified_utf7.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace ruaudit::ingest::mailbox {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool stands_for_itself(char c) { return c >= ' ' && c <= '~' && c != '&'; }

// One code point off the front of the text. // RFC 3629 section 3
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return {};
  char32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0u) != 0x80) return {};
    value = value << 6 | (next & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  text.remove_prefix(length);
  return value;
}

void append_utf8(std::string& text, char32_t value) {
  const auto put = [&](char32_t octet) { text.push_back(static_cast<char>(octet)); };
  if (value < 0x80) return put(value);
  if (value < 0x800) {
    put(0xC0 | value >> 6);
  } else if (value < 0x10000) {
    put(0xE0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3F));
  } else {
    put(0xF0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3F));
    put(0x80 | (value >> 6 & 0x3F));
  }
  put(0x80 | (value & 0x3F));
}

void append_utf16(std::vector<std::uint16_t>& units, char32_t value) {
  if (value < 0x10000) return units.push_back(static_cast<std::uint16_t>(value));
  units.push_back(static_cast<std::uint16_t>(0xD800 + ((value - 0x10000) >> 10)));
  units.push_back(static_cast<std::uint16_t>(0xDC00 + ((value - 0x10000) & 0x3FF)));
}

std::string encode_shift(const std::vector<std::uint16_t>& units) {
  std::string text = "&";
  std::uint32_t bits = 0;
  int held = 0;
  for (const auto unit : units) {
    bits = bits << 16 | unit;
    for (held += 16; held >= 6; held -= 6) text += alphabet[bits >> (held - 6) & 0x3F];
    bits &= (1u << held) - 1;
  }
  if (held > 0) text += alphabet[bits << (6 - held) & 0x3F];
  return text + '-';
}

std::optional<std::vector<std::uint16_t>> decode_shift(std::string_view text) {
  std::vector<std::uint16_t> units;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 16) continue;
    held -= 16;
    units.push_back(static_cast<std::uint16_t>(bits >> held));
    bits &= (1u << held) - 1;
  }
  if (held >= 6 || bits != 0) return {};
  return units;
}

bool append_units(std::string& text, const std::vector<std::uint16_t>& units) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t value = units[i];
    if (value >= 0xD800 && value <= 0xDFFF) {
      if (value > 0xDBFF || i + 1 == units.size() || (units[i + 1] & 0xFC00u) != 0xDC00) return false;
      value = 0x10000 + ((value - 0xD800) << 10) + (units[++i] - 0xDC00u);
    }
    append_utf8(text, value);
  }
  return true;
}

std::optional<std::string> decode(std::string_view wire) {
  std::string text;
  while (!wire.empty()) {
    const char c = wire.front();
    wire.remove_prefix(1);
    if (c != '&') {
      if (!stands_for_itself(c)) return {};
      text += c;
      continue;
    }
    const auto end = wire.find('-');
    if (end == std::string_view::npos) return {};
    const auto units = decode_shift(wire.substr(0, end));
    if (!units) return {};
    if (end == 0) text += '&';
    if (!append_units(text, *units)) return {};
    wire.remove_prefix(end + 1);
  }
  return text;
}

}  // namespace

std::optional<std::string> to_modified_utf7(std::string_view utf8) {
  std::string wire;
  std::vector<std::uint16_t> units;
  const auto end_shift = [&] {
    if (!units.empty()) wire += encode_shift(units);
    units.clear();
  };
  while (!utf8.empty()) {
    const auto value = take_code_point(utf8);
    if (!value || *value < ' ' || *value == 0x7F) return {};
    if (*value > '~') {
      append_utf16(units, *value);
      continue;
    }
    end_shift();
    wire += *value == '&' ? std::string("&-") : std::string(1, static_cast<char>(*value));
  }
  end_shift();
  return wire;
}

std::string from_modified_utf7(std::string_view wire) { return decode(wire).value_or(std::string(wire)); }

}  // namespace ruaudit::ingest::mailbox
