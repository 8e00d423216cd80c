// Chains sealed in the test, then changed: each rule of RFC 8617 section 5.2 by itself.
#include "verify/arc/chain.hpp"

#include <catch2/catch.hpp>
#include <functional>

#include "signer.hpp"

using namespace ruaudit::test;
using namespace ruaudit::verify;
using namespace ruaudit::verify::arc;

namespace {

const std::string header = "From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: hello\r\n";
const std::string body = "Hi Bob,\r\nall is well.\r\n";

struct SealSpec {
  std::string cv{};  // "": none for the first, pass for others
  std::string d = "relay.example";
  std::string a = "rsa-sha256";
  std::string ams_h = "from:to:subject";
  std::string ams_c = "relaxed/relaxed";
  bool is_c_written = true;
  std::string seal_extra{};
  std::string ams_extra{};
};

struct Sealed {
  std::vector<std::string> sets;  // "AAR AMS AS" of each instance in that order, canonical
  std::string fields;             // what stands on top of the mail's header, newest first
};

// Adds one set as a sealer does: AMS over the mail, AS over all sets.
void add_set(Sealed& mail, const std::string& content, const SealSpec& spec = {}, const TestKey& key = rsa_1024()) {
  const std::string i = std::to_string(mail.sets.size() + 1);
  const std::string aar = "ARC-Authentication-Results: i=" + i + "; mx" + i + ".example; spf=pass\r\n";
  const std::string ams = sign(mail.fields + header, content,
                               {.name = "ARC-Message-Signature",
                                .before = "i=" + i + "; ",
                                .a = spec.a,
                                .c = spec.ams_c,
                                .is_c_written = spec.is_c_written,
                                .d = spec.d,
                                .h = spec.ams_h,
                                .extra = spec.ams_extra},
                               key);
  const std::string cv = !spec.cv.empty() ? spec.cv : i == "1" ? "none" : "pass";
  const std::string seal = "ARC-Seal: i=" + i + "; a=" + spec.a + "; cv=" + cv + "; d=" + spec.d + "; s=sel; t=1000" +
                           spec.seal_extra + "; b=";
  std::string input;
  for (const std::string& set : mail.sets) input += set;
  const std::string own = plain_canonical_field(aar, true) + plain_canonical_field(ams, true);
  std::string seal_input = plain_canonical_field(seal + "\r\n", true);
  seal_input.resize(seal_input.size() - 2);
  const std::string sealed = seal + to_base64(key.sign(input + own + seal_input, spec.a == "rsa-sha1")) + "\r\n";
  mail.sets.push_back(own + plain_canonical_field(sealed, true));
  mail.fields = sealed + ams + aar + mail.fields;
}

Sealed chain_of(std::size_t count, const SealSpec& spec = {}) {
  Sealed mail;
  for (std::size_t i = 0; i < count; ++i) add_set(mail, body, spec);
  return mail;
}

FakeResolver& with_key(FakeResolver& resolver) {
  return resolver.txt("sel._domainkey.relay.example", rsa_1024().record());
}

Chain validate(const std::string& mail, std::int64_t at = 1'600'000'000) {
  FakeResolver resolver;
  with_key(resolver);
  dkim::KeyCache cache;
  const auto view = message::Message::view(mail);
  REQUIRE(view.has_value());
  return validate_chain(*view, resolver, cache, at);
}

Chain validate(const Sealed& sealed, const std::string& content = body) {
  return validate(sealed.fields + header + "\r\n" + content);
}

std::string outcome(const Chain& chain) {
  return std::string(ruaudit::model::to_text(chain.result)) + " " + std::string(ruaudit::model::to_text(chain.reason));
}

Sealed replaced(Sealed mail, const std::string& from, const std::string& to) {
  const std::size_t at = mail.fields.find(from);
  REQUIRE(at != std::string::npos);
  mail.fields.replace(at, from.size(), to);
  return mail;
}

// Without the topmost field that starts with `start`.
Sealed without(Sealed mail, const std::string& start) {
  std::string kept;
  bool is_dropped = false;
  for (const std::string& field : split_fields(mail.fields)) {
    if (!is_dropped && field.starts_with(start))
      is_dropped = true;
    else
      kept += field;
  }
  REQUIRE(is_dropped);
  mail.fields = kept;
  return mail;
}

}  // namespace

