// Small readings of record texts that several areas of the check share: ASCII case, blanks, pieces between separators
// with their places, the tag lists of DMARC, DKIM, MTA-STS, TLS-RPT and BIMI as they stand (also broken ones), and how
// near a misspelt word is to a known one. Views lead into the text that was passed.
#pragma once
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ruaudit::assess::records {

[[nodiscard]] bool holds_ignoring_case(std::string_view text, std::string_view lower_word);
[[nodiscard]] std::string_view trim(std::string_view text);  // blanks and tabs
[[nodiscard]] std::string without(std::string_view text, std::string_view characters);
[[nodiscard]] std::string replaced(std::string text, std::string_view what, std::string_view with);
[[nodiscard]] bool is_digits(std::string_view text);
[[nodiscard]] bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words);

struct Piece {
  std::string_view text{};
  std::size_t begin = 0;  // octets from the start of the whole text
};
// Between separators, each without the blanks around it; empty ones too.
[[nodiscard]] std::vector<Piece> split(std::string_view text, char separator, std::size_t offset = 0);
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);  // between blanks

struct TagPiece {
  Piece whole{};             // "p=none"
  std::string_view name{};   // "p"; the whole where there is no "="
  std::string_view value{};  // "none"
  std::size_t value_begin = 0;
  bool has_equals = false;
};
// The pieces of a tag list, the empty ones left out.
[[nodiscard]] std::vector<TagPiece> split_tags(std::string_view text);

// Insertions, removals, changes and swaps of neighbours that lead from one to the other.
[[nodiscard]] std::size_t distance(std::string_view left, std::string_view right);
// The one word within `most` steps of `text`; nothing when none is, or two are equally near.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view text, std::span<const std::string_view> known,
                                                      std::size_t most);

}  // namespace ruaudit::assess::records
