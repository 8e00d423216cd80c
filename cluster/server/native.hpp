// ClickHouse's Native format, as far as it is sent: one block of columns. A truncated body stores nothing, because a
// block gives its number of rows first; row-based formats store what has arrived. Column types are written by the
// caller and must be those of the table. Source: the format's description in ClickHouse's documentation ("Native"), and
// what 18.16 accepts (LowCardinality comes with its dictionary).
#pragma once
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ruaudit::cluster {

static_assert(std::endian::native == std::endian::little, "numbers are sent as they lie in memory");

void add_varint(std::string& out, std::uint64_t value);
void add_text(std::string& out, std::string_view text);  // its length and its octets

template <class T>
void add_number(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value),
             sizeof value);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

// UInt8 to Int64, Date (days since 1970 as UInt16), Enum8 (as Int8).
template <class T>
class Numbers {
 public:
  void add(T value) { add_number(octets_, value); }
  [[nodiscard]] const std::string& octets() const { return octets_; }

 private:
  std::string octets_;
};

class Texts {  // String
 public:
  void add(std::string_view text) { add_text(octets_, text); }
  [[nodiscard]] const std::string& octets() const { return octets_; }

 private:
  std::string octets_;
};

// FixedString(N): shorter values are filled up with zeros, longer ones cut; callers give N octets or none.
class Fixed {
 public:
  explicit Fixed(std::size_t size) : size_(size) {}
  void add(std::span<const std::uint8_t> octets);
  [[nodiscard]] const std::string& octets() const { return octets_; }

 private:
  std::size_t size_;
  std::string octets_;
};

// Nullable of Texts or Numbers<T>.
template <class Column, class Value>
class Optional {
 public:
  void add(const std::optional<Value>& value) {
    nulls_.push_back(value ? '\0' : '\1');
    values_.add(value ? *value : Value{});
  }
  [[nodiscard]] std::string octets() const { return nulls_ + values_.octets(); }

 private:
  std::string nulls_;
  Column values_;
};
using OptionalTexts = Optional<Texts, std::string_view>;
using OptionalNumbers = Optional<Numbers<std::int64_t>, std::int64_t>;

class Dictionary {  // LowCardinality(String)
 public:
  void add(std::string_view text);
  [[nodiscard]] std::string octets() const;

 private:
  std::unordered_map<std::string, std::uint32_t> places_;
  std::string keys_;
  std::string indices_;  // UInt32 each
  std::uint64_t rows_ = 0;
};

// Array of another column: add the elements to `elements`, then end the row. Columns of one Nested have equal ends.
template <class Column>
class Array {
 public:
  Column elements;
  void end_row(std::uint64_t added) { add_number(ends_, end_ += added); }
  [[nodiscard]] std::string octets() const { return ends_ + elements.octets(); }

 private:
  std::string ends_;
  std::uint64_t end_ = 0;
};

// Columns in the order in which the INSERT names them.
class Block {
 public:
  explicit Block(std::uint64_t rows) : rows_(rows) {}
  void add(std::string_view name, std::string_view type, std::string_view octets);
  [[nodiscard]] std::string octets() const;
  [[nodiscard]] const std::string& names() const { return names_; }              // "`a`, `b`" for INSERT
  [[nodiscard]] const std::string& definitions() const { return definitions_; }  // "`a` String, `b` UInt8" for CREATE

 private:
  std::uint64_t rows_;
  std::uint64_t columns_ = 0;
  std::string body_, names_, definitions_;
};

}  // namespace ruaudit::cluster
