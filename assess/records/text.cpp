#include "assess/records/text.hpp"

#include <algorithm>

#include "model/ascii.hpp"

namespace ruaudit::assess::records {

bool holds_ignoring_case(std::string_view text, std::string_view lower_word) {
  return ascii::lower(text).find(lower_word) != std::string::npos;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string without(std::string_view text, std::string_view characters) {
  std::string out;
  for (const char c : text)
    if (characters.find(c) == std::string_view::npos) out += c;
  return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::vector<Piece> split(std::string_view text, char separator, std::size_t offset) {
  std::vector<Piece> pieces;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.size(), text.find(separator, begin));
    const auto raw = text.substr(begin, end - begin);
    const auto blanks = std::min(raw.size(), raw.find_first_not_of(" \t"));
    pieces.push_back({trim(raw), offset + begin + blanks});
    begin = end + 1;
  }
  return pieces;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; (begin = text.find_first_not_of(" \t", begin)) != std::string_view::npos;) {
    const auto end = std::min(text.size(), text.find_first_of(" \t", begin));
    out.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return out;
}

std::vector<TagPiece> split_tags(std::string_view text) {
  std::vector<TagPiece> tags;
  for (const auto& piece : split(text, ';')) {
    if (piece.text.empty()) continue;
    const auto equals = piece.text.find('=');
    TagPiece tag{.whole = piece, .name = piece.text};
    if (equals != std::string_view::npos) {
      const auto after = piece.text.substr(equals + 1);
      tag.has_equals = true;
      tag.name = trim(piece.text.substr(0, equals));
      tag.value = trim(after);
      tag.value_begin = piece.begin + equals + 1 + std::min(after.size(), after.find_first_not_of(" \t"));
    }
    tags.push_back(tag);
  }
  return tags;
}

// Optimal string alignment, by three rows.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before, last(right.size() + 1), row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool is_swap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (is_swap) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[right.size()];
}

std::optional<std::string> nearest_word(std::string_view text, std::span<const std::string_view> known,
                                        std::size_t most) {
  std::optional<std::string> best;
  std::size_t least = most + 1;
  for (const auto word : known) {
    const auto steps = distance(text, word);
    if (steps == least) best.reset();
    if (steps >= least) continue;
    least = steps;
    best = std::string(word);
  }
  return best;
}

}  // namespace ruaudit::assess::records
