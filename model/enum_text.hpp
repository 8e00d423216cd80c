// One constexpr table per enumeration joins enumerator and wire token in both directions.
// Specialise enum_table<E> with an array of EnumText<E>; to_text() and parse_enum() follow from it.
#pragma once
#include <optional>
#include <string_view>

namespace ruaudit::model {

template <class E>
struct EnumText {
  E value;
  std::string_view text;
};

template <class E>
inline constexpr EnumText<E> enum_table[] = {};  // specialise

// The wire token of value; "unknown" for a value outside the table.
template <class E>
constexpr std::string_view to_text(E value) {
  for (const auto& row : enum_table<E>)
    if (row.value == value) return row.text;
  return "unknown";
}

// The value whose token is exactly text (the caller folds case and trims), or nothing.
template <class E>
constexpr std::optional<E> parse_enum(std::string_view text) {
  for (const auto& row : enum_table<E>)
    if (row.text == text) return row.value;
  return std::nullopt;
}

}  // namespace ruaudit::model
