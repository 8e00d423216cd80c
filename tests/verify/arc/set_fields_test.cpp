#include "verify/arc/set_fields.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify;
using namespace ruaudit::verify::arc;

// RFC 8617 sections 4.1 and 4.1.1
TEST_CASE("an ARC-Authentication-Results field begins with its instance") {
  const auto parsed = parse_authentication_results(" i=2; mx.example;\r\n spf=pass");
  REQUIRE(parsed.has_value());
  CHECK(parsed->instance == 2);
  CHECK(parsed->payload == "mx.example;\r\n spf=pass");
  for (const char* text : {"i=1;", " (a (b) \\) c) i (x) = (y) 1 (z) ; x", "\r\n\ti = 50 ;", "i=01;x"}) {
    CAPTURE(text);
    CHECK(parse_authentication_results(text).has_value());
  }
  for (const char* text : {"", "i", "i=", "i=;", "i=1", "i=1 x;", "i=0;", "i=51;", "i=001;", "x; i=1;", "I=1;", "i=1=;",
                           "(i=1;", "i=x;"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_authentication_results(text).has_value());
  }
}

// RFC 8617 section 4.1.3
TEST_CASE("a seal has i, a, b, d, s, cv and perhaps t; h= and bh= are refused, others ignored") {
  const std::string base = "i=1; a=rsa-sha256; b=QUJD; d=example.com; s=sel; cv=none";
  CHECK_FALSE(parse_seal(base).fault.has_value());
  CHECK(parse_seal(base).signature.key_name == "sel._domainkey.example.com");
  CHECK(parse_seal(base + "; t=12; zz=1").signature.timestamp == 12);
  // RFC 8617 section 4.2.1: comments may stand around the instance, and there alone.
  const std::string rest = base.substr(3);
  for (const char* instance : {"(a) i=1", "i (b;c) = 1", "i=(d (e) \\) ) 1 (f)", "\r\n i=\r\n 1\r\n (g)"}) {
    CAPTURE(instance);
    const auto seal = parse_seal(instance + rest);
    CHECK_FALSE(seal.fault.has_value());
    CHECK(seal.signature.instance == 1);
    CHECK(seal.signature.b_begin == std::string(instance + rest).find("QUJD"));
  }
  for (const char* instance : {"(a i=1", "i=1 (b", "i=1) ", "i=1 (b) c", "i=1; (a) zz=1"}) {
    CAPTURE(instance);
    CHECK(parse_seal(instance + rest).fault.has_value());
  }
  for (const char* extra : {"; h=from", "; h=", "; bh=QUJD", "; t=", "; t=x", "; i=1", ";;"}) {
    CAPTURE(extra);
    CHECK(parse_seal(base + extra).fault.has_value());
  }
  for (const char* text :
       {"a=rsa-sha256; b=QUJD; d=example.com; s=sel; cv=none", "i=1; b=QUJD; d=example.com; s=sel; cv=none",
        "i=1; a=rsa-sha256; d=example.com; s=sel; cv=none", "i=1; a=rsa-sha256; b=QUJD; s=sel; cv=none",
        "i=1; a=rsa-sha256; b=QUJD; d=example.com; cv=none", "i=1; a=rsa-sha256; b=QUJD; d=example.com; s=sel",
        "i=1; a=rsa-sha256; b=QUJD; d=example.com; s=sel; cv=Pass",
        "i=1; a=rsa-sha256; b=QUJD; d=example.com; s=sel; cv=",
        "i=51; a=rsa-sha256; b=QUJD; d=example.com; s=sel; cv=none",
        "i=1; a=rsa-md5; b=QUJD; d=example.com; s=sel; cv=none", "i=1; a=rsa-sha256; b=; d=example.com; s=sel; cv=none",
        "i=1; a=rsa-sha256; b=QUJD; d=com; s=sel; cv=none", "i=1; a=rsa-sha256; b=QUJD; d=example.com; s=; cv=none"}) {
    CAPTURE(text);
    CHECK(parse_seal(text).fault.has_value());
  }
}