TEST_CASE("a mail without ARC fields has no chain") { CHECK(outcome(validate(Sealed{})) == "none ok"); }

// RFC 8617 sections 5.1.1 and 5.2
TEST_CASE("a chain of good sets passes and names its sealers") {
  const Chain chain = validate(chain_of(3));
  CHECK(outcome(chain) == "pass ok");
  CHECK(chain.oldest_pass == 0U);
  REQUIRE(chain.sets.size() == 3);
  CHECK(chain.sets[0].instance == 1);
  CHECK(chain.sets[0].domain == "relay.example");
  CHECK(chain.sets[0].selector == "sel");
  CHECK(chain.sets[0].chain_value == "none");
  CHECK(chain.sets[2].chain_value == "pass");
  CHECK(chain.sets[1].authentication_results == "mx2.example; spf=pass");
  CHECK(chain.sets[1].timestamp == 1000);
  CHECK(chain.sets[2].line == 1U);
  for (const Set& set : chain.sets) {
    CHECK(set.seal_verifies == true);
    CHECK(set.message_signature->result == ruaudit::model::DkimResult::pass);
    CHECK(set.remarks.empty());
  }
}

// RFC 8617 sections 4.1.2, 4.1.3 and 4.2.1
TEST_CASE("comments around the instances of a seal and of a message signature are signed as they stand") {
  const std::string aar = "ARC-Authentication-Results: (x) i=1; mx.example; none\r\n";
  const std::string ams =
      sign(header, body, {.name = "ARC-Message-Signature", .before = "(first) i = 1 (of; one); ", .d = "relay.example"},
           rsa_1024());
  const std::string seal = "ARC-Seal: i=1 (of one); a=rsa-sha256; cv=none; d=relay.example; s=sel; b=";
  std::string own = plain_canonical_field(seal + "\r\n", true);
  own.resize(own.size() - 2);
  const std::string input = plain_canonical_field(aar, true) + plain_canonical_field(ams, true) + own;
  const std::string mail = seal + to_base64(rsa_1024().sign(input, false)) + "\r\n" + ams + aar + header;
  CHECK(outcome(validate(mail + "\r\n" + body)) == "pass ok");
}

// RFC 8617 sections 4.2.1 and 5.2
TEST_CASE("fifty sets are the most that a chain may have") {
  const Sealed fifty = chain_of(50);
  CHECK(outcome(validate(fifty)) == "pass ok");
  CHECK(outcome(validate(replaced(fifty, "ARC-Seal: i=50", "ARC-Seal: i=51"))) == "fail malformed-field");
  Sealed more = fifty;
  more.fields = split_fields(fifty.fields).front() + more.fields;
  CHECK(outcome(validate(more)) == "fail too-many-sets");
}

// RFC 8617 section 5.2
TEST_CASE("oldest-pass is the lowest instance whose message signature still verifies") {
  Sealed mail;
  add_set(mail, "first\r\n");
  add_set(mail, "second\r\n");
  add_set(mail, body);
  add_set(mail, body);
  const Chain chain = validate(mail);
  CHECK(outcome(chain) == "pass ok");
  CHECK(chain.oldest_pass == 3U);
  CHECK(chain.sets[0].message_signature->result == ruaudit::model::DkimResult::fail);
}

// RFC 8617 section 5.2
TEST_CASE("oldest-pass stops at the first message signature that fails, whatever verifies below it") {
  Sealed mail;
  add_set(mail, body);
  add_set(mail, "changed and changed back\r\n");
  add_set(mail, body);
  const Chain chain = validate(mail);
  CHECK(outcome(chain) == "pass ok");
  CHECK(chain.sets[0].message_signature->result == ruaudit::model::DkimResult::pass);
  CHECK(chain.oldest_pass == 3U);
}

