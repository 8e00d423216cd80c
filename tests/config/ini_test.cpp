#include "config/ini.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::config;

namespace {

std::string only_value(const std::string& line) {
  const auto sections = parse_ini("[general]\n" + line + "\n");
  if (!sections) return "error: " + sections.error().message;
  const auto value = scalar_value(sections->at(0).entries.at(0).value);
  return value ? *value : "error: " + value.error().message;
}

std::string error_of(const std::string& text, const IniLimits& limits = {}) {
  const auto sections = parse_ini(text, limits);
  return sections ? "" : sections.error().message;
}

}  // namespace

TEST_CASE("a value keeps every # and ; that white space does not precede or that is quoted") {
  struct Case {
    std::string line, want;
  };
  const Case cases[] = {
      {"a = b", "b"},
      {"a=b", "b"},
      {"  a\t=  b c  ", "b c"},
      {"a = x#y", "x#y"},
      {"a = x;y", "x;y"},
      {"a = #x", "error: line 2: key 'a' has no value"},
      {"a =#x", "#x"},
      {"a = x #y", "x"},
      {"a = x\t;y", "x"},
      {"a = \"x #y\"", "x #y"},
      {"a = 'x ;y'", "x ;y"},
      {"a = \"x\" # y", "x"},
      {"a = \"x \\\"#\\\" \\\\ y\"", "x \"#\" \\ y"},
      {"a = 'x \\ \" y'", "x \\ \" y"},
      {"a = x \"y\" z", "x \"y\" z"},
      {"a = it's", "it's"},
      {"a = \\Seen", "\\Seen"},
      {"a = \"\"", ""},
      {"a = b = c", "b = c"},
      {"a = [b]", "[b]"},
      {"a = \"x", "error: line 2: the quote is not closed"},
      {"a = 'x", "error: line 2: the quote is not closed"},
      {"a = \"x\" y", "error: there is text after the closing quote"},
      {"a = \"\\n\"", "error: line 2: in double quotes a backslash may only precede '\"' and '\\'"},
      {"a = run \"x # y\"", "error: line 2: it is not clear whether '#' begins a comment"},
      {"a = run \"x\" # y", "run \"x\""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(only_value(c.line) == c.want);
  }
}

TEST_CASE("items of a list are separated by commas outside quotes") {
  struct Case {
    std::string value;
    std::vector<std::string> want;
  };
  const Case cases[] = {
      {"INBOX", {"INBOX"}},   {"a, b ,c", {"a", "b", "c"}}, {"\"a, b\", 'c,d', e", {"a, b", "c,d", "e"}},
      {"\"\", x", {"", "x"}}, {"a b, c#d", {"a b", "c#d"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.value);
    const auto got = list_value(c.value);
    REQUIRE(got);
    CHECK(*got == c.want);
  }
  for (const char* bad : {"a,,b", ",a", "a,", "\"a\" b, c", "\"a", "a, \"b", ""}) {
    CAPTURE(bad);
    CHECK(!list_value(bad));
  }
}

TEST_CASE("a quoted item of a list may hold what would begin a comment") {
  const auto sections = parse_ini("[general]\na = \"x #1\", y#2, 'z ;3' # comment\n");
  REQUIRE(sections);
  const auto items = list_value(sections->at(0).entries.at(0).value);
  REQUIRE(items);
  CHECK(*items == std::vector<std::string>{"x #1", "y#2", "z ;3"});
}

TEST_CASE("sections have a kind and perhaps a name, keys a line") {
  const auto sections = parse_ini(
      "\xEF\xBB\xBF# comment\r\n\r\n[general]\r\nlog-level = info\r\n; more\r\n[ mailbox   a.b-c_1 ] # c\nuser = x");
  REQUIRE(sections);
  REQUIRE(sections->size() == 2);
  CHECK(sections->at(0) == IniSection{"general", "", 3, {{"log_level", "info", 4}}});
  CHECK(sections->at(1) == IniSection{"mailbox", "a.b-c_1", 6, {{"user", "x", 7}}});
}

TEST_CASE("what is no section, no comment and no key is an error that names its line") {
  struct Case {
    std::string text, want;
  };
  const Case cases[] = {
      {"a = b\n", "line 1: key 'a' comes before the first section"},
      {"[general]\n\nfoo\n", "line 3: the line is neither a section, nor a comment, nor 'key = value'"},
      {"[general]\n= b\n", "line 2: what precedes '=' is not a key"},
      {"[general]\na b = c\n", "line 2: what precedes '=' is not a key"},
      {"[general\n", "line 1: the section has no closing ']'"},
      {"[general] x\n", "line 1: there is text after the section's ']'"},
      {"[]\n", "line 1: the section's name may only have letters, digits, '.', '-' and '_'"},
      {"[mailbox a b]\n", "line 1: the section's name may only have letters, digits, '.', '-' and '_'"},
      {"[general]\n[general]\n", "line 2: section [general] occurs twice"},
      {"[mailbox a]\n[mailbox b]\n[mailbox  a]\n", "line 3: section [mailbox  a] occurs twice"},
      {"[general]\na = b\nA = c\na = d\n", "line 4: key 'a' occurs twice in this section"},
      {"[general]\na-b = b\na_b = c\n", "line 3: key 'a_b' occurs twice in this section"},
      {"[general]\na =\n", "line 2: key 'a' has no value"},
      {"[general]\na = \x01\n", "line 2: the line is not text in UTF-8"},
      {"[general]\na = \xFF\n", "line 2: the line is not text in UTF-8"},
      {std::string("[general]\na = \0b\n", 17), "line 2: the line is not text in UTF-8"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(error_of(c.text) == c.want);
  }
}

TEST_CASE("each limit holds at its edge and not one past it") {
  IniLimits limits{.octets = 40, .line_octets = 20, .sections = 2, .entries = 2, .items = 3};
  CHECK(error_of("[g]\n" + std::string(35, '\n') + "#", limits).empty());
  CHECK(error_of("[g]\n" + std::string(36, '\n') + "#", limits) == "the file is larger than 40 octets");
  CHECK(error_of("#2345678901234567890\n", limits).empty());
  CHECK(error_of("#23456789012345678901\n", limits) == "line 1: the line is longer than 20 octets");
  CHECK(error_of("[g]\n[h]\n", limits).empty());
  CHECK(error_of("[g]\n[h]\n[i]\n", limits) == "line 3: there are more than 2 sections");
  CHECK(error_of("[g]\na=1\nb=2\n", limits).empty());
  CHECK(error_of("[g]\na=1\nb=2\nc=3\n", limits) == "line 4: the section has more than 2 keys");
  CHECK(list_value("a,b,c", limits));
  CHECK(!list_value("a,b,c,d", limits));
}

TEST_CASE("what quoted_where_needed writes is read back as it was, alone, in a list and behind a key") {
  for (const std::string text : {"plain", "a b", "a#b", "a #b", "x;", "\"", "'", "it's", "\\", "a\\b \"c\"", "a,b",
                                 " a ", "", "\\Seen", "[x]", "="}) {
    CAPTURE(text);
    const std::string quoted = quoted_where_needed(text);
    CHECK(only_value("a = " + quoted) == text);
    const auto list = list_value(quoted + ", z");
    REQUIRE(list);
    CHECK(list->at(0) == text);
  }
}

TEST_CASE("UTF-8 is told from what only looks like it") {
  for (const std::string good : {"", "a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEE\x80\x80"}) {
    CAPTURE(good);
    CHECK(is_utf8(good));
  }
  for (const std::string bad :
       {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8", "\xE2\x82", "a\xFF"}) {
    CAPTURE(bad);
    CHECK(!is_utf8(bad));
  }
}
