// The canonical octets of what is hashed and interned (docs/identity.md, hash version 1), and their inverse, by which
// the writer fills the rows of a new interned content. Integers are little-endian; a text is a 32-bit length and its
// octets; an absent text is the length ffffffff; an enumeration is one octet, its number in the tables below, which
// must never change within a hash version.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/aggregate_report.hpp"

namespace ruaudit::store {

inline constexpr int hash_version = 1;
inline constexpr std::uint8_t absent_enum = 0xff;

class CanonicalWriter {
 public:
  explicit CanonicalWriter(std::string& out) : out_(out) {}
  void octet(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u32(std::uint32_t value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void i64(std::int64_t value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    u32(static_cast<std::uint32_t>(value.size()));
    out_.append(value);
  }
  void text(const std::optional<std::string>& value) {
    if (value)
      text(std::string_view(*value));
    else
      u32(0xffffffffU);
  }
  void text(const std::optional<model::Text>& value) {
    if (!value) return u32(0xffffffffU);
    text(std::string_view(value->text));
    text(std::string_view(value->lang));
  }
  void integer(std::optional<std::int64_t> value) {
    octet(value ? 1 : 0);
    i64(value.value_or(0));
  }
  template <class E>
  void enumerator(E value) {
    octet(static_cast<std::uint8_t>(value));
  }
  template <class E>
  void enumerator(std::optional<E> value) {
    octet(value ? static_cast<std::uint8_t>(*value) : absent_enum);
  }

 private:
  std::string& out_;
};

// Reads what CanonicalWriter wrote in this process; never fed from outside.
class CanonicalReader {
 public:
  explicit CanonicalReader(std::string_view octets) : rest_(octets) {}
  std::uint8_t octet();
  std::uint32_t u32();
  std::string_view text();
  std::optional<std::string_view> optional_text();

 private:
  std::string_view rest_;
};

// The word of an enumeration's octet.
template <class E>
std::optional<std::string_view> word_of(std::uint8_t octet) {
  return octet == absent_enum ? std::nullopt : std::optional(model::to_text(static_cast<E>(octet)));
}

// Each replaces the content of `out`.
void write_identifiers(std::string& out, const model::Identifiers& identifiers);  // without envelope_to
void write_verdict(std::string& out, const model::PolicyEvaluated& evaluated, const model::AuthResults& results);
void write_policy(std::string& out, const model::PolicyPublished& policy);  // without its domain

}  // namespace ruaudit::store
