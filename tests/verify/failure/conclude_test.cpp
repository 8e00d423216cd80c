// The rules of docs/failure-conclusions.md as tables: facts in, conclusion, reason and confidence out.
#include <catch2/catch.hpp>

#include "conclusion_case.hpp"

namespace ruaudit::verify::failure::test {

TEST_CASE("each rule of the tables gives its conclusion", "[failure]") {
  for (const auto* table : {&signature_cases(), &source_cases()})
    for (const auto& one : *table) {
      CAPTURE(one.rule);
      auto facts = stranger();
      for (const auto& change : one.changes) change(facts);
      const auto got = conclude(facts);
      CAPTURE(got.summary);
      CHECK(model::to_text(got.verdict) == model::to_text(one.verdict));
      CHECK(model::to_text(got.reason) == model::to_text(one.reason));
      CHECK(model::to_text(got.confidence) == model::to_text(one.confidence));
      CHECK_FALSE(got.summary.empty());
      CHECK_FALSE(got.evidence.empty());
    }
}

TEST_CASE("no combination of damages makes a stranger's mail the owner's or legitimate", "[failure]") {
  const Damage broken[] = {Damage::footer_added,
                           Damage::body_changed,
                           Damage::body_unknown,
                           Damage::header_changed,
                           Damage::header_changed_no_body,
                           Damage::header_restored,
                           Damage::header_and_body_changed,
                           Damage::expired,
                           Damage::expired_and_broken,
                           Damage::key_missing,
                           Damage::key_revoked,
                           Damage::key_replaced,
                           Damage::key_faulty,
                           Damage::faulty,
                           Damage::dns_error,
                           Damage::not_evaluated,
                           Damage::content_beyond_length};
  const Edit surroundings[] = {[](auto&) {},
                               by_srs,
                               by_arc,
                               by_list,
                               seen_by_dkim,
                               [](auto& f) { f.is_redacted = true; },
                               [](auto& f) { f.quoted_spf_authorises = true; },
                               [](auto& f) { f.authorised_then = Authorisation::anyone; }};
  for (const auto first : broken)
    for (const auto second : broken)
      for (const auto& surround : surroundings) {
        auto facts = stranger();
        facts.signatures = {signature(first), signature(second)};
        surround(facts);
        const auto got = conclude(facts);
        CAPTURE(model::to_text(first), model::to_text(second), got.summary);
        CHECK(got.verdict != Verdict::own_sender_broken);
        CHECK(got.verdict != Verdict::legitimate);
      }
}

TEST_CASE("claims that differ from the results are told", "[failure]") {
  auto facts = stranger();
  facts.claims.spf = model::SpfResult::pass;
  facts.claims.dkim = model::DkimResult::pass;
  facts.claims.dmarc = dmarc::DmarcResult::pass;
  CHECK(conclude(facts).disagreements.size() == 3);
  facts.claims = {};
  CHECK(conclude(facts).disagreements.empty());
}

TEST_CASE("the look-up that failed is named, though a key that is missing leaves DMARC undecided too", "[failure]") {
  auto facts = stranger();
  facts.is_dmarc_undecided = true;
  CHECK(conclude(facts).mechanism == Mechanism::dmarc);
  CHECK_THAT(conclude(facts).summary, Catch::Contains("the DMARC policy of " + facts.author));
  facts.signatures = {signature(Damage::dns_error)};
  CHECK(conclude(facts).mechanism == Mechanism::dkim);
  const auto& signed_by = facts.signatures[0];
  CHECK_THAT(conclude(facts).summary,
             Catch::Contains("the key at " + signed_by.selector + "._domainkey." + signed_by.domain));
  facts.spf->result = model::SpfResult::temperror;
  CHECK(conclude(facts).mechanism == Mechanism::spf);
  CHECK_THAT(conclude(facts).summary, Catch::Contains("the SPF check of " + facts.spf->domain));
}

TEST_CASE("one mechanism is aligned, two are", "[failure]") {
  auto facts = stranger();
  facts.signatures = {signature(Damage::none)};
  facts.spf->result = model::SpfResult::pass;
  CHECK_THAT(conclude(facts).summary, Catch::Contains("SPF and DKIM pass and are aligned"));
  facts.signatures.clear();
  CHECK_THAT(conclude(facts).summary, Catch::Contains("SPF passes and is aligned"));
}

TEST_CASE("texts name the damage and hold no local part", "[failure]") {
  auto facts = stranger();
  facts.signatures = {signature(Damage::header_restored)};
  facts.signatures[0].fields = "Subject";
  const auto got = conclude(facts);
  CHECK(got.summary.find("Subject") != std::string::npos);
  CHECK(got.summary.find('@') == std::string::npos);
}

TEST_CASE("what a verifier says of a fault without a quotation is the reason that is told", "[failure]") {
  auto facts = stranger();
  facts.history = {.messages = 9, .spf_aligned = 5, .last_day = "2026-09-01"};
  facts.spf->result = model::SpfResult::permerror;
  facts.spf->is_record_faulty = true;
  facts.spf->text = "'include:_spf.example.com' of example.org includes nothing";
  CHECK_THAT(conclude(facts).advice, Catch::Contains(": 'include:_spf.example.com' of example.org includes nothing."));
  facts = stranger();
  facts.signatures = {signature(Damage::faulty)};
  facts.signatures[0].text = "rsa-sha1 must not be used any more";
  authorised(facts);
  CHECK_THAT(conclude(facts).summary, Catch::Contains("cannot be used: rsa-sha1 must not be used any more"));
}

TEST_CASE("what a verifier quotes of a mail stays in the evidence", "[failure]") {
  std::size_t quoted = 0;
  const auto check = [&quoted](const SampleFacts& facts) {
    const auto got = conclude(facts);
    CAPTURE(model::to_text(got.reason), got.summary, got.advice);
    CHECK(got.summary.find("plantedlocal") == std::string::npos);
    CHECK(got.advice.find("plantedlocal") == std::string::npos);
    for (const auto& line : got.evidence)
      if (line.text.find("plantedlocal") != std::string::npos) ++quoted;
  };
  for (const auto* table : {&signature_cases(), &source_cases()})
    for (const auto& one : *table) {
      auto facts = stranger();
      for (const auto& change : one.changes) change(facts);
      if (facts.spf) {
        facts.spf->text = "'include:%{l}._spf.example.com' includes nothing: plantedlocal._spf.example.com";
        facts.spf->quotes_mail = true;
      }
      for (auto& one_signature : facts.signatures) one_signature.text = "i='plantedlocal': no '@'";
      check(facts);
    }
  auto facts = stranger();
  facts.signatures = {signature(Damage::faulty)};
  facts.signatures[0].text = "i='plantedlocal': no '@'";
  for (const auto& surround : {Edit([](auto&) {}), Edit(authorised), Edit(by_list), Edit(seen_by_spf)}) {
    auto other = facts;
    surround(other);
    check(other);
  }
  facts = stranger();
  facts.history = {.messages = 9, .spf_aligned = 5, .last_day = "2026-09-01"};
  facts.spf->result = model::SpfResult::permerror;
  facts.spf->is_record_faulty = true;
  facts.spf->text = "'include:%{l}._spf.example.com' includes nothing: plantedlocal._spf.example.com";
  facts.spf->quotes_mail = true;
  CHECK_THAT(conclude(facts).advice, Catch::Contains("Correct the SPF record of"));
  check(facts);
  CHECK(quoted > 0);
}

}  // namespace ruaudit::verify::failure::test
