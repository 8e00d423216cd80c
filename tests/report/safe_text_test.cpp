#include "report/safe_text.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::report;

TEST_CASE("what could steer a terminal is replaced, other UTF-8 is kept") {
  const struct {
    const char* rule;
    std::string in, want;
  } cases[] = {
      {"plain text", "mail.example.com", "mail.example.com"},
      {"UTF-8", "M\xC3\xBCller \xE4\xB8\xAD\xE5\x9B\xBD \xF0\x9F\x93\xA7",
       "M\xC3\xBCller \xE4\xB8\xAD\xE5\x9B\xBD \xF0\x9F\x93\xA7"},
      {"escape sequence", "\x1b[31mred", "\xEF\xBF\xBD[31mred"},
      {"newline and tab", "a\nb\tc\r",
       "a\xEF\xBF\xBD"
       "b\xEF\xBF\xBD"
       "c\xEF\xBF\xBD"},
      {"NUL and DEL", std::string("a\0b\x7f", 4),
       "a\xEF\xBF\xBD"
       "b\xEF\xBF\xBD"},
      {"C1 control (CSI) as UTF-8",
       "\xC2\x9b"
       "31m",
       "\xEF\xBF\xBD"
       "31m"},
      {"C1 control as a bare octet",
       "\x9b"
       "31m",
       "\xEF\xBF\xBD"
       "31m"},
      {"bidirectional override", "\xE2\x80\xAEmoc.elpmaxe", "\xEF\xBF\xBDmoc.elpmaxe"},
      {"isolate", "\xE2\x81\xA6x", "\xEF\xBF\xBDx"},
      {"zero-width space", "exa\xE2\x80\x8Bmple", "exa\xEF\xBF\xBDmple"},
      {"line separator",
       "a\xE2\x80\xA8"
       "b",
       "a\xEF\xBF\xBD"
       "b"},
      {"cut UTF-8", "a\xC3", "a\xEF\xBF\xBD"},
      {"overlong slash", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"beyond Unicode", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rule);
    CHECK(harmless(c.in) == c.want);
  }
}

TEST_CASE("a CSV cell is quoted by RFC 4180 and never a formula") {
  const struct {
    std::string in, want;
  } cases[] = {{"plain", "plain"},
               {"", ""},
               {"a,b", "\"a,b\""},
               {"say \"hi\"", "\"say \"\"hi\"\"\""},
               {"two\nlines", "\"two\nlines\""},
               {"=1+1", "'=1+1"},
               {"+49", "'+49"},
               {"-2", "'-2"},
               {"@cmd", "'@cmd"},
               {"\t=x", "'\t=x"},
               {"\r=x", "\"'\r=x\""},
               {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
               {"a=b", "a=b"},
               {"\x1b[2J", "\xEF\xBF\xBD[2J"}};
  for (const auto& c : cases) {
    CAPTURE(c.in);
    CHECK(csv_cell(c.in) == c.want);
  }
}

TEST_CASE("text is cut and padded by columns, not by octets") {
  CHECK(display_width("M\xC3\xBCller") == 6);
  CHECK(display_width("\xE4\xB8\xAD\xE5\x9B\xBD") == 4);
  CHECK(display_width("e\xCC\x81") == 1);
  CHECK(fit_left("ab", 4) == "ab  ");
  CHECK(fit_right("ab", 4) == "  ab");
  CHECK(cut("abcd", 4) == "abcd");
  CHECK(cut("abcde", 4) == "abc\xE2\x80\xA6");
  CHECK(cut("\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xB8\xAD", 4) == "\xE4\xB8\xAD\xE2\x80\xA6");
  CHECK(cut("ab", 0).empty());
  CHECK(fit_left("\x1b\x1b\x1b", 2) == "\xEF\xBF\xBD\xE2\x80\xA6");
}