TEST_CASE("the newest message signature must verify") {
  const Chain chain = validate(chain_of(2), "changed\r\n");
  CHECK(outcome(chain) == "fail message-signature");
  CHECK_FALSE(chain.oldest_pass.has_value());
}

TEST_CASE("every seal must verify") {
  const Sealed mail = chain_of(2);
  CHECK(outcome(validate(replaced(mail, "i=1; mx1.example; spf=pass", "i=1; mx1.example; spf=fail"))) == "fail seal");
  CHECK(outcome(validate(replaced(mail, "i=2; mx2.example; spf=pass", "i=2; mx2.example; spf=fail"))) == "fail seal");
  CHECK(outcome(validate(replaced(mail, "t=1000", "t=1001"))) == "fail seal");
  const Chain chain = validate(replaced(mail, "i=2; mx2.example;", "i=2; mx3.example;"));
  CHECK(chain.sets[0].seal_verifies == true);
  CHECK(chain.sets[1].seal_verifies == false);
}

// RFC 8617 section 5.1.1
TEST_CASE("white space in ARC fields is relaxed, in message signatures as c= says") {
  const Sealed mail = chain_of(1);
  CHECK(outcome(validate(replaced(mail, "ARC-Authentication-Results: i=1; mx1",
                                  "arc-authentication-results:\r\n\ti=1;  mx1"))) == "pass ok");
  CHECK(outcome(validate(replaced(mail, "cv=none; d=", "cv=none;\r\n d="))) == "pass ok");
}

// RFC 8617 sections 4.4 and 5.2
TEST_CASE("the newest seal with cv=fail ends the validation") {
  CHECK(outcome(validate(chain_of(1, {.cv = "fail"}))) == "fail marked-failed");
  Sealed mail = chain_of(1);
  add_set(mail, body, {.cv = "fail"});
  CHECK(outcome(validate(mail)) == "fail marked-failed");
}

// RFC 8617 sections 4.4 and 5.2
TEST_CASE("the first seal has cv=none, every other cv=pass") {
  CHECK(outcome(validate(chain_of(1, {.cv = "pass"}))) == "fail wrong-chain-value");
  Sealed none = chain_of(1);
  add_set(none, body, {.cv = "none"});
  CHECK(outcome(validate(none)) == "fail wrong-chain-value");
  Sealed failed;
  add_set(failed, body, {.cv = "fail"});
  add_set(failed, body, {.cv = "pass"});
  CHECK(outcome(validate(failed)) == "fail wrong-chain-value");
}

// RFC 8617 section 5.2
TEST_CASE("each set has exactly one of the three fields") {
  const Sealed mail = chain_of(2);
  for (const char* name : {"ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"}) {
    CAPTURE(name);
    CHECK(outcome(validate(without(mail, name))) == "fail incomplete-set");
    const std::string own = std::string(name) + ": i=1";
    CHECK(outcome(validate(without(mail, own))) == "fail incomplete-set");
    Sealed twice = mail;
    for (const std::string& field : split_fields(mail.fields))
      if (field.starts_with(own)) twice.fields += field;
    CHECK(outcome(validate(twice)) == "fail repeated-field");
  }
}

// RFC 8617 sections 4.2.1 and 5.2
TEST_CASE("a gap in the instances fails") {
  Sealed mail = chain_of(3);
  for (const char* name : {"ARC-Seal: i=2", "ARC-Message-Signature: i=2", "ARC-Authentication-Results: i=2"})
    mail = without(mail, name);
  CHECK(outcome(validate(mail)) == "fail incomplete-set");
}

TEST_CASE("a field without an instance fails") {
  for (const char* name : {"ARC-Seal: ", "ARC-Message-Signature: ", "ARC-Authentication-Results: "}) {
    CAPTURE(name);
    CHECK(outcome(validate(replaced(chain_of(1), std::string(name) + "i=1; ", name))) == "fail malformed-field");
    CHECK(outcome(validate(replaced(chain_of(1), std::string(name) + "i=1; ", std::string(name) + "i=0; "))) ==
          "fail malformed-field");
  }
}

