// Text from reports made harmless for where it is written. Reports are mail from strangers: a name in them may hold
// terminal escapes, bidirectional overrides, or a spreadsheet formula. UTF-8 that does none of that is kept.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace ruaudit::report {

// For a terminal or a text file: control characters (C0, DEL, C1, also tab and newline), line and paragraph separators,
// bidirectional controls, invisible characters and octets that are not UTF-8 become U+FFFD, one each.
std::string harmless(std::string_view text);

// One cell of RFC 4180: harmless as above but for tab, CR and LF, quoted where needed; a text that a spreadsheet would
// take for a formula (first character = + - @ tab or CR) begins with an apostrophe.
std::string csv_cell(std::string_view text);

// Columns that harmless text takes on a terminal: two for wide East Asian characters, none for combining marks.
std::size_t display_width(std::string_view text);

// harmless text in exactly `width` columns: cut with an ellipsis, or padded on the right or left.
std::string fit_left(std::string_view text, std::size_t width);
std::string fit_right(std::string_view text, std::size_t width);
// Cut where it is wider, not padded.
std::string cut(std::string_view text, std::size_t width);

}  // namespace ruaudit::report
