// The rules of docs/failure-conclusions.md as a table: facts in, conclusion, reason and confidence out.
#include <catch2/catch.hpp>
#include <functional>

#include "verify/failure/conclude.hpp"

using namespace ruaudit;
using namespace ruaudit::verify::failure;

namespace {

using Change_ = std::function<void(SampleFacts&)>;

SpfFacts spf(model::SpfResult result, const std::string& domain, bool is_aligned) {
  SpfFacts facts;
  facts.result = result;
  facts.domain = domain;
  facts.is_aligned = is_aligned;
  return facts;
}

SignatureFacts signature(Damage damage, bool is_aligned = true) {
  SignatureFacts facts;
  facts.domain = is_aligned ? "example.com" : "esp.example";
  facts.selector = "s1";
  facts.is_aligned = is_aligned;
  facts.damage = damage;
  return facts;
}

// An unknown host sends as example.com; SPF is aligned and fails; nothing is signed.
SampleFacts stranger() {
  SampleFacts facts;
  facts.extent = model::SampleExtent::full;
  facts.author = "example.com";
  facts.source = *model::IpAddress::parse("203.0.113.9");
  facts.spf = spf(model::SpfResult::fail, "example.com", true);
  facts.authorised_then = Authorisation::no;
  return facts;
}

Change_ signed_with(Damage damage) {
  return [damage](SampleFacts& f) { f.signatures = {signature(damage)}; };
}
void authorised(SampleFacts& f) {
  f.authorised_then = Authorisation::yes;
  f.spf = spf(model::SpfResult::pass, "esp.example", false);
}
void seen_by_spf(SampleFacts& f) { f.history = {.messages = 9, .spf_aligned = 5, .last_day = "2026-09-01"}; }
void seen_by_dkim(SampleFacts& f) { f.history = {.messages = 9, .dkim_aligned = 5, .last_day = "2026-09-01"}; }
void by_srs(SampleFacts& f) {
  f.spf = spf(model::SpfResult::pass, "fwd.example", false);
  f.forwarding = {.srs_forwarder = "fwd.example", .srs_is_of_author = true, .srs_passes_spf = true};
}
void by_arc(SampleFacts& f) {
  f.spf = spf(model::SpfResult::pass, "fwd.example", false);
  f.forwarding.arc_passes = true;
  f.forwarding.arc_sealer = "fwd.example";
  f.forwarding.arc_tells_author_passed = true;
}
void by_list(SampleFacts& f) {
  f.spf = spf(model::SpfResult::pass, "lists.example", false);
  f.forwarding.list = "talk.lists.example";
  f.forwarding.is_list_vouched_for = true;
}
void spf_passes(SampleFacts& f) { f.spf = spf(model::SpfResult::pass, "example.com", true); }

struct Case {
  const char* rule;
  std::vector<Change_> changes;
  Verdict verdict;
  Reason reason;
  Confidence confidence;
};

const std::vector<Case>& cases() {
  using V = Verdict;
  using R = Reason;
  using C = Confidence;
  static const std::vector<Case> table = {
      {"no sample decides nothing",
       {[](auto& f) { f.extent = model::SampleExtent::none; }},
       V::indeterminate,
       R::sample_missing,
       C::low},
      {"a From without one domain decides nothing",
       {[](auto& f) { f.author.clear(); }},
       V::indeterminate,
       R::author_unknown,
       C::low},
      {"a sample of another domain than the one reported decides nothing",
       {spf_passes, [](auto& f) { f.is_of_another_domain = true; }},
       V::indeterminate,
       R::author_is_another,
       C::low},

      {"SPF and DKIM that pass are legitimate",
       {spf_passes, signed_with(Damage::none)},
       V::legitimate,
       R::passes,
       C::high},
      {"aligned DKIM alone, with no SPF to fail, is legitimate",
       {signed_with(Damage::none), [](auto& f) { f.spf.reset(); }},
       V::legitimate,
       R::passes,
       C::high},
      {"aligned SPF alone is legitimate", {spf_passes}, V::legitimate, R::passes, C::medium},
      {"only an Ed25519 signature passes: the reporter could not see it",
       {signed_with(Damage::none),
        [](auto& f) {
          f.signatures[0].is_ed25519 = true;
          f.spf.reset();
        }},
       V::legitimate,
       R::only_ed25519,
       C::high},
      {"a fault of DNS that the reporter met has healed",
       {signed_with(Damage::none), [](auto& f) { f.claims.tells_dns_trouble = true; }},
       V::legitimate,
       R::dns_healed,
       C::high},
      {"DKIM survives where SPF fails: forwarded",
       {signed_with(Damage::none)},
       V::forwarded,
       R::dkim_survived,
       C::medium},
      {"DKIM survives behind SRS: forwarded, surely",
       {signed_with(Damage::none), by_srs},
       V::forwarded,
       R::dkim_survived,
       C::high},
      {"SPF passes and the signature is broken at home",
       {spf_passes, signed_with(Damage::key_missing)},
       V::own_sender_broken,
       R::key_missing,
       C::high},
      {"the reporter saw the signature pass that fails in his sample",
       {spf_passes, signed_with(Damage::body_changed), [](auto& f) { f.claims.dkim = model::DkimResult::pass; }},
       V::legitimate,
       R::passes,
       C::medium},
      {"an SPF record that lets everyone send decides nothing",
       {spf_passes, [](auto& f) { f.spf->allows_anyone = true; }},
       V::indeterminate,
       R::spf_allows_anyone,
       C::low},
      {"text beyond l= of an unknown host: forwarded",
       {signed_with(Damage::content_beyond_length)},
       V::forwarded,
       R::content_beyond_length,
       C::medium},
      {"text beyond l= of an own host is the owner's to mend",
       {signed_with(Damage::content_beyond_length), authorised},
       V::own_sender_broken,
       R::content_beyond_length,
       C::high},

      {"a key that could not be fetched decides nothing",
       {signed_with(Damage::dns_error)},
       V::indeterminate,
       R::dns_error,
       C::low},
      {"a policy that could not be looked up decides nothing",
       {[](auto& f) { f.is_dmarc_undecided = true; }},
       V::indeterminate,
       R::dns_error,
       C::low},
      {"SPF that met a DNS error decides nothing",
       {[](auto& f) { f.spf->result = model::SpfResult::temperror; }},
       V::indeterminate,
       R::dns_error,
       C::low},

      {"a footer behind the author's signature: forwarded",
       {signed_with(Damage::footer_added)},
       V::forwarded,
       R::footer_added,
       C::medium},
      {"a footer, and a list: forwarded, surely",
       {signed_with(Damage::footer_added), by_list},
       V::forwarded,
       R::footer_added,
       C::high},
      {"a footer at an own host is the owner's to mend",
       {signed_with(Damage::footer_added), authorised},
       V::own_sender_broken,
       R::footer_added,
       C::high},
      {"a changed body under a good header, by an unknown host, may be a replay",
       {signed_with(Damage::body_changed)},
       V::indeterminate,
       R::body_changed,
       C::low},
      {"a changed body at an own host",
       {signed_with(Damage::body_changed), seen_by_spf},
       V::own_sender_broken,
       R::body_changed,
       C::high},
      {"a restored header is proof of who signed",
       {signed_with(Damage::header_restored)},
       V::forwarded,
       R::header_changed,
       C::medium},
      {"headers only, and the header is as signed",
       {signed_with(Damage::body_unknown)},
       V::indeterminate,
       R::body_missing,
       C::low},
      {"headers only, behind ARC", {signed_with(Damage::body_unknown), by_arc}, V::forwarded, R::body_missing, C::high},
      {"a signature that had expired, at an own host",
       {signed_with(Damage::expired), authorised},
       V::own_sender_broken,
       R::signature_expired,
       C::high},
      {"a signature that had expired, at an unknown host, may be a replay",
       {signed_with(Damage::expired)},
       V::indeterminate,
       R::signature_expired,
       C::low},

      {"a redacted sample proves nothing by a signature that fails",
       {signed_with(Damage::header_and_body_changed), [](auto& f) { f.is_redacted = true; }},
       V::indeterminate,
       R::redacted,
       C::low},
      {"a redacted sample without a signature can be a forgery",
       {[](auto& f) { f.is_redacted = true; }},
       V::forgery,
       R::nothing_aligned,
       C::high},

      {"a key that is gone proves nothing",
       {signed_with(Damage::key_missing)},
       V::indeterminate,
       R::key_missing,
       C::low},
      {"a key that is gone, at an own host",
       {signed_with(Damage::key_missing), authorised},
       V::own_sender_broken,
       R::key_missing,
       C::medium},
      {"two facts make it sure",
       {signed_with(Damage::key_replaced), authorised, seen_by_spf},
       V::own_sender_broken,
       R::key_replaced,
       C::high},
      {"a key that is gone, at a host known by DKIM alone",
       {signed_with(Damage::key_missing), seen_by_dkim},
       V::indeterminate,
       R::key_missing,
       C::low},

      {"a changed header by an unknown host proves nothing",
       {signed_with(Damage::header_changed)},
       V::indeterminate,
       R::header_changed,
       C::low},
      {"a changed header at an own host",
       {signed_with(Damage::header_changed), authorised},
       V::own_sender_broken,
       R::header_changed,
       C::medium},
      {"a changed header behind SRS",
       {signed_with(Damage::header_changed), by_srs},
       V::forwarded,
       R::header_changed,
       C::medium},
      {"a signature of which nothing stands is none",
       {signed_with(Damage::header_and_body_changed)},
       V::forgery,
       R::signature_invalid,
       C::medium},
      {"unless the key published made it",
       {signed_with(Damage::header_and_body_changed), [](auto& f) { f.signatures[0].is_made_by_key = true; }},
       V::indeterminate,
       R::header_and_body_changed,
       C::low},

      {"SRS that SPF vouches for: forwarded, on a word that anyone can write", {by_srs}, V::forwarded, R::srs, C::low},
      {"SRS of another domain's address is no trace of the author",
       {by_srs, [](auto& f) { f.forwarding.srs_is_of_author = false; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"ARC that saw the author pass", {by_arc}, V::forwarded, R::arc, C::low},
      {"ARC that does not hold is none",
       {by_arc, [](auto& f) { f.forwarding.arc_passes = false; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"an ARC chain that cannot be validated without the body decides nothing",
       {[](auto& f) {
         f.forwarding.arc_sealer = "fwd.example";
         f.forwarding.arc_tells_author_passed = f.forwarding.arc_is_unchecked = true;
       }},
       V::indeterminate,
       R::body_missing,
       C::low},
      {"a list that SPF vouches for", {by_list}, V::forwarded, R::mailing_list, C::low},
      {"list fields that the author's signature covers are the author's",
       {by_list, signed_with(Damage::key_missing), [](auto& f) { f.signatures[0].covers_list_fields = true; }},
       V::indeterminate,
       R::key_missing,
       C::low},

      {"an own host with another return path",
       {authorised},
       V::own_sender_broken,
       R::return_path_not_aligned,
       C::medium},
      {"an own host that SPF does not list any more",
       {seen_by_spf},
       V::own_sender_broken,
       R::spf_source_missing,
       C::medium},
      {"an own host under a broken SPF record",
       {seen_by_spf,
        [](auto& f) {
          f.spf->result = model::SpfResult::permerror;
          f.spf->is_record_faulty = true;
        }},
       V::own_sender_broken,
       R::spf_record_faulty,
       C::medium},
      {"authorised by today's SPF alone is authorised",
       {[](auto& f) { f.authorised_today = Authorisation::yes; }},
       V::own_sender_broken,
       R::spf_source_missing,
       C::medium},
      {"without an address of the client nothing is known of the source",
       {[](auto& f) {
         f.source.reset();
         f.spf.reset();
         f.authorised_then = Authorisation::not_checked;
       }},
       V::indeterminate,
       R::source_unknown,
       C::low},
      {"an address of no public network is nobody's",
       {[](auto& f) { f.is_source_internal = true; }},
       V::indeterminate,
       R::source_internal,
       C::low},
      {"a redacted sample without the signature that the reporter tells of decides nothing",
       {[](auto& f) {
         f.is_redacted = true;
         f.claims.dkim = model::DkimResult::pass;
       }},
       V::indeterminate,
       R::redacted,
       C::low},
      {"a redacted sample of which the reporter tells no signature is judged",
       {[](auto& f) {
         f.is_redacted = true;
         f.claims.dkim = model::DkimResult::none;
       }},
       V::forgery,
       R::nothing_aligned,
       C::high},
      {"a domain without an SPF record has said nothing of the source",
       {[](auto& f) { f.authorised_then = Authorisation::no_record; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"under a broken SPF record a stranger is not known for one",
       {[](auto& f) {
         f.spf->result = model::SpfResult::permerror;
         f.spf->is_record_faulty = true;
         f.authorised_then = Authorisation::undecided;
       }},
       V::indeterminate,
       R::spf_record_faulty,
       C::low},
      {"seen aligned by DKIM alone: a service, or a forwarder",
       {seen_by_dkim},
       V::indeterminate,
       R::source_only_by_dkim,
       C::low},

      {"a stranger without anything is a forger", {}, V::forgery, R::nothing_aligned, C::high},
      {"SPF that passes for his own domain may be a service not set up",
       {[](auto& f) { f.spf = spf(model::SpfResult::pass, "esp.example", false); }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"a quoted SPF record is a claim",
       {[](auto& f) { f.quoted_spf_authorises = true; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"an SPF record that lets everyone send makes nobody own",
       {[](auto& f) { f.authorised_then = Authorisation::anyone; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"a signature of another domain is none of the author's",
       {[](auto& f) { f.signatures = {signature(Damage::none, false)}; }},
       V::forgery,
       R::nothing_aligned,
       C::high},
  };
  return table;
}

}  // namespace

TEST_CASE("each rule of the table gives its conclusion", "[failure]") {
  for (const auto& one : cases()) {
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
  const Change_ surroundings[] = {[](auto&) {},
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
  facts.claims.dmarc = verify::dmarc::DmarcResult::pass;
  CHECK(conclude(facts).disagreements.size() == 3);
  facts.claims = {};
  CHECK(conclude(facts).disagreements.empty());
}

TEST_CASE("texts name the damage and hold no local part", "[failure]") {
  auto facts = stranger();
  facts.signatures = {signature(Damage::header_restored)};
  facts.signatures[0].fields = "Subject";
  const auto got = conclude(facts);
  CHECK(got.summary.find("Subject") != std::string::npos);
  CHECK(got.summary.find('@') == std::string::npos);
}
