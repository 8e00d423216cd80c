// What is signed and how: canonicalization, h=, l=, times, by signing in the test.
#include "check.hpp"

using namespace ruaudit::test;
using namespace ruaudit::verify::dkim;
using R = ruaudit::model::DkimResult;

namespace {

std::string result_of(const std::string& header, const std::string& body, const Spec& spec) {
  return text_of(check_one(signed_mail(header, body, spec, rsa_2048())).result);
}

// The mail signed as `header`, seen with `changed` in its place.
std::string result_of_changed(const std::string& header, const std::string& changed, const Spec& spec) {
  return text_of(check_one(sign(header, plain_body, spec, rsa_2048()) + changed + "\r\n" + plain_body).result);
}

}  // namespace

// RFC 6376 sections 3.3, 3.7 and 6.1.3
TEST_CASE("a signed mail passes in every canonicalization, with an empty body and odd white space too") {
  for (const char* c :
       {"", "simple", "relaxed", "simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"})
    for (const char* body : {"", "\r\n", "Hi\r\n", "a \t b \r\n\r\n\tc\r\n\r\n\r\n", "no line end", " \r\n"}) {
      CAPTURE(c, body);
      CHECK(result_of("from:a@example.com\r\nTo : b\t\r\n  c \r\nsubject:\r\n", body, {.c = c}) == "pass");
    }
}

// RFC 8463 section 3
TEST_CASE("ed25519-sha256 signs the hash of the header") {
  FakeResolver resolver;
  resolver.txt(key_name, ed25519_key().record());
  const auto mail = signed_mail(plain_header, plain_body, {.a = "ed25519-sha256"}, ed25519_key());
  const auto result = check_mail(mail, resolver).signatures.at(0);
  CHECK(text_of(result.result) == "pass");
  CHECK_FALSE(result.is_legacy);
  auto changed = mail;
  changed.replace(changed.find("hello"), 5, "Hello");
  CHECK(text_of(check_mail(changed, resolver).summary) == "fail");
}

// RFC 6376 section 3.4
TEST_CASE("relaxed bears changed white space, simple does not") {
  const std::string moved = "FROM:  Ann  <ann@example.com> \r\nto:\tbob@example.net\r\nsubject:\r\n hello\r\n";
  CHECK(result_of_changed(plain_header, moved, {.c = "relaxed"}) == "pass");
  CHECK(result_of_changed(plain_header, moved, {.c = "simple"}) == "fail");
  const std::string mail = sign(plain_header, "a b\r\n", {.c = "relaxed/relaxed"}, rsa_2048()) + plain_header;
  CHECK(text_of(check_one(mail + "\r\na \t b \r\n\r\n").result) == "pass");
  CHECK(text_of(check_one(mail + "\r\nab\r\n").result) == "fail");
}

// RFC 6376 section 5.3
TEST_CASE("LF samples are verified as CRLF") {
  std::string mail = signed_mail(plain_header, plain_body, {.c = "simple/simple"}, rsa_2048());
  for (std::size_t at = mail.find('\r'); at != std::string::npos; at = mail.find('\r')) mail.erase(at, 1);
  CHECK(text_of(check_one(mail).result) == "pass");
  CHECK(text_of(check_one("From x@y Sat Jan 1\n" + mail).result) == "pass");
}

// RFC 6376 section 5.4.2
TEST_CASE("repeated fields are selected from the bottom up") {
  const std::string header = "From: a@example.com\r\nReceived: 3\r\nReceived: 2\r\nReceived: 1\r\n";
  const Spec twice{.h = "from:received:received"};
  CHECK(result_of(header, plain_body, twice) == "pass");
  // A field above the two signed ones does not matter, one below does.
  CHECK(result_of_changed(header, "Received: 4\r\n" + header, twice) == "pass");
  CHECK(result_of_changed(header, header + "Received: 0\r\n", twice) == "fail");
  CHECK(result_of_changed(header, "From: a@example.com\r\nReceived: 3\r\nReceived: 1\r\nReceived: 2\r\n", twice) ==
        "fail");
}

