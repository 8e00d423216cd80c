#include "verify/dkim/key_record.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dkim;
using ruaudit::model::to_text;

namespace {

std::string reason_of(const std::string& text) {
  const auto record = parse_key_record(text);
  return record.fault ? std::string(to_text(record.fault->reason)) : "ok";
}

std::string unsuitable(const std::string& text, const Signature& signature) {
  const auto fault = unsuitable_for(parse_key_record(text), signature);
  return fault ? std::string(to_text(fault->reason)) : "ok";
}

Signature signature_with(const std::string& tags) {
  return parse_signature("v=1; d=example.com; s=sel; h=from; b=QUJD; " + tags, SignatureKind::dkim).signature;
}

}  // namespace

// RFC 6376 sections 3.6.1 and 6.1.2
TEST_CASE("a key record is usable or says why not") {
  struct Case {
    const char *text, *reason;
  };
  for (const Case& test : {Case{"v=DKIM1; p=QUJD", "ok"},
                           {"p=QUJD", "ok"},
                           {"k=rsa; t=; p=QUJD; n=", "ok"},
                           {"p=QU JD;", "ok"},
                           {"v=DKIM1; p=", "key-revoked"},
                           {"v=DKIM1; k=unknown; p=", "key-revoked"},
                           {"v=DKIM1", "key-malformed"},
                           {"", "key-malformed"},
                           {"v=DKIM2; p=QUJD", "key-malformed"},
                           {"v=dkim1; p=QUJD", "key-malformed"},
                           {"v=DKIM1.0; p=QUJD", "key-malformed"},
                           {"p=QUJD; v=DKIM1", "key-malformed"},  // v= must be the first
                           {"v=DKIM1; p=*", "key-malformed"},
                           {"v=DKIM1; p=QUJD; p=QUJD", "key-malformed"},
                           {"v=DKIM1; t; p=QUJD", "key-malformed"},
                           {"v=DKIM1; p=QUJD;; n=x", "key-malformed"},
                           {"v=spf1 -all", "key-malformed"}}) {
    CAPTURE(test.text);
    CHECK(reason_of(test.text) == test.reason);
  }
}

// RFC 6376 section 3.6.1
TEST_CASE("flags, lists and notes are read, unknown items ignored") {
  const auto record = parse_key_record("v=DKIM1; t=y : s : zz; h=sha256 : md5; s=*:x; n=hi there; zz=1; p=QUJD");
  CHECK(record.is_testing);
  CHECK(record.is_strict);
  CHECK(record.hashes->size() == 2);
  CHECK(record.notes == "hi there");
  CHECK_FALSE(parse_key_record("p=QUJD").is_testing);
}

// RFC 6376 sections 3.6.1 and 6.1.2; RFC 6376 section 3.10
TEST_CASE("a key must suit the signature") {
  const Signature s = signature_with("a=rsa-sha256; i=joe@sub.example.com");
  struct Case {
    const char *text, *reason;
  };
  for (const Case& test : {Case{"p=QUJD", "ok"},
                           {"h=sha1; p=QUJD", "key-hash-not-allowed"},
                           {"h=sha1:sha256; p=QUJD", "ok"},
                           {"h=; p=QUJD", "key-hash-not-allowed"},
                           {"k=ed25519; p=QUJD", "key-type-mismatch"},
                           {"k=RSA; p=QUJD", "key-type-mismatch"},
                           {"s=email; p=QUJD", "ok"},
                           {"s=tlsrpt; p=QUJD", "key-not-for-email"},
                           {"s=tlsrpt:*; p=QUJD", "ok"},
                           {"t=s; p=QUJD", "key-strict-identity"},
                           {"t=y; p=QUJD", "ok"},
                           {"g=nobody; p=QUJD", "ok"}}) {  // RFC 6376 has no g=
    CAPTURE(test.text);
    CHECK(unsuitable(test.text, s) == test.reason);
  }
  CHECK(unsuitable("t=s; p=QUJD", signature_with("a=rsa-sha256; i=joe@example.com")) == "ok");
  CHECK(unsuitable("k=rsa; p=QUJD", signature_with("a=ed25519-sha256")) == "key-type-mismatch");
}

TEST_CASE("g= of RFC 4871 binds only signatures with the retired algorithm") {
  const Signature s = signature_with("a=rsa-sha1; i=joe.doe@example.com");
  for (const char* g : {"*", "joe.doe", "joe*", "*doe", "j*e"}) {
    CAPTURE(g);
    CHECK(unsuitable(std::string("g=") + g + "; p=QUJD", s) == "ok");
  }
  for (const char* g : {"", "joe", "Joe*", "*x", "joe.doe*joe.doe"}) {
    CAPTURE(g);
    CHECK(unsuitable(std::string("g=") + g + "; p=QUJD", s) == "key-granularity");
  }
}
