// Writes a MaxMind DB file with one network in it, after the format's specification (version 2.0): a tree of 24-bit
// records, a data section, metadata. Enough to read the schemas of several vendors.
#pragma once
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ruaudit::jobs::test {

struct MmdbValue;
using MmdbMap = std::vector<std::pair<std::string, MmdbValue>>;
struct MmdbValue {
  std::variant<std::string, std::uint16_t, std::uint32_t, std::uint64_t, std::vector<std::string>, MmdbMap> value;
};

inline void put_control(std::string& out, unsigned type, std::size_t size) {
  // Types above 7 follow in a second octet; sizes above 28 take one more.
  const unsigned shown = size < 29 ? static_cast<unsigned>(size) : 29;
  out += static_cast<char>((type > 7 ? 0 : type << 5) | shown);
  if (type > 7) out += static_cast<char>(type - 7);
  if (size >= 29) out += static_cast<char>(size - 29);
}

template <class Number>
void put_number(std::string& out, unsigned type, Number number) {
  put_control(out, type, sizeof number);
  for (std::size_t octet = sizeof number; octet-- > 0;)
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * octet));
}

inline void put(std::string& out, const MmdbValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.value)) {
    put_control(out, 2, text->size());
    out += *text;
  } else if (const auto* small = std::get_if<std::uint16_t>(&value.value)) {
    put_number(out, 5, *small);
  } else if (const auto* number = std::get_if<std::uint32_t>(&value.value)) {
    put_number(out, 6, *number);
  } else if (const auto* large = std::get_if<std::uint64_t>(&value.value)) {
    put_number(out, 9, *large);
  } else if (const auto* list = std::get_if<std::vector<std::string>>(&value.value)) {
    put_control(out, 11, list->size());
    for (const auto& member : *list) put(out, {member});
  } else {
    const auto& map = std::get<MmdbMap>(value.value);
    put_control(out, 7, map.size());
    for (const auto& [name, member] : map) {
      put(out, {name});
      put(out, member);
    }
  }
}

// All IPv4 addresses that begin with the `bits` first bits of `network` have `data`.
inline void write_mmdb(const std::string& path, std::uint32_t network, unsigned bits, const MmdbMap& data) {
  std::string out;
  const auto put_record = [&out](std::uint32_t record) {
    for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(record >> shift);
  };
  for (unsigned node = 0; node < bits; ++node) {
    const bool is_right = (network >> (31 - node) & 1U) != 0;
    const std::uint32_t next = node + 1 < bits ? node + 1 : bits + 16;  // the first value of the data section
    put_record(is_right ? bits : next);
    put_record(is_right ? next : bits);
  }
  out += std::string(16, '\0');
  put(out, {data});
  out += "\xab\xcd\xefMaxMind.com";
  put(out, {MmdbMap{{"node_count", {std::uint32_t{bits}}},
                    {"record_size", {std::uint16_t{24}}},
                    {"ip_version", {std::uint16_t{4}}},
                    {"database_type", {std::string("Test")}},
                    {"languages", {std::vector<std::string>{"en"}}},
                    {"binary_format_major_version", {std::uint16_t{2}}},
                    {"binary_format_minor_version", {std::uint16_t{0}}},
                    {"build_epoch", {std::uint64_t{1'700'000'000}}},
                    {"description", {MmdbMap{{"en", {std::string("x")}}}}}}});
  std::ofstream(path, std::ios::binary) << out;
}

}  // namespace ruaudit::jobs::test