// RFC 6376 sections 5.4.2 and 8.15
TEST_CASE("a name listed more often than present forbids adding such a field") {
  const Spec oversigned{.h = "from:from:subject:reply-to"};
  CHECK(result_of(plain_header, plain_body, oversigned) == "pass");
  CHECK(result_of_changed(plain_header, "From: evil@example.org\r\n" + plain_header, oversigned) == "fail");
  CHECK(result_of_changed(plain_header, plain_header + "Reply-To: x\r\n", oversigned) == "fail");
  CHECK(result_of_changed(plain_header, "X-Other: 1\r\n" + plain_header, oversigned) == "pass");
  CHECK(result_of_changed(plain_header, "From: evil@example.org\r\n" + plain_header, {.h = "from:subject"}) == "pass");
}

TEST_CASE("names in h= are compared without case") {
  CHECK(result_of(plain_header, plain_body, {.h = "FROM:tO : Subject"}) == "pass");
}

// RFC 6376 section 5.4
TEST_CASE("the signature's own field is never selected by h=, another signature is an ordinary field") {
  CHECK(result_of(plain_header, plain_body, {.h = "from:dkim-signature"}) == "pass");
  const std::string other = sign(plain_header, plain_body, {}, rsa_2048());
  const std::string outer = sign(other + plain_header, plain_body, {.h = "from:dkim-signature"}, rsa_2048());
  FakeResolver resolver;
  resolver.txt(key_name, rsa_2048().record());
  const auto both = check_mail(outer + other + plain_header + "\r\n" + plain_body, resolver);
  REQUIRE(both.signatures.size() == 2);
  CHECK(text_of(both.signatures[0].result) == "pass");
  CHECK(text_of(both.signatures[1].result) == "pass");
  auto broken = other;
  broken.replace(broken.find("b=") + 2, 2, "  ");  // b= of the inner field counts for the outer one
  CHECK(text_of(check_mail(outer + broken + plain_header + "\r\n" + plain_body, resolver).signatures[0].result) ==
        "fail");
}

// RFC 6376 section 3.7
TEST_CASE("only the value of b= is left out, with the blanks around it; tags may follow it") {
  for (const char* c : {"simple", "relaxed"})
    for (const char* after : {";", "; z=1", ";\r\n\tz=1"}) {
      CAPTURE(c, after);
      CHECK(result_of(plain_header, plain_body, {.c = c, .after_b = after}) == "pass");
    }
  std::string mail = signed_mail(plain_header, plain_body, {.c = "simple", .after_b = "; z=1"}, rsa_2048());
  const std::size_t b = mail.find(" b=");
  mail.insert(mail.find("; z=1"), " \r\n ");
  mail.insert(b + 3, " ");
  CHECK(text_of(check_one(mail).result) == "pass");
  mail.insert(b, " ");  // in front of the tag's name it counts
  CHECK(text_of(check_one(mail).result) == "fail");
}

TEST_CASE("white space inside bh= does not count for its value but for the signature") {
  const std::string right = to_base64(hash_of(plain_canonical_body(plain_body, true)));
  CHECK(result_of(plain_header, plain_body, {.bh = right.substr(0, 9) + "\r\n  " + right.substr(9)}) == "pass");
}

// RFC 6376 section 3.2
TEST_CASE("unknown tags are part of the signature and otherwise ignored") {
  CHECK(result_of(plain_header, plain_body, {.extra = "; zz=what ever"}) == "pass");
}

// RFC 6376 section 3.5
TEST_CASE("l= exact, less and more than the body") {
  const std::string canonical = plain_canonical_body(plain_body, true);
  const auto with = [&](std::size_t l) {
    return check_one(signed_mail(plain_header, plain_body, {.l = l}, rsa_2048()));
  };
  const auto exact = with(canonical.size());
  CHECK(text_of(exact.result) == "pass");
  CHECK(exact.unsigned_octets == 0);
  CHECK(exact.text.empty());
  const auto less = with(3);
  CHECK(text_of(less.result) == "pass");
  CHECK(less.unsigned_octets == canonical.size() - 3);
  CHECK(less.canonical_body_octets == canonical.size());
  CHECK_THAT(less.text, Catch::Contains("unsigned"));
  CHECK(with(0).unsigned_octets == canonical.size());
  const auto more = with(canonical.size() + 1);
  CHECK(text_of(more.result) == "permerror");
  CHECK(text_of(more.reason) == "body-length-exceeds");
}

