// What a failure says: which part changed, and what a person can look at.
#include "verify/dkim/diagnosis.hpp"
#include "check.hpp"
#include "verify/dkim/header_input.hpp"

using namespace ruaudit::test;
using namespace ruaudit::verify::dkim;

namespace {

SignatureResult check_changed(const std::string& header, const std::string& body, const Spec& spec = {},
                              const Options& options = {.at = now}) {
  return check_one(sign(plain_header, plain_body, spec, rsa_2048()) + header + "\r\n" + body, options);
}

}  // namespace

// RFC 6376 section 6.1.3
TEST_CASE("a changed body under a good header signature") {
  const auto result = check_changed(plain_header, "Hi Eve,\r\n");
  CHECK(text_of(result.result) == "fail");
  CHECK(text_of(result.reason) == "body-changed");
  CHECK(result.header_verifies == true);
  CHECK(result.body_hash_matches == false);
  CHECK_FALSE(result.added_text.has_value());
}

TEST_CASE("a footer added below the signed body is found and measured") {
  const std::string footer = "\r\n-- \r\nlist@example.org\r\n";
  for (const char* c : {"simple/simple", "relaxed/relaxed"}) {
    const auto result = check_changed(plain_header, plain_body + footer, {.c = c});
    CHECK(text_of(result.reason) == "body-changed");
    REQUIRE(result.added_text.has_value());
    CHECK(result.added_text->octets == footer.size());
    CHECK(result.added_text->line == 4);
    CHECK_THAT(result.text, Catch::Contains("footer"));
  }
}

// RFC 6376 section 6.1.3
TEST_CASE("a changed header over a body as signed") {
  const auto result =
      check_changed("From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: [list] hello\r\n", plain_body);
  CHECK(text_of(result.result) == "fail");
  CHECK(text_of(result.reason) == "header-changed");
  CHECK(result.body_hash_matches == true);
  CHECK(result.header_verifies == false);
  CHECK(result.field_notes.empty());
}

TEST_CASE("header and body changed") {
  const auto result = check_changed("From: Eve <eve@example.com>\r\n", "x\r\n");
  CHECK(text_of(result.result) == "fail");
  CHECK(text_of(result.reason) == "body-and-header-changed");
}

TEST_CASE("signed fields that are absent, repeated or listed too often are named") {
  const Spec spec{.h = "from:to:subject:date:subject"};
  const auto result = check_changed("From: a@b\r\nFrom: c@d\r\nSubject: hello\r\n", plain_body, spec);
  const std::vector<FieldNote> wanted = {{"date", 1, 0}, {"from", 1, 2}, {"subject", 2, 1}, {"to", 1, 0}};
  CHECK(result.field_notes == wanted);
  CHECK_THAT(result.text, Catch::Contains("to is absent"));
  CHECK_THAT(result.text, Catch::Contains("from is signed once but occurs 2 times"));
  CHECK_THAT(result.text, Catch::Contains("subject is signed 2 times and occurs only once"));
}

TEST_CASE("at most twenty field notes are kept") {
  std::string h = "from";
  for (int i = 0; i < 30; ++i) h += ":x" + std::to_string(i);
  CHECK(check_changed("From: b\r\n", plain_body, {.h = h}).field_notes.size() == 20);
}

TEST_CASE("with the header alone the signature is checked, and nothing becomes pass") {
  const Options headers_only{.at = now, .body = BodyPart::missing};
  const auto good = check_changed(plain_header, "", {}, headers_only);
  CHECK(text_of(good.result) == "neutral");
  CHECK(text_of(good.reason) == "body-missing");
  CHECK(good.header_verifies == true);
  CHECK_FALSE(good.body_hash_matches.has_value());
  const auto bad = check_changed("From: x@y\r\n", "", {}, headers_only);
  CHECK(text_of(bad.result) == "fail");
  CHECK(text_of(bad.reason) == "header-changed");
}

// RFC 6376 section 3.9
TEST_CASE("the signed octets of the header and the computed body hash can be had") {
  const std::string field = sign(plain_header, plain_body, {.h = "subject:from:date"}, rsa_2048());
  const std::string mail = field + plain_header + "\r\n" + plain_body;
  const auto result = check_one(mail);
  const auto view = ruaudit::verify::message::Message::view(mail);
  const std::string input = header_input(*view, result.signature, result.field);
  CHECK(input.starts_with("subject:hello\r\nfrom:Ann <ann@example.com>\r\ndkim-signature:v=1; a=rsa-sha256;"));
  CHECK(input.ends_with(" b="));
  CHECK(result.computed_body_hash == hash_of(plain_canonical_body(plain_body, true)));
}