// RFC 8617 section 4.1.3
TEST_CASE("a seal with h= fails even where it is signed so") {
  CHECK(outcome(validate(chain_of(1, {.seal_extra = "; h=from"}))) == "fail malformed-field");
  CHECK(outcome(validate(chain_of(1, {.seal_extra = "; zz=1"}))) == "pass ok");
}

// RFC 8617 section 4.1.2
TEST_CASE("a message signature that covers ARC-Seal fails; other ARC fields and results are remarked") {
  CHECK(outcome(validate(chain_of(2, {.ams_h = "from:arc-seal"}))) == "fail message-signature");
  const Chain chain = validate(chain_of(2, {.ams_h = "from:Authentication-Results:ARC-Message-Signature"}));
  CHECK(outcome(chain) == "pass ok");
  CHECK(chain.sets[0].remarks.size() == 2);
}

TEST_CASE("a message signature must sign From, unless h= is empty") {
  CHECK(outcome(validate(chain_of(1, {.ams_h = "to:subject"}))) == "fail message-signature");
  CHECK(outcome(validate(chain_of(1, {.ams_h = ""}))) == "pass ok");
}

TEST_CASE("a message signature without c= is simple, or relaxed where only that verifies") {
  CHECK(outcome(validate(chain_of(1, {.ams_c = ""}))) == "pass ok");
  const Chain relaxed = validate(chain_of(1, {.is_c_written = false}));
  CHECK(outcome(relaxed) == "pass ok");
  CHECK(relaxed.sets[0].remarks.size() == 1);
  CHECK(outcome(validate(replaced(chain_of(1), "c=relaxed/relaxed; ", ""))) == "fail message-signature");
}

TEST_CASE("an AMS ignores v= and obeys x=") {
  CHECK(outcome(validate(chain_of(1, {.ams_extra = "; v=9"}))) == "pass ok");
  const Sealed mail = chain_of(1, {.ams_extra = "; x=2000"});
  CHECK(outcome(validate(mail.fields + header + "\r\n" + body, 2000)) == "pass ok");
  CHECK(outcome(validate(mail.fields + header + "\r\n" + body, 2001)) == "fail message-signature");
}

// RFC 8301 sections 3.1 and 3.2
TEST_CASE("weak algorithms and keys fail a chain") {
  CHECK(outcome(validate(chain_of(1, {.a = "rsa-sha1"}))) == "fail message-signature");
  Sealed mail;
  const TestKey weak = TestKey::rsa(768);
  add_set(mail, body, {.d = "weak.example"}, weak);
  FakeResolver resolver;
  resolver.txt("sel._domainkey.weak.example", weak.record());
  dkim::KeyCache cache;
  const std::string text = mail.fields + header + "\r\n" + body;
  CHECK(outcome(validate_chain(*message::Message::view(text), resolver, cache, 0)) == "fail message-signature");
}

TEST_CASE("a chain sealed with ed25519 passes") {
  Sealed mail;
  add_set(mail, body, {.d = "ed.example", .a = "ed25519-sha256"}, ed25519_key());
  FakeResolver resolver;
  resolver.txt("sel._domainkey.ed.example", ed25519_key().record());
  dkim::KeyCache cache;
  const std::string text = mail.fields + header + "\r\n" + body;
  CHECK(outcome(validate_chain(*message::Message::view(text), resolver, cache, 0)) == "pass ok");
}

// RFC 8617 section 5.2.1
TEST_CASE("all failures are permanent, a failing look-up too") {
  const Sealed mail = chain_of(1);
  const std::string text = mail.fields + header + "\r\n" + body;
  for (const auto status : {dns::Status::timeout, dns::Status::servfail, dns::Status::nxdomain}) {
    FakeResolver resolver;
    resolver.fails("sel._domainkey.relay.example", status);
    dkim::KeyCache cache;
    CHECK(outcome(validate_chain(*message::Message::view(text), resolver, cache, 0)) == "fail message-signature");
  }
}
