// Where the key comes from and whether it may be used.
#include "check.hpp"

using namespace ruaudit::test;
using namespace ruaudit::verify;
using namespace ruaudit::verify::dkim;
using R = ruaudit::model::DkimResult;

namespace {

const std::string& plain_mail() {
  static const std::string mail =
      signed_mail(plain_header, plain_body, {.extra = "; i=joe@sub.example.com"}, rsa_2048());
  return mail;
}

SignatureResult check_with(const std::string& mail, const std::vector<std::string>& records,
                           Legacy legacy = Legacy::refuse) {
  FakeResolver resolver;
  for (const auto& record : records) resolver.txt(key_name, record);
  return check_mail(mail, resolver, {.at = now, .legacy = legacy}).signatures.at(0);
}

std::string outcome(const SignatureResult& result) { return text_of(result.result) + " " + text_of(result.reason); }

}  // namespace

// RFC 6376 section 6.1.2
TEST_CASE("what DNS says about the key decides between permerror and temperror") {
  struct Case {
    dns::Status status;
    const char* outcome;
  };
  for (const Case& test : {Case{dns::Status::nxdomain, "permerror no-key"},
                           {dns::Status::nodata, "permerror no-key"},
                           {dns::Status::bad_name, "permerror no-key"},
                           {dns::Status::servfail, "temperror dns-failure"},
                           {dns::Status::timeout, "temperror dns-failure"},
                           {dns::Status::refused, "temperror dns-failure"},
                           {dns::Status::bogus, "temperror dns-failure"},
                           {dns::Status::not_recorded, "temperror dns-failure"}}) {
    FakeResolver resolver;
    resolver.fails(key_name, test.status);
    const auto result = check_mail(plain_mail(), resolver).signatures.at(0);
    CHECK(outcome(result) == test.outcome);
    CHECK_THAT(result.text, Catch::Contains(key_name));
  }
}

// RFC 6376 sections 3.6.1 and 6.1.2
TEST_CASE("the tags of the key record bind the signature") {
  const std::string p = "p=" + rsa_2048().p();
  struct Case {
    std::string record;
    const char* outcome;
  };
  for (const Case& test : {Case{"v=DKIM1; " + p, "pass ok"},
                           {p, "pass ok"},
                           {"v=DKIM1; k=rsa; h=sha256:sha1; s=email; t=y; " + p, "pass ok"},
                           {"v=DKIM1; t=s; " + p, "permerror key-strict-identity"},
                           {"v=DKIM1; s=tlsrpt; " + p, "permerror key-not-for-email"},
                           {"v=DKIM1; h=sha1; " + p, "permerror key-hash-not-allowed"},
                           {"v=DKIM1; k=ed25519; p=" + ed25519_key().p(), "permerror key-type-mismatch"},
                           {"v=DKIM1; k=foo; " + p, "permerror key-type-mismatch"},
                           {"v=DKIM1; p=", "permerror key-revoked"},
                           {"v=DKIM1; k=rsa", "permerror key-malformed"},
                           {"v=DKIM1; p=QUJD", "permerror key-malformed"},
                           {"v=DKIM1; p=" + ed25519_key().p(), "permerror key-malformed"},
                           {"v=DKIM2; " + p, "permerror key-malformed"},
                           {p + "; v=DKIM1", "permerror key-malformed"},
                           {"v=DKIM1; p=" + TestKey::rsa(1024).p(), "fail header-changed"},
                           {"v=DKIM1; p=" + rsa_2048().pkcs1_p(), "pass ok"}}) {
    CAPTURE(test.record);
    CHECK(outcome(check_with(plain_mail(), {test.record})) == test.outcome);
  }
}

// RFC 6376 section 6.1.2
TEST_CASE("of several key records each is tried") {
  const std::string good = rsa_2048().record(), other = rsa_1024().record();
  CHECK(outcome(check_with(plain_mail(), {"v=spf1 -all", other, good})) == "pass ok");
  CHECK(outcome(check_with(plain_mail(), {"v=DKIM1; p=", good})) == "pass ok");
  CHECK(outcome(check_with(plain_mail(), {other, "garbage"})) == "fail header-changed");
  CHECK(outcome(check_with(plain_mail(), {"v=DKIM1; p=", "garbage"})) == "permerror key-revoked");
  std::vector<std::string> many(max_records, other);
  many.back() = good;
  CHECK(outcome(check_with(plain_mail(), many)) == "pass ok");
  many.back() = other;
  many.push_back(good);
  CHECK(outcome(check_with(plain_mail(), many)) == "fail header-changed");  // one past the limit
}

TEST_CASE("a key in test mode is told") {
  CHECK(check_with(plain_mail(), {"v=DKIM1; t=y; p=" + rsa_2048().p()}).is_testing);
  CHECK_FALSE(check_with(plain_mail(), {rsa_2048().record()}).is_testing);
}

