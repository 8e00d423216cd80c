#include "verify/dkim/signature.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dkim;
using ruaudit::model::to_text;

namespace {

const std::string bh = "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const std::string base = "v=1; a=rsa-sha256; d=example.com; s=sel; h=from; b=QUJD; " + bh;

std::string reason_of(const std::string& value, SignatureKind kind = SignatureKind::dkim,
                      Drafts drafts = Drafts::refused) {
  const auto parsed = parse_signature(value, kind, drafts);
  return parsed.fault ? std::string(to_text(parsed.fault->reason)) : "ok";
}

std::string without(const std::string& tag) {
  std::string text = "; " + base;
  const std::size_t at = text.find("; " + tag + "=");
  text.erase(at, text.find(';', at + 1) - at);
  return text.substr(2);
}

Signature must_parse(const std::string& value, SignatureKind kind = SignatureKind::dkim) {
  auto parsed = parse_signature(value, kind);
  REQUIRE_FALSE(parsed.fault.has_value());
  return parsed.signature;
}

}  // namespace

// RFC 6376 section 3.5
TEST_CASE("a signature's tags become values, with the defaults of RFC 6376") {
  const Signature s = must_parse(base);
  CHECK(s.domain == "example.com");
  CHECK(s.key_name == "sel._domainkey.example.com");
  CHECK(s.identity == "@example.com");
  CHECK(s.signature == "ABC");
  CHECK(s.header == Canonicalization::simple);
  CHECK(s.body == Canonicalization::simple);
  CHECK_FALSE(s.body_length.has_value());
  CHECK_FALSE(s.timestamp.has_value());
  CHECK(s.signed_fields == std::vector<std::string>{"from"});
}

// RFC 6376 section 6.1.1
TEST_CASE("every required tag is required") {
  CHECK(reason_of(base) == "ok");
  for (const char* tag : {"v", "a", "d", "s", "h", "b"}) {
    CAPTURE(tag);
    CHECK(reason_of(without(tag)) == "missing-tag");
  }
  CHECK(reason_of(base.substr(0, base.find("; bh"))) == "missing-tag");
}

// RFC 6376 sections 3.5 and 6.1.1
TEST_CASE("a broken tag makes the signature unusable, with the reason") {
  struct Case {
    const char* extra;
    const char* reason;
  };
  for (const Case& test : {Case{"; x=1; x=2", "malformed-tag-list"},
                           {"; d=example.org", "malformed-tag-list"},
                           {";;", "malformed-tag-list"},
                           {"; unknown=1", "ok"},
                           {"; V=2", "ok"},
                           {"; c=simple/relaxed", "ok"},
                           {"; c=relaxed", "ok"},
                           {"; c=Relaxed", "unsupported-canonicalization"},
                           {"; c=", "unsupported-canonicalization"},
                           {"; c=relaxed/", "unsupported-canonicalization"},
                           {"; c=relaxed/simple/simple", "unsupported-canonicalization"},
                           {"; q=dns/txt", "ok"},
                           {"; q=other : dns/txt", "ok"},
                           {"; q=dns", "unsupported-query"},
                           {"; q=", "unsupported-query"},
                           {"; t=0", "ok"},
                           {"; t=", "malformed-tag"},
                           {"; t=-1", "malformed-tag"},
                           {"; t=1 2", "malformed-tag"},
                           {"; x=12a", "malformed-tag"},
                           {"; t=10; x=11", "ok"},
                           {"; t=10; x=10", "malformed-tag"},
                           {"; t=10; x=9", "malformed-tag"},
                           {"; t=1000000000000; x=9999999999999", "ok"},  // both without end
                           {"; t=1000000000000; x=999999999999", "malformed-tag"},
                           {"; l=", "malformed-tag"},
                           {"; l=1.5", "malformed-tag"},
                           {"; i=@example.com", "ok"},
                           {"; i=joe@EXAMPLE.com", "ok"},
                           {"; i=joe@sub.example.com", "ok"},
                           {"; i=a=40b@example.com", "ok"},
                           {"; i=joe=40example.com", "ok"},
                           {"; i=joe@example.org", "domain-mismatch"},
                           {"; i=joe@notexample.com", "domain-mismatch"},
                           {"; i=joe@com", "malformed-tag"},
                           {"; i=example.com", "malformed-tag"},
                           {"; i=a=zz@example.com", "malformed-tag"},
                           {"; i=", "malformed-tag"}}) {
    CAPTURE(test.extra);
    CHECK(reason_of(base + test.extra) == test.reason);
  }
}

