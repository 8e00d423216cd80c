// The facts that a conclusion about one failure sample rests on, taken out of an evaluation, of the report's claims and
// of stored aggregate rows. Plain values without DNS or octets of the mail, so that the rules (conclude.hpp) are a pure
// function of them. examine.hpp fills them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/auth_result.hpp"
#include "model/failure_report.hpp"
#include "model/ip_address.hpp"
#include "verify/dmarc/evaluation.hpp"

namespace ruaudit::verify::failure {

// What happened to a signature between its signer and the sample.
enum class Damage : std::uint8_t {
  none,                     // verifies
  content_beyond_length,    // verifies, with octets beyond l=
  footer_added,             // header verifies; so does the body without its end
  body_changed,             // header verifies, body does not
  body_unknown,             // header verifies, the body is not there
  header_restored,          // verifies when a change that lists make is taken back
  header_changed,           // body hash agrees, header does not verify
  header_changed_no_body,   // header does not verify, the body is not there
  header_and_body_changed,  // neither agrees
  expired,                  // x= is past; verifies otherwise
  expired_and_broken,       // x= is past, and it would not verify before either
  key_missing,
  key_revoked,
  key_replaced,  // the key that is there did not make the signature
  key_faulty,    // malformed, weak, or of the wrong kind
  faulty,        // the signature cannot be used whatever the mail says
  dns_error,
  not_evaluated,
};

struct SignatureFacts {
  std::string domain{};    // d=, A-labels
  std::string selector{};  // s=
  bool is_aligned = false;
  bool is_ed25519 = false;
  bool is_testing = false;  // t=y
  Damage damage = Damage::not_evaluated;
  std::optional<bool> is_made_by_key{};          // RSA: the key at the selector made the signature, over whatever
  std::optional<bool> verifies_with_reported{};  // with the key of the report's DKIM-Selector-DNS
  bool covers_list_fields = false;               // h= names List-Id or List-Post: they were there when it was signed
  std::string fields{};                          // the header fields that changed, as far as known: "Subject, To"
  std::string text{};                            // the verifier's sentence
  std::uint64_t added_octets = 0;                // of a footer, or beyond l=
  std::uint32_t added_line = 0;
};

struct SpfFacts {
  model::SpfResult result = model::SpfResult::none;
  std::string domain{};
  bool is_aligned = false;        // the domain, whatever the result
  bool allows_anyone = false;     // passes by a term that matches every, or nearly every, address
  bool is_record_faulty = false;  // permerror
  bool quotes_mail = false;       // the text: a macro may have put parts of the sender into it
  std::string text{};
};

// Whether the author's domain lets the source send by SPF.
// no_record: it publishes no SPF record, so that it has said nothing about anybody.
enum class Authorisation : std::uint8_t { no, no_record, yes, anyone, undecided, not_checked };

// Of stored aggregate rows with this source and header_from, in the 90 days before the sample. Reports whose mail does
// not prove where it comes from may be anybody's: their rows are distinguished, and are not a ground for an own sender.
struct SourceHistory {
  std::int64_t messages = 0;
  std::int64_t spf_aligned = 0;   // messages
  std::int64_t dkim_aligned = 0;  // messages
  std::string last_day{};         // of an aligned row
  // Of unauthenticated reports, beside those above.
  std::int64_t unproved_messages = 0;
  std::int64_t unproved_aligned = 0;  // by SPF or DKIM
  // Of rows whose return path is the author's own, aligned or not, of all reports.
  std::int64_t own_days = 0;
  std::int64_t own_messages = 0;
  std::int64_t own_reporters = 0;
  bool operator==(const SourceHistory&) const = default;
};
inline constexpr std::int64_t history_days = 90;
// From when on a source with the domain's own return path is steady: what a forger sends comes and goes.
inline constexpr std::int64_t steady_days = 5;
inline constexpr std::int64_t steady_messages = 20;
inline constexpr std::int64_t steady_reporters = 2;

struct ForwardingFacts {
  // SRS, BATV's rivals: who rewrote, and whether the address inside is the author's and SPF passes for the forwarder.
  std::string srs_forwarder{};
  bool srs_is_of_author = false;
  bool srs_passes_spf = false;
  // ARC: the chain's result, its last sealer, and whether a sealed result says that the author's domain passed.
  bool arc_passes = false;
  std::string arc_sealer{};
  bool arc_tells_author_passed = false;
  bool arc_is_unchecked = false;  // the body is not there
  // Fields that list servers write.
  std::string list{};                // List-Id's identifier, or the field found; empty: none
  bool is_list_vouched_for = false;  // SPF or a signature passes for another domain than the author's
};

// What the report says of results, as far as it can be compared.
struct ClaimFacts {
  std::optional<model::SpfResult> spf{};
  std::optional<model::DkimResult> dkim{};  // the best of those claimed
  std::optional<dmarc::DmarcResult> dmarc{};
  std::vector<model::AuthFailure> failures{};
  bool tells_dns_trouble = false;  // temperror or permerror, or Auth-Failure: revoked
};

struct SampleFacts {
  model::SampleExtent extent = model::SampleExtent::none;
  bool is_redacted = false;
  bool is_first_field_readable = true;
  std::string author{};  // header_from; empty: not exactly one
  std::optional<model::IpAddress> source{};
  bool is_source_internal = false;    // an address of no public network
  std::int64_t at = 0;                // the time judged by
  bool is_of_another_domain = false;  // the report names domains, and the author's is not among them, aligned
  bool is_dmarc_undecided = false;    // the policy could not be looked up
  bool has_policy = true;
  bool is_refused = true;  // by the policy published for the author: p, sp or np is not none
  bool passes_rfc9989 = false;
  bool passes_rfc7489 = false;
  std::optional<SpfFacts> spf{};
  std::vector<SignatureFacts> signatures{};
  Authorisation authorised_then = Authorisation::not_checked;   // by the DNS nearest to the sample's time
  Authorisation authorised_today = Authorisation::not_checked;  // by another state of DNS
  std::string authorised_by{};                                  // the term
  bool quoted_spf_authorises = false;                           // SPF-DNS of the report would; a claim, no ground
  SourceHistory history{};
  ForwardingFacts forwarding{};
  ClaimFacts claims{};
};

}  // namespace ruaudit::verify::failure

