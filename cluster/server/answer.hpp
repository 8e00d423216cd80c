// What a ClickHouse server answers, as text: rows in TabSeparatedWithNamesAndTypes, or the reason why it refuses.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

// Error "cluster-refused" where the text is no such rows, or they have not so many columns (0: any number).
model::Result<Rows> rows_of_answer(std::string_view text, std::size_t columns = 0);

// A number of a row; 0 for NULL and for what is none.
std::uint64_t number_of(const std::optional<std::string>& value);
// Octets written in hexadecimal. False: `text` is not exactly that many.
bool read_hex(std::string_view text, std::span<std::uint8_t> octets);

// `status`: HTTP; `body` begins with "Code: 241, ..." in every version.
model::Error answer_error(const std::string& url, long status, std::string_view body);

// At most some hundred characters, without control characters: fit for an error.
std::string printable_answer(std::string_view text);

// Pieces of questions: "unhex('0a1b')"; texts with commas between them; "1,2,3".
std::string unhex_text(std::span<const std::uint8_t> octets);
template <class List, class Text>
std::string joined(const List& list, const Text& text) {
  std::string out;
  for (const auto& one : list) {
    if (!out.empty()) out += ",";
    out += text(one);
  }
  return out;
}
std::string number_list(const std::set<std::uint64_t>& numbers);

}  // namespace ruaudit::cluster
