// Whole numbers as people and programs write them where only one number can be meant: a '+', quotes or punctuation
// around it, digits in groups ("1'234", "1 234", "1,234,567"), an exponent ("1.5e3"), a fraction ("5.0"), full-width
// digits. Pure functions. "1,234" and "1.234" mean two numbers each, so they are none.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace ruaudit::parser {

struct PlainNumber {
  std::optional<std::int64_t> value;  // the whole part; the largest of 64 bits where it is larger
  bool has_fraction = false;          // written with a point, comma or exponent
  bool is_whole = true;               // nothing but zeros behind the point
};

// The value of text that consists of digits alone; absent beyond 64 bits.
std::optional<std::int64_t> whole_number(std::string_view digits);
bool is_all_digits(std::string_view text);
// text without the quotes, brackets and punctuation around it.
std::string_view without_punctuation(std::string_view text);

PlainNumber plain_number(std::string_view text);

}  // namespace ruaudit::parser
