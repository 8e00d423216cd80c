#include "parser/failure/redaction.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/field_block.hpp"

namespace ruaudit::parser {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t body_bytes = 64UL * 1024;
constexpr std::size_t max_found = 20;

constexpr bool is_base64(char c) { return ascii::is_letter_or_digit(c) || c == '+' || c == '/'; }

bool is_blotted(std::string_view word) {
  const bool is_mark = word.size() >= 3 && (word.front() == 'x' || word.front() == 'X' || word.front() == '*');
  return is_mark && word.find_first_not_of(word.front()) == npos;
}

bool says_redacted(std::string_view text) {
  static constexpr std::array<std::string_view, 4> words = {"redacted", "[removed]", "<removed>", "anonymized"};
  return std::any_of(words.begin(), words.end(), [&](auto word) { return find_folded(text, word) != npos; });
}

// SHA-1 or SHA-256 in base64, or MD5, SHA-1 or SHA-256 in hexadecimal.
bool is_hash(std::string_view word) {
  const auto is_padded = [&](std::size_t size) {
    return word.size() == size && word.back() == '=' &&
           std::all_of(word.begin(), word.end() - 1, [](char c) { return is_base64(c); });
  };
  if (is_padded(28) || is_padded(44)) return true;
  const bool is_size = word.size() == 32 || word.size() == 40 || word.size() == 64;
  return is_size && std::all_of(word.begin(), word.end(), ascii::is_hex_digit);
}

class Search {
 public:
  void add(std::string_view where, std::string_view evidence) {
    if (found_.size() < max_found) found_.push_back({std::string(where), field_text(evidence, 200).text});
  }
  // Every address in a value: the word in front of each "@".
  void addresses(std::string_view where, std::string_view value) {
    std::size_t begin = 0;
    for (auto at = value.find('@'); at != npos; at = value.find('@', begin)) {
      const auto before = value.substr(begin, at - begin);
      if (is_redacted_local_part(before.substr(before.find_last_of(" \t\r\n,;<>()\"") + 1))) return add(where, value);
      begin = at + 1;
    }
    if (says_redacted(value)) add(where, value);
  }
  void subject(std::string_view value) {
    if (says_redacted(value) || is_blotted(trimmed(value))) add("Subject", value);
  }
  void body(std::string_view text) {
    const auto content = trimmed(text);
    const bool is_placeholder = content.size() <= 200 && content.starts_with('[') && content.ends_with(']');
    const bool is_note = content.size() <= 200 && says_redacted(content);
    if (is_placeholder || is_note || is_blotted(content)) return add("body", content);
    for (const std::string_view scheme : {"hxxp://", "hxxps://"})
      if (const auto at = find_folded(text, scheme); at != npos) return add("body", text.substr(at, 80));
  }
  std::vector<model::Redaction> take() { return std::move(found_); }

 private:
  std::vector<model::Redaction> found_;
};

}  // namespace

bool is_redacted_local_part(std::string_view local_part) {
  return find_folded(local_part, "redacted") != npos || is_blotted(local_part) || is_hash(local_part);
}

std::vector<model::Redaction> find_redactions(const model::FailureClaims& claims, const model::FailureSample& sample) {
  Search search;
  for (const auto& address : claims.original_rcpt_to) search.addresses("Original-Rcpt-To", address);
  if (claims.original_mail_from) search.addresses("Original-Mail-From", *claims.original_mail_from);
  std::string_view octets = sample.octets;
  octets.remove_prefix(std::min(octets.find_first_not_of("\r\n"), octets.size()));
  FieldBlockReader reader(octets);
  while (const auto field = reader.next()) {
    for (const std::string_view name : {"From", "To", "Cc", "Reply-To"})
      if (ascii::equal_folded(field->name, name)) search.addresses(name, field->value.substr(0, 8192));
    if (ascii::equal_folded(field->name, "Subject")) search.subject(field->value.substr(0, 8192));
  }
  if (sample.extent == model::SampleExtent::full) search.body(octets.substr(reader.position(), body_bytes));
  return search.take();
}

}  // namespace ruaudit::parser