// RFC 6376 section 8.2
TEST_CASE("text below the signed length does not break a signature, above it does") {
  const std::string signed_part = "signed\r\n";
  const std::string field = sign(plain_header, signed_part, {.l = 8}, rsa_2048());
  const auto appended = check_one(field + plain_header + "\r\n" + signed_part + "added\r\n");
  CHECK(text_of(appended.result) == "pass");
  CHECK(appended.unsigned_octets == 7);
  CHECK(text_of(check_one(field + plain_header + "\r\nsigneD\r\nadded\r\n").result) == "fail");
}

// RFC 6376 section 3.5
TEST_CASE("x= is judged at the time given: at it the signature holds, a second later it is expired") {
  const std::string mail = signed_mail(plain_header, plain_body, {.extra = "; t=1000; x=2000"}, rsa_2048());
  CHECK(text_of(check_one(mail, {.at = 2000}).result) == "pass");
  const auto late = check_one(mail, {.at = 2001});
  CHECK(text_of(late.result) == "permerror");
  CHECK(text_of(late.reason) == "expired");
  const std::string endless = signed_mail(plain_header, plain_body, {.extra = "; x=9999999999999"}, rsa_2048());
  CHECK(text_of(check_one(endless, {.at = INT64_MAX - 1}).result) == "pass");
}

// RFC 6376 section 3.5
TEST_CASE("t= in the future is told, not refused") {
  const std::string mail = signed_mail(plain_header, plain_body, {.extra = "; t=1000000"}, rsa_2048());
  CHECK_FALSE(check_one(mail, {.at = 1'000'000 - 300}).is_future);
  const auto early = check_one(mail, {.at = 1'000'000 - 301});
  CHECK(early.is_future);
  CHECK(text_of(early.result) == "pass");
}

// RFC 6376 sections 4.2 and 6.1
TEST_CASE("a mail without signatures is none, a broken one does not spoil a good one") {
  FakeResolver resolver;
  resolver.txt(key_name, rsa_2048().record());
  CHECK(text_of(check_mail(plain_header + "\r\n" + plain_body, resolver).summary) == "none");
  const auto mail = "DKIM-Signature: nonsense\r\n" + signed_mail(plain_header, plain_body, {}, rsa_2048());
  const auto both = check_mail(mail, resolver);
  REQUIRE(both.signatures.size() == 2);
  CHECK(text_of(both.signatures[0].reason) == "malformed-tag-list");
  CHECK(both.signatures[1].line == 2);
  CHECK(text_of(both.summary) == "pass");
}

// RFC 8616 section 5
TEST_CASE("signatures of internationalized mail use their bytes as they are") {
  const std::string domain =
      "b\xc3\xbc"
      "cher.example";
  const std::string header = "From: J\xc3\xbcrg <j\xc3\xbcrg@" + domain + ">\r\n";
  FakeResolver resolver;
  resolver.txt("sel._domainkey.xn--bcher-kva.example", rsa_2048().record());
  const auto mail =
      signed_mail(header, plain_body, {.d = domain, .h = "from", .extra = "; i=j\xc3\xbcrg@" + domain}, rsa_2048());
  const auto result = check_mail(mail, resolver).signatures.at(0);
  CHECK(text_of(result.result) == "pass");
  CHECK(result.signature.identity == "j\xc3\xbcrg@" + domain);
  CHECK(result.signature.ascii_domain->text() == "xn--bcher-kva.example");
}

TEST_CASE("a draft's signature is marked legacy only where the legacy option let it through") {
  const std::string old = signed_mail(plain_header, plain_body, {.before = "q=dns; "}, rsa_2048());
  CHECK(text_of(check_one(old).result) == "pass");
  CHECK_FALSE(check_one(old).is_legacy);
  const std::string older = signed_mail(plain_header, plain_body, {.before = "v=0.5; "}, rsa_2048());
  CHECK(text_of(check_one(older).result) == "permerror");
  const auto legacy = check_one(older, {.at = now, .legacy = Legacy::verify});
  CHECK(text_of(legacy.result) == "pass");
  CHECK(legacy.is_legacy);
}
