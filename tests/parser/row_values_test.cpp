#include <catch2/catch.hpp>

#include "model/aggregate_report.hpp"
#include "parser/aggregate_values.hpp"

using namespace ruaudit;

TEST_CASE("a count in any notation that means one number is that number") {
  const auto text =
      GENERATE(as<std::string>(), "1234567", "+1234567", "1,234,567", "1.234.567", "1 234 567", "1'234'567",
               "1\xc2\xa0"
               "234\xc2\xa0"
               "567",
               "1_234_567", "1234567.0", "1234567.", "1.234567e6", "\"1234567\"", "(1234567)", "1234567,",
               "\xef\xbc\x91\xef\xbc\x92"
               "34567");
  CAPTURE(text);
  CHECK(parser::parse_count(text).value == 1'234'567);
  CHECK(parser::parse_count(text).defect.empty() == (text == "1234567"));
}

TEST_CASE("a count that means no number, or one of two, counts nothing") {
  const auto text = GENERATE(as<std::string>(), "-5", "5.5", "1,234", "1.234", "many", "5 6", "0x5", "1e", "e5",
                             "1,23,456", "1e99x", "", "+");
  CAPTURE(text);
  CHECK(parser::parse_count(text).value == std::nullopt);
  CHECK(parser::parse_count(text).defect == "bad-count");
}

TEST_CASE("a number of any length is capped, not wrapped") {
  CHECK(parser::parse_count("1e30").value == model::max_count);
  CHECK(parser::parse_count(std::string(60, '9')).value == model::max_count);
}

TEST_CASE("the one address of a text is the source") {
  struct Case {
    const char *text, *want;
  };
  const auto c = GENERATE(values<Case>({{"\"192.0.2.1\"", "192.0.2.1"},
                                        {"192.0.2.1.", "192.0.2.1"},
                                        {"192.0.2.1,", "192.0.2.1"},
                                        {"(192.0.2.1)", "192.0.2.1"},
                                        {"<192.0.2.1>", "192.0.2.1"},
                                        {"192.0.2.1/32", "192.0.2.1"},
                                        {"192.0.2.1/24", "192.0.2.1"},
                                        {"2001:db8::1/128", "2001:db8::1"},
                                        {"2001:db8::1/64", "2001:db8::1"},
                                        {"fe80::1%eth0", "fe80::1"},
                                        {"[fe80::1%2]:25", "fe80::1"},
                                        {"IPv6:2001:db8::1", "2001:db8::1"},
                                        {"192.0.2.1:25", "192.0.2.1"},
                                        {"192.000.002.001", "192.0.2.1"},
                                        {"mail.example (192.0.2.1)", "192.0.2.1"},
                                        {"mail.example [192.0.2.1]", "192.0.2.1"},
                                        {"192.0.2.1 (mail.example)", "192.0.2.1"},
                                        {"192.0.2.1, 192.0.2.1", "192.0.2.1"}}));
  CAPTURE(c.text);
  const auto read = parser::parse_source_ip(c.text);
  REQUIRE(read.value);
  CHECK(read.value->to_string() == c.want);
  CHECK(read.defect == "source-ip-normalised");
}

TEST_CASE("a network, two addresses, or decimal that may be octal name no source") {
  const auto text =
      GENERATE(as<std::string>(), "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "192.0.2.1 192.0.2.2",
               "192.0.2.1,192.0.2.2", "192.0.2.010", "192.0.2.1/33", "192.0.2", "3221225985", "localhost", "[]", "::g");
  CAPTURE(text);
  CHECK(parser::parse_source_ip(text).value == std::nullopt);
  CHECK(parser::parse_source_ip(text).defect == "bad-source-ip");
}

TEST_CASE("a percentage may have its sign") {
  CHECK(parser::parse_pct("100%").value == 100);
  CHECK(parser::parse_pct("+50").value == 50);
  CHECK(parser::parse_pct("101%").value == std::nullopt);
}

TEST_CASE("blanks that nobody sees are no part of a value") {
  CHECK(parser::trimmed("\xef\xbb\xbf\xe2\x80\x8bpass\xc2\xa0 ") == "pass");
  CHECK(parser::trimmed("p\xc2\xa0"
                        "s") ==
        "p\xc2\xa0"
        "s");
  CHECK(parser::trimmed("\xe3\x80\x80") == "");
}