template <>
inline constexpr ruaudit::model::EnumText<ruaudit::verify::failure::Authorisation>
    ruaudit::model::enum_table<ruaudit::verify::failure::Authorisation>[] = {
        {ruaudit::verify::failure::Authorisation::no, "no"},
        {ruaudit::verify::failure::Authorisation::no_record, "no-record"},
        {ruaudit::verify::failure::Authorisation::yes, "yes"},
        {ruaudit::verify::failure::Authorisation::anyone, "anyone"},
        {ruaudit::verify::failure::Authorisation::undecided, "undecided"},
        {ruaudit::verify::failure::Authorisation::not_checked, "not_checked"}};

template <>
inline constexpr ruaudit::model::EnumText<ruaudit::verify::failure::Damage>
    ruaudit::model::enum_table<ruaudit::verify::failure::Damage>[] = {
        {ruaudit::verify::failure::Damage::none, "none"},
        {ruaudit::verify::failure::Damage::content_beyond_length, "content-beyond-length"},
        {ruaudit::verify::failure::Damage::footer_added, "footer-added"},
        {ruaudit::verify::failure::Damage::body_changed, "body-changed"},
        {ruaudit::verify::failure::Damage::body_unknown, "body-unknown"},
        {ruaudit::verify::failure::Damage::header_restored, "header-restored"},
        {ruaudit::verify::failure::Damage::header_changed, "header-changed"},
        {ruaudit::verify::failure::Damage::header_changed_no_body, "header-changed-no-body"},
        {ruaudit::verify::failure::Damage::header_and_body_changed, "header-and-body-changed"},
        {ruaudit::verify::failure::Damage::expired, "expired"},
        {ruaudit::verify::failure::Damage::expired_and_broken, "expired-and-broken"},
        {ruaudit::verify::failure::Damage::key_missing, "key-missing"},
        {ruaudit::verify::failure::Damage::key_revoked, "key-revoked"},
        {ruaudit::verify::failure::Damage::key_replaced, "key-replaced"},
        {ruaudit::verify::failure::Damage::key_faulty, "key-faulty"},
        {ruaudit::verify::failure::Damage::faulty, "faulty"},
        {ruaudit::verify::failure::Damage::dns_error, "dns-error"},
        {ruaudit::verify::failure::Damage::not_evaluated, "not-evaluated"}};
