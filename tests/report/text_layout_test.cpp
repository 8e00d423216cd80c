#include "report/text_layout.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <sstream>

#include "report/safe_text.hpp"

using namespace ruaudit::report;

TEST_CASE("numbers are grouped by thousands, also below zero") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1'000) == "1,000");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(grouped(-999) == "-999");
  CHECK(grouped(-1'000) == "-1,000");
  CHECK(grouped(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
  CHECK(count_text(1, "message") == "1 message");
  CHECK(count_text(0, "message") == "0 messages");
}

TEST_CASE("a number that is too long for its column is told by its power of ten, a blank in front") {
  CHECK(grouped_in(123'456, 8) == " 123,456");
  CHECK(grouped_in(1'234'567, 10) == " 1,234,567");
  CHECK(grouped_in(12'345'678, 10) == "    12.3e6");
  CHECK(grouped_in(12'000'000'074'155, 13) == "   12,000.0e9");
  CHECK(grouped_in(999'999'999'999, 10) == "   999.9e9");
  CHECK(grouped_in(0, 10) == "         0");
  for (const auto width : {10U, 12U, 13U})
    CHECK(display_width(grouped_in(std::numeric_limits<std::int64_t>::max(), width)) == width);
}

TEST_CASE("a percentage is cut, never rounded up, and of nothing it is a dash") {
  CHECK(percent_text(1, 0) == "-");
  CHECK(percent_text(0, 5) == "0.0%");
  CHECK(percent_text(5, 5) == "100.0%");
  CHECK(percent_text(99'999, 100'000) == "99.9%");
  CHECK(percent_text(1, 3) == "33.3%");
  CHECK(is_share(98, 100, 98));
  CHECK_FALSE(is_share(97, 100, 98));
}

TEST_CASE("a paragraph is wrapped at 80 columns, at the edge and one past it") {
  const std::string forty(40, 'a');
  CHECK(wrapped("", "", forty + " " + std::string(39, 'b')) == forty + " " + std::string(39, 'b') + "\n");
  CHECK(wrapped("", "", forty + " " + std::string(40, 'b')) == forty + "\n" + std::string(40, 'b') + "\n");
  CHECK(wrapped("- ", "  ", "") == "- \n");
  CHECK(wrapped("- ", "  ", std::string(78, 'x') + " y") == "- " + std::string(78, 'x') + "\n  y\n");
}

TEST_CASE("no wrapped line is wider than 80 columns, words of any length and width") {
  std::string paragraph;
  for (std::size_t n = 1; n < 120; ++n) {
    paragraph += std::string(n, 'w') + " ";
    for (std::size_t i = 0; i < n / 3; ++i) paragraph += "\xe4\xb8\xad";  // two columns each
    paragraph += ' ';
  }
  std::istringstream lines(wrapped("  first: ", "         ", paragraph));
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(display_width(line) <= text_width);
  }
}

TEST_CASE("colours stand around the text, and only where they are wanted") {
  CHECK(painted("x", Paint::bad, Colour::never) == "x");
  CHECK(painted("x", Paint::bad, Colour::always) == "\x1b[31mx\x1b[0m");
  CHECK(joined({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(joined({}, ", ") == "");
}
