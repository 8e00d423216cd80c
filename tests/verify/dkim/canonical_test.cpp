#include "verify/dkim/canonical.hpp"

#include <catch2/catch.hpp>

#include "signer.hpp"
#include "verify/dkim/header_input.hpp"

using namespace ruaudit::verify::dkim;

namespace {

std::string relaxed(const std::string& field) {
  const std::size_t colon = field.find(':');
  std::string name = field.substr(0, colon), out;
  while (name.back() == ' ' || name.back() == '\t') name.pop_back();
  append_relaxed_field(out, name, field.substr(colon + 1));
  return out;
}

// A long text of every combination that matters, without an end that is special.
std::string mixed_body(unsigned seed, std::size_t size) {
  static const char* const pieces[] = {
      " ", "\t", "\r\n", "a", "word", "  ", " \r\n", "\r", "\r\n\r\n", "=", "longer text here"};
  std::string out;
  while (out.size() < size) {
    seed = seed * 1664525U + 1013904223U;
    out += pieces[(seed >> 16) % 11];
  }
  return out;
}

}  // namespace

// RFC 6376 section 3.4.2
TEST_CASE("relaxed fields: name in lower case, unfolded, white space reduced, none around the colon") {
  CHECK(relaxed("A: X") == "a:X");
  CHECK(relaxed("B : Y\t\r\n\tZ  ") == "b:Y Z");
  CHECK(relaxed("SUBJect:AbC") == "subject:AbC");
  CHECK(relaxed("X:") == "x:");
  CHECK(relaxed("X: \t ") == "x:");
  CHECK(relaxed("X: a\r\n b\r\n\t  c") == "x:a b c");
  CHECK(relaxed("X:\r\n a") == "x:a");
  CHECK(relaxed("X: a\x80 b") == "x:a\x80 b");
}

// RFC 6376 section 3.4.1
TEST_CASE("simple fields are untouched") {
  const auto mail = ruaudit::verify::message::Message::view("B : Y\t\r\n\tZ  \r\n\r\n");
  REQUIRE(mail.has_value());
  std::string out;
  append_field(out, mail->fields()[0], Canonicalization::simple);
  CHECK(out == "B : Y\t\r\n\tZ  \r\n");
}

// RFC 6376 sections 3.4, 3.4.3 and 3.4.4
TEST_CASE("bodies in canonical form") {
  struct Case {
    const char *body, *simple, *relaxed;
  };
  for (const Case& test :
       {Case{"", "\r\n", ""},
        {"\r\n", "\r\n", ""},
        {"\r\n\r\n", "\r\n", ""},
        {" \t\r\n", " \t\r\n", ""},
        {"  ", "  \r\n", ""},
        {"a", "a\r\n", "a\r\n"},
        {"a\r\n", "a\r\n", "a\r\n"},
        {"a\r\n\r\n\r\n", "a\r\n", "a\r\n"},
        {"a\r\n \r\n\r\n", "a\r\n \r\n", "a\r\n"},
        {"\r\n\r\na\r\n", "\r\n\r\na\r\n", "\r\n\r\na\r\n"},
        {" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"},  // RFC 6376 section 3.4.5
        {"\tx", "\tx\r\n", " x\r\n"},
        {"a \t \r\n\r\nb", "a \t \r\n\r\nb\r\n", "a\r\n\r\nb\r\n"},
        {"a\rb \r c", "a\rb \r c\r\n", "a\rb \r c\r\n"}}) {
    CAPTURE(test.body);
    CHECK(canonical_body(test.body, Canonicalization::simple) == test.simple);
    CHECK(canonical_body(test.body, Canonicalization::relaxed) == test.relaxed);
  }
}

TEST_CASE("the fast canonicalization of bodies equals the plain one") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const std::string body = mixed_body(seed, seed * 7 % 900 + seed % 40);
    CAPTURE(seed, body);
    CHECK(canonical_body(body, Canonicalization::simple) == ruaudit::test::plain_canonical_body(body, false));
    CHECK(canonical_body(body, Canonicalization::relaxed) == ruaudit::test::plain_canonical_body(body, true));
  }
}

TEST_CASE("pieces larger than the buffer arrive in order") {
  const std::string body = std::string(3000, 'a') + "\t" + std::string(9000, 'b') + "  " + mixed_body(7, 40'000) + "x";
  CHECK(canonical_body(body, Canonicalization::relaxed) == ruaudit::test::plain_canonical_body(body, true));
}