// RFC 6376 section 3.5
TEST_CASE("each value of a required tag is checked") {
  const auto with = [](const std::string& tag, const std::string& value) {
    return without(tag) + "; " + tag + "=" + value;
  };
  CHECK(reason_of("v=1; a=rsa-sha256; d=example.com; s=sel; h=from; b=QUJD; bh=QUJD") == "malformed-tag");  // length
  CHECK(reason_of("v=1; a=rsa-sha1; d=example.com; s=sel; h=from; b=QUJD; " + bh) == "malformed-tag");
  struct Case {
    const char *tag, *value, *reason;
  };
  for (const Case& test : {Case{"v", "2", "incompatible-version"},
                           {"v", "1.0", "incompatible-version"},
                           {"v", "0.5", "incompatible-version"},
                           {"v", "", "incompatible-version"},
                           {"a", "rsa-md5", "unsupported-algorithm"},
                           {"a", "RSA-SHA256", "unsupported-algorithm"},
                           {"a", "ed25519-sha256", "ok"},
                           {"d", "", "malformed-tag"},
                           {"d", "com", "malformed-tag"},
                           {"d", "example.com.", "malformed-tag"},
                           {"d", "example..com", "malformed-tag"},
                           {"d",
                            "b\xc3\xbc"
                            "cher.example",
                            "ok"},
                           {"s", "", "malformed-tag"},
                           {"s", "a.b", "ok"},
                           {"s", "a..b", "malformed-tag"},
                           {"h", "", "malformed-tag"},
                           {"h", "to:subject", "from-not-signed"},
                           {"h", "to : FROM", "ok"},
                           {"h", "from:", "malformed-tag"},
                           {"h", "from::to", "malformed-tag"},
                           {"h", "from:to subject", "malformed-tag"},
                           {"h", "fromage", "from-not-signed"},
                           {"b", "", "malformed-tag"},
                           {"b", "Q*", "malformed-tag"},
                           {"b", "QU\r\n JD", "ok"}}) {
    CAPTURE(test.tag, test.value);
    CHECK(reason_of(with(test.tag, test.value)) == test.reason);
  }
}

TEST_CASE("numbers beyond the machine's do not overflow") {
  CHECK(must_parse(base + "; l=18446744073709551615").body_length == UINT64_MAX);
  CHECK(must_parse(base + "; l=18446744073709551616").body_length == UINT64_MAX);
  CHECK(must_parse(base + "; l=" + std::string(76, '9')).body_length == UINT64_MAX);
  CHECK(reason_of(base + "; l=" + std::string(77, '0')) == "malformed-tag");
  CHECK(must_parse(base + "; x=999999999999").expiration == 999'999'999'999);
  CHECK(must_parse(base + "; x=1000000000000").expiration == max_time);  // more than 12 digits: without end
  CHECK(must_parse(base + "; x=" + std::string(400, '9')).expiration == max_time);
}

TEST_CASE("h= may have max_signed_fields names and not one more") {
  std::string names = "from";
  for (std::size_t i = 1; i < max_signed_fields; ++i) names += ":x";
  CHECK(reason_of(without("h") + "; h=" + names) == "ok");
  CHECK(reason_of(without("h") + "; h=" + names + ":x") == "malformed-tag");
}

// RFC 8616 section 5; RFC 6376 section 3.1
TEST_CASE("U-labels in d= and s= are looked up as A-labels") {
  const Signature s = must_parse(
      "v=1; a=rsa-sha256; d=b\xc3\xbc"
      "cher.example; s=\xc3\xbc; h=from; b=QUJD; " +
      bh);
  CHECK(s.key_name == "xn--tda._domainkey.xn--bcher-kva.example");
  CHECK(s.domain ==
        "b\xc3\xbc"
        "cher.example");
}

TEST_CASE("domain and selector are known even where another tag is broken") {
  const auto parsed = parse_signature(without("v"), SignatureKind::dkim);
  REQUIRE(parsed.fault.has_value());
  CHECK(parsed.signature.domain == "example.com");
  CHECK(parsed.signature.selector == "sel");
}

// RFC 6376 section 6.1.1
TEST_CASE("drafts before RFC 4871 are read by the legacy option; the bare q=dns shows their age by itself") {
  CHECK(reason_of(without("v"), SignatureKind::dkim, Drafts::accepted) == "ok");
  CHECK(reason_of(without("v") + "; q=dns") == "ok");
  CHECK(reason_of(without("v") + "; q=dns/txt") == "missing-tag");
  CHECK(reason_of(without("v") + "; v=0.5", SignatureKind::dkim, Drafts::accepted) == "ok");
  CHECK(reason_of(without("v") + "; v=5", SignatureKind::dkim, Drafts::accepted) == "incompatible-version");
  CHECK(reason_of(base + "; q=dns", SignatureKind::dkim, Drafts::accepted) == "unsupported-query");
}

// RFC 8617 section 4.1.2
TEST_CASE("an ARC message signature has an instance in place of an identity and no version") {
  const std::string ams = without("v") + "; i=";
  CHECK(reason_of(ams + "1", SignatureKind::arc_message) == "ok");
  CHECK(reason_of(ams + "1; v=7", SignatureKind::arc_message) == "ok");
  CHECK(reason_of(without("v"), SignatureKind::arc_message) == "missing-tag");
  CHECK(must_parse(ams + "50", SignatureKind::arc_message).instance == 50);
  for (const char* i : {"0", "51", "", "x", "-1", "001", "1 2"}) {
    CAPTURE(i);
    CHECK(reason_of(ams + i, SignatureKind::arc_message) == "malformed-tag");
  }
  // RFC 8617 section 4.2.1: CFWS around the instance; nowhere else, and not in a DKIM signature.
  CHECK(reason_of("(a;b) i (c) = (d) 1 (e); " + without("v"), SignatureKind::arc_message) == "ok");
  CHECK(reason_of("i=1 (e); " + without("v") + " (f)", SignatureKind::arc_message) == "malformed-tag");
  CHECK(reason_of("i=@example.com (e); " + base) != "ok");
}