// RFC 8463 section 4
TEST_CASE("an Ed25519 key has exactly 32 octets") {
  const std::string mail = signed_mail(plain_header, plain_body, {.a = "ed25519-sha256"}, ed25519_key());
  CHECK(outcome(check_with(mail, {ed25519_key().record()})) == "pass ok");
  CHECK(outcome(check_with(mail, {"v=DKIM1; k=ed25519; p=" + ed25519_key().p().substr(0, 40)})) ==
        "permerror key-malformed");
  CHECK(outcome(check_with(mail, {"v=DKIM1; k=rsa; p=" + rsa_2048().p()})) == "permerror key-type-mismatch");
}

// RFC 8301 sections 3 and 3.1
TEST_CASE("rsa-sha1 is policy, and the legacy option says whether it verifies") {
  const std::string mail = signed_mail(plain_header, plain_body, {.a = "rsa-sha1"}, rsa_2048());
  const std::string record = rsa_2048().record();
  CHECK(outcome(check_with(mail, {record})) == "policy weak-hash");
  const auto legacy = check_with(mail, {record}, Legacy::verify);
  CHECK(outcome(legacy) == "pass ok");
  CHECK(legacy.is_legacy);
  auto changed = mail;
  changed.replace(changed.find("hello"), 5, "Hello");
  CHECK(outcome(check_with(changed, {record}, Legacy::verify)) == "fail header-changed");
  // What is wrong with the key comes first.
  CHECK(outcome(check_with(mail, {"v=DKIM1; p="})) == "permerror key-revoked");
  // It has failed for good: that the key cannot be fetched now changes nothing.
  FakeResolver resolver;
  resolver.fails(key_name, dns::Status::servfail);
  CHECK(outcome(check_mail(mail, resolver, {.at = now}).signatures.at(0)) == "permerror weak-hash");
  CHECK(outcome(check_mail(mail, resolver, {.at = now, .legacy = Legacy::verify}).signatures.at(0)) ==
        "temperror dns-failure");
}

// RFC 8301 section 3.2
TEST_CASE("RSA keys under 1024 bits are policy, 1024 to 4096 verify") {
  for (const int bits : {512, 1016}) {
    CAPTURE(bits);
    const TestKey key = TestKey::rsa(bits);
    const std::string mail = signed_mail(plain_header, plain_body, {}, key);
    const auto strict = check_with(mail, {key.record()});
    CHECK(outcome(strict) == "policy weak-key");
    CHECK(strict.key_bits == bits);
    const auto legacy = check_with(mail, {key.record()}, Legacy::verify);
    CHECK(outcome(legacy) == "pass ok");
    CHECK(legacy.is_legacy);
  }
  const auto good =
      check_with(signed_mail(plain_header, plain_body, {}, rsa_1024()), {rsa_1024().record()}, Legacy::verify);
  CHECK(outcome(good) == "pass ok");
  CHECK_FALSE(good.is_legacy);
}

// RFC 8301 section 3.2
TEST_CASE("a key beyond the bound on bits is policy, whatever the legacy option says") {
  // The modulus alone makes the size: an odd number of 8200 bits.
  const std::string modulus = std::string("\x00\x80", 2) + std::string(1023, '\0') + "\x01";
  const auto der = [](char tag, const std::string& content) {
    return std::string{tag, '\x82', static_cast<char>(content.size() >> 8), static_cast<char>(content.size())} +
           content;
  };
  const std::string key = der(0x30, der(0x02, modulus) + std::string("\x02\x03\x01\x00\x01", 5));
  for (const Legacy legacy : {Legacy::refuse, Legacy::verify}) {
    const auto result = check_with(plain_mail(), {"v=DKIM1; p=" + to_base64(key)}, legacy);
    CHECK(outcome(result) == "policy key-too-large");
  }
}

// RFC 6376 section 3.6.2
TEST_CASE("each key is asked for once, records are parsed once") {
  const std::string one = sign(plain_header, plain_body, {}, rsa_2048());
  FakeResolver resolver;
  resolver.txt(key_name, rsa_2048().record());
  CHECK(check_mail(one + one + one + plain_header + "\r\n" + plain_body, resolver).signatures.size() == 3);
  CHECK(resolver.asked() == 1);
  KeyCache cache(2);
  const auto first = cache.get(rsa_2048().record());
  CHECK(cache.get(rsa_2048().record()) == first);
  static_cast<void>(cache.get("a=1"));
  static_cast<void>(cache.get("a=2"));  // full: starts anew
  CHECK(cache.get(rsa_2048().record()) != first);
  CHECK(first->key->bits() == 2048);
}
