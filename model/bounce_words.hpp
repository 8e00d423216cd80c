// Recognises a bounce of qmail, which has no other mark, by its first words. In: the text of a part. Out: yes or no;
// nothing is read beyond those words.
#pragma once
#include <string_view>

#include "model/ascii.hpp"

namespace ruaudit::model {

[[nodiscard]] constexpr bool starts_as_qmail_bounce(std::string_view text) {
  constexpr std::string_view words = "hi. this is the ";
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text.size() - begin < words.size()) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char c = text[begin + i];
    if (ascii::lower(c) != words[i]) return false;
  }
  return true;
}

}  // namespace ruaudit::model
