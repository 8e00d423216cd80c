#include "cluster/server/native_reader.hpp"

#include <bit>
#include <cstring>

namespace ruaudit::cluster {
namespace {

using model::Result;

model::Error native_fault(const std::string& what) {
  return {"cluster-refused", "the answer is not a block of the requested columns: " + what,
          "is it a ClickHouse server?"};
}

// "Nullable(String)" without "Nullable(" and ")".
bool unwrap(std::string_view& type, std::string_view wrapper) {
  if (!type.starts_with(wrapper) || !type.ends_with(')')) return false;
  type.remove_prefix(wrapper.size());
  type.remove_suffix(1);
  return true;
}

struct NumberType {
  std::size_t size = 0;
  bool is_signed = false;
};
std::optional<NumberType> number_type(std::string_view type) {
  constexpr std::pair<std::string_view, NumberType> types[] = {
      {"UInt8", {1, false}}, {"UInt16", {2, false}}, {"UInt32", {4, false}},   {"UInt64", {8, false}},
      {"Int8", {1, true}},   {"Int16", {2, true}},   {"Int32", {4, true}},     {"Int64", {8, true}},
      {"Date", {2, false}},  {"Bool", {1, false}},   {"DateTime", {4, false}},
  };
  for (const auto& [name, known] : types)
    if (type == name) return known;
  return type.starts_with("Enum8(") ? std::optional(NumberType{1, true}) : std::nullopt;
}

class NativeReader {
 public:
  explicit NativeReader(std::string_view octets) : rest_(octets) {}

  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

  Result<ReadBlock> block(std::size_t columns) {
    ReadBlock block;
    TRY(const auto number, varint());
    TRY(block.rows, varint());
    if (number != columns) return model::failure(native_fault("another number of columns"));
    for (std::size_t i = 0; i < columns; ++i) {
      ReadColumn column;
      TRY(column.name, text());
      TRY(column.type, text());
      TRY_VOID(values(column, block.rows));
      block.columns.push_back(std::move(column));
    }
    return block;
  }

 private:
  Result<std::string_view> take(std::uint64_t size) {
    if (size > rest_.size()) return model::failure(native_fault("it ends too early"));
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  Result<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      TRY(const auto octet, take(1));
      value |= (static_cast<std::uint64_t>(static_cast<unsigned char>(octet[0])) & 0x7fU) << shift;
      if ((static_cast<unsigned char>(octet[0]) & 0x80U) == 0) return value;
    }
    return model::failure(native_fault("a number is too long"));
  }

  Result<std::string_view> text() {
    TRY(const auto size, varint());
    return take(size);
  }

  Result<void> values(ReadColumn& column, std::uint64_t rows) {
    if (rows == 0) return {};
    auto type = column.type;
    if (unwrap(type, "Array(")) {
      TRY_VOID(read_ends(column.ends, rows));
      rows = column.ends.back();
    }
    if (unwrap(type, "Nullable(")) {
      TRY(const auto nulls, take(rows));
      column.nulls.reserve(rows);
      for (const char one : nulls) column.nulls.push_back(one != '\0');
    }
    if (unwrap(type, "LowCardinality(")) return dictionary(type, column.texts, rows);
    if (const auto number = number_type(type)) return numbers(*number, column.numbers, rows);
    return texts(type, column.texts, rows);
  }

  Result<void> read_ends(std::vector<std::uint64_t>& ends, std::uint64_t rows) {
    TRY(const auto octets, take(sized(rows, 8)));
    ends.resize(rows);
    std::memcpy(ends.data(), octets.data(), octets.size());
    for (std::size_t i = 1; i < ends.size(); ++i)
      if (ends[i] < ends[i - 1]) return model::failure(native_fault("an array ends before it begins"));
    return {};
  }

  // More than there can be stays more than there is.
  static std::uint64_t sized(std::uint64_t rows, std::uint64_t size) {
    return rows > UINT64_MAX / size ? UINT64_MAX : rows * size;
  }

  Result<void> numbers(NumberType type, std::vector<std::int64_t>& into, std::uint64_t rows) {
    TRY(const auto octets, take(sized(rows, type.size)));
    into.reserve(rows);
    for (std::size_t at = 0; at < octets.size(); at += type.size) {
      std::uint64_t value = 0;
      std::memcpy(&value, octets.data() + at, type.size);  // little-endian, as is every machine that native.hpp permits
      const unsigned spare = 64 - 8 * static_cast<unsigned>(type.size);
      into.push_back(type.is_signed ? std::bit_cast<std::int64_t>(value << spare) >> spare
                                    : std::bit_cast<std::int64_t>(value));
    }
    return {};
  }

  Result<void> texts(std::string_view type, std::vector<std::string_view>& into, std::uint64_t rows) {
    std::uint64_t size = 0;
    const bool is_fixed = unwrap(type, "FixedString(");
    if (is_fixed)
      for (const char c : type) size = size * 10 + static_cast<std::uint64_t>(c - '0');
    else if (type != "String")
      return model::failure(native_fault("a column is " + std::string(type.substr(0, 60))));
    if (rows > rest_.size()) return model::failure(native_fault("it ends too early"));
    into.reserve(rows);
    for (std::uint64_t i = 0; i < rows; ++i) {
      TRY(const auto one, is_fixed ? take(size) : text());
      into.push_back(one);
    }
    return {};
  }

  Result<std::uint64_t> number64() {
    TRY(const auto octets, take(8));
    std::uint64_t value = 0;
    std::memcpy(&value, octets.data(), 8);
    return value;
  }

  // Keys of the block's own, then for each row the place of its key.
  Result<void> dictionary(std::string_view type, std::vector<std::string_view>& into, std::uint64_t rows) {
    constexpr std::uint64_t own_keys = 1ULL << 9U, size_bits = 0xff;
    TRY(const auto version, number64());
    TRY(const auto kind, number64());
    if (type != "String" || version != 1 || (kind & own_keys) == 0 || (kind & size_bits) > 3)
      return model::failure(native_fault("a dictionary of another kind"));
    std::vector<std::string_view> keys;
    TRY(const auto key_number, number64());
    TRY_VOID(texts(type, keys, key_number));
    TRY(const auto indices, number64());
    if (indices != rows) return model::failure(native_fault("a dictionary of another length"));
    std::vector<std::int64_t> places;
    TRY_VOID(numbers({std::size_t{1} << (kind & size_bits), false}, places, rows));
    into.reserve(rows);
    for (const auto place : places) {
      if (static_cast<std::uint64_t>(place) >= keys.size())
        return model::failure(native_fault("a dictionary lacks a key"));
      into.push_back(keys[static_cast<std::size_t>(place)]);
    }
    return {};
  }

  std::string_view rest_;
};

}  // namespace

Result<std::vector<ReadBlock>> read_native(std::string_view octets, std::size_t columns) {
  NativeReader reader(octets);
  std::vector<ReadBlock> blocks;
  while (!reader.is_at_end()) {
    TRY(auto block, reader.block(columns));
    if (block.rows > 0) blocks.push_back(std::move(block));
  }
  return blocks;
}

}  // namespace ruaudit::cluster
