// Small pieces of plain-text layout for 80 columns: numbers, percentages, wrapped paragraphs, colours.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/summary.hpp"

namespace ruaudit::report {

inline constexpr std::size_t text_width = 80;

std::string grouped(std::int64_t number);  // 1,234,567
// The same for a column of `width`, a blank in front: what is too long for it as 12.0e12, cut, never rounded up.
std::string grouped_in(std::int64_t number, std::size_t width);
std::string count_text(std::int64_t number, std::string_view noun);  // 1 message, 2 messages
std::string address_count(std::int64_t number);                      // 1 address, 1,234 addresses
std::string percent_text(std::int64_t part, std::int64_t whole);     // 98.2%, cut, so that 100% is all; - of none
bool is_share(std::int64_t part, std::int64_t whole, int percent);   // part is at least percent of whole
std::string wrapped(std::string_view first_indent, std::string_view indent, std::string_view paragraph);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);

enum class Paint : std::uint8_t { bold, good, middling, bad };
std::string painted(std::string_view text, Paint paint, Colour colour);
Paint paint_of_rate(std::int64_t part, std::int64_t whole);

}  // namespace ruaudit::report
