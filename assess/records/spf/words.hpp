// The terms that were meant, out of the text of an SPF record with mistakes: separators and joined strings put apart,
// words that belong together put together, misspelt mechanisms, addresses, names and macros put right (RFC 7208 section
// 12). What cannot be known is left out. Text only; what DNS says of a term is the caller's matter.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ruaudit::assess::records {

// Everything after the version section, as words; `joints` as in spf_parts().
[[nodiscard]] std::vector<std::string> meant_words(std::string_view record, std::span<const std::size_t> joints);

struct WordContext {
  std::string_view domain{};
  bool is_only_fault = true;  // of the record: a length that is too long is cut only then
};
// The terms that one word was meant to be: none, one, or several networks of a range.
[[nodiscard]] std::vector<std::string> meant_terms(std::string_view word, const WordContext& context);

}  // namespace ruaudit::assess::records
