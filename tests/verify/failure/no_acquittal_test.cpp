// What must not turn a mail into the owner's, into a forwarded or a changed one, though it looks like it.
#include <catch2/catch.hpp>

#include "verify/failure/conclude.hpp"

using namespace ruaudit;
using namespace ruaudit::verify::failure;

namespace {

SampleFacts signed_by_author(Damage damage, const std::string& fields = "") {
  SampleFacts facts;
  facts.extent = model::SampleExtent::full;
  facts.author = "example.com";
  facts.source = *model::IpAddress::parse("203.0.113.9");
  facts.authorised_then = Authorisation::no;
  SignatureFacts signature;
  signature.domain = "example.com";
  signature.selector = "s1";
  signature.is_aligned = true;
  signature.damage = damage;
  signature.fields = fields;
  facts.signatures = {signature};
  return facts;
}

}  // namespace

TEST_CASE("a made-up key from a host that was seen aligned by DKIM alone is not the owner's sender", "[failure]") {
  for (const Damage damage : {Damage::key_missing, Damage::key_revoked, Damage::key_replaced, Damage::key_faulty}) {
    CAPTURE(model::to_text(damage));
    auto facts = signed_by_author(damage);
    facts.history = {.messages = 25, .dkim_aligned = 25, .last_day = "2026-09-01"};
    CHECK(conclude(facts).verdict == Verdict::indeterminate);
    facts.history.spf_aligned = 25;
    CHECK(conclude(facts).verdict == Verdict::own_sender_broken);
  }
}

TEST_CASE("a header that verifies only with another author in it was not forwarded", "[failure]") {
  for (const char* fields : {"From", "from", "Subject, From", "from, to"}) {
    CAPTURE(fields);
    const auto conclusion = conclude(signed_by_author(Damage::header_restored, fields));
    CHECK(conclusion.verdict == Verdict::indeterminate);
    CHECK(conclusion.reason == Reason::header_changed);
  }
  for (const char* fields : {"Subject", "X-From", "From-Line, Subject"}) {
    CAPTURE(fields);
    CHECK(conclude(signed_by_author(Damage::header_restored, fields)).verdict == Verdict::forwarded);
  }
}

TEST_CASE("what a redacted sample lacks of what was signed was not changed on the way", "[failure]") {
  for (const Damage damage : {Damage::header_restored, Damage::body_changed, Damage::header_changed}) {
    CAPTURE(model::to_text(damage));
    auto facts = signed_by_author(damage, "Subject");
    facts.is_redacted = true;
    CHECK(conclude(facts).reason == Reason::redacted);
    CHECK(conclude(facts).verdict == Verdict::indeterminate);
  }
}
