// How many octets a character of a text takes: told by a byte order mark, or by the NULs beside the first character
// (XML 1.0 appendix F.1). For stages that look at texts before they decode them.
#pragma once
#include <cstddef>
#include <string_view>

namespace ruaudit::model {

struct TextForm {
  std::size_t width = 1;   // 2: UTF-16, 4: UTF-32
  bool is_little = false;  // the low octet comes first
  std::size_t mark = 0;    // octets of the byte order mark; UTF-8 is not looked for
  bool operator==(const TextForm&) const = default;
};

// `head`: the first octets of the text, eight or more if there are as many.
TextForm text_form(std::string_view head);

}  // namespace ruaudit::model
