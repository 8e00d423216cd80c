// What a domain owner is told about one failure sample: whose mail it is, what broke it, what to change, how sure that
// is and on which observations it rests. The vocabulary is documented, with every rule, in docs/failure-conclusions.md;
// tokens are stable. Texts hold domains, host names and addresses of hosts, never a local part, a subject or words of a
// body, so that they may be kept when the sample may not; they may hold octets of DNS and of the mail as they arrived,
// which the caller makes safe for its medium.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/enum_text.hpp"

namespace ruaudit::verify::failure {

enum class Verdict : std::uint8_t { own_sender_broken, forwarded, forgery, legitimate, indeterminate };

// high: rests on a signature that verifies, or on two independent facts. medium: on one fact of DNS or of stored
// aggregate rows. low: on fields that anyone can write.
enum class Confidence : std::uint8_t { low, medium, high };

enum class Mechanism : std::uint8_t { none, spf, dkim, arc, dmarc };

// The damage, or what stands in the way of an answer.
enum class Reason : std::uint8_t {
  passes,                   // SPF or DKIM passes and is aligned
  only_ed25519,             // passes by an Ed25519 signature, which the reporter could not verify
  dns_healed,               // the reporter met a fault of DNS that is gone
  dkim_survived,            // aligned DKIM passes where SPF, as after forwarding, does not
  srs,                      // the envelope sender was rewritten by a forwarder
  arc,                      // an ARC chain says that the author's mail passed before it was forwarded
  mailing_list,             // a list took the mail and sent it again
  footer_added,             // text below the signed body
  content_beyond_length,    // text beyond l=
  body_changed,             // the header is as signed, the body is not
  header_changed,           // a signed header field is not as it was
  header_and_body_changed,  // neither is
  signature_expired,        // x=
  key_missing,              // no key at the selector
  key_revoked,              // p= is empty
  key_replaced,             // the key at the selector is not the one that signed
  key_faulty,               // a key record that no verifier accepts, or a weak key
  signature_faulty,         // a signature that no verifier accepts
  spf_source_missing,       // the SPF record does not name the source
  spf_record_faulty,        // the SPF record cannot be evaluated
  return_path_not_aligned,  // SPF passes for another domain than the author's, and nothing signs for the author
  nothing_aligned,          // no SPF, no signature for the author's domain
  signature_invalid,        // a signature that names the author's domain does not verify in any part
  spf_allows_anyone,        // SPF passes only because the record lets everyone send
  source_only_by_dkim,      // the source was seen aligned by DKIM alone: a service of the domain, or a forwarder
  body_missing,             // headers only
  sample_missing,           // no sample at all
  redacted,                 // RFC 6590: what was signed is not what is here
  author_unknown,           // not exactly one domain in From
  author_is_another,        // From is not of the domain that the report is about
  source_unknown,           // no address of the client
  source_internal,          // an address of no public network: the reporter's own relay, or anonymised
  dns_error,                // a lookup that decides did not succeed
  header_unreadable,        // the sample's first line is not a field: a signature may have stood there
  source_steady,            // the source sends with the domain's own return path, steadily: perhaps a sender not set up
  source_unproved,          // aligned before, but only in reports that do not prove where they come from
};

// A header field or the first body line that differs from what was signed or from what the reporter saw.
enum class ChangePart : std::uint8_t { header, body };
struct Change {
  ChangePart part = ChangePart::header;
  std::string field{};     // header: its name; body: empty
  std::uint32_t line = 0;  // 1-based: of the canonical body; of a header 0
  std::string before{};    // octets, at most max_change_octets; empty: not there before
  std::string after{};     // empty: not there any more
  std::string basis{};     // how it was found, for people
  bool operator==(const Change&) const = default;
};
inline constexpr std::size_t max_change_octets = 300;
inline constexpr std::size_t max_changes = 20;

struct EvidenceLine {
  std::string
      kind{};  // stable token: "source", "spf", "dkim", "arc", "srs", "list", "history", "dns", "sample", "dmarc"
  std::string text{};
  bool operator==(const EvidenceLine&) const = default;
};

struct Conclusion {
  Verdict verdict = Verdict::indeterminate;
  Reason reason = Reason::sample_missing;
  Mechanism mechanism = Mechanism::none;
  Confidence confidence = Confidence::low;
  std::string summary{};                     // one sentence
  std::string advice{};                      // what to change; empty: nothing
  std::vector<EvidenceLine> evidence{};      // the observations it rests on, one sentence each
  std::vector<std::string> disagreements{};  // claim against result, one sentence each
  bool operator==(const Conclusion&) const = default;
};

}  // namespace ruaudit::verify::failure

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::failure::Verdict> enum_table<verify::failure::Verdict>[] = {
    {verify::failure::Verdict::own_sender_broken, "own_sender_broken"},
    {verify::failure::Verdict::forwarded, "forwarded"},
    {verify::failure::Verdict::forgery, "forgery"},
    {verify::failure::Verdict::legitimate, "legitimate"},
    {verify::failure::Verdict::indeterminate, "indeterminate"}};

template <>
inline constexpr EnumText<verify::failure::Confidence> enum_table<verify::failure::Confidence>[] = {
    {verify::failure::Confidence::low, "low"},
    {verify::failure::Confidence::medium, "medium"},
    {verify::failure::Confidence::high, "high"}};

template <>
inline constexpr EnumText<verify::failure::Mechanism> enum_table<verify::failure::Mechanism>[] = {
    {verify::failure::Mechanism::none, "none"},
    {verify::failure::Mechanism::spf, "spf"},
    {verify::failure::Mechanism::dkim, "dkim"},
    {verify::failure::Mechanism::arc, "arc"},
    {verify::failure::Mechanism::dmarc, "dmarc"}};

template <>
inline constexpr EnumText<verify::failure::ChangePart> enum_table<verify::failure::ChangePart>[] = {
    {verify::failure::ChangePart::header, "header"}, {verify::failure::ChangePart::body, "body"}};

template <>
inline constexpr EnumText<verify::failure::Reason> enum_table<verify::failure::Reason>[] = {
    {verify::failure::Reason::passes, "passes"},
    {verify::failure::Reason::only_ed25519, "only-ed25519"},
    {verify::failure::Reason::dns_healed, "dns-healed"},
    {verify::failure::Reason::dkim_survived, "dkim-survived"},
    {verify::failure::Reason::srs, "srs"},
    {verify::failure::Reason::arc, "arc"},
    {verify::failure::Reason::mailing_list, "mailing-list"},
    {verify::failure::Reason::footer_added, "footer-added"},
    {verify::failure::Reason::content_beyond_length, "content-beyond-length"},
    {verify::failure::Reason::body_changed, "body-changed"},
    {verify::failure::Reason::header_changed, "header-changed"},
    {verify::failure::Reason::header_and_body_changed, "header-and-body-changed"},
    {verify::failure::Reason::signature_expired, "signature-expired"},
    {verify::failure::Reason::key_missing, "key-missing"},
    {verify::failure::Reason::key_revoked, "key-revoked"},
    {verify::failure::Reason::key_replaced, "key-replaced"},
    {verify::failure::Reason::key_faulty, "key-faulty"},
    {verify::failure::Reason::signature_faulty, "signature-faulty"},
    {verify::failure::Reason::spf_source_missing, "spf-source-missing"},
    {verify::failure::Reason::spf_record_faulty, "spf-record-faulty"},
    {verify::failure::Reason::return_path_not_aligned, "return-path-not-aligned"},
    {verify::failure::Reason::nothing_aligned, "nothing-aligned"},
    {verify::failure::Reason::signature_invalid, "signature-invalid"},
    {verify::failure::Reason::spf_allows_anyone, "spf-allows-anyone"},
    {verify::failure::Reason::source_only_by_dkim, "source-only-by-dkim"},
    {verify::failure::Reason::body_missing, "body-missing"},
    {verify::failure::Reason::sample_missing, "sample-missing"},
    {verify::failure::Reason::redacted, "redacted"},
    {verify::failure::Reason::author_unknown, "author-unknown"},
    {verify::failure::Reason::author_is_another, "author-is-another"},
    {verify::failure::Reason::source_unknown, "source-unknown"},
    {verify::failure::Reason::source_internal, "source-internal"},
    {verify::failure::Reason::dns_error, "dns-error"},
    {verify::failure::Reason::header_unreadable, "header-unreadable"},
    {verify::failure::Reason::source_steady, "source-steady"},
    {verify::failure::Reason::source_unproved, "source-unproved"}};

}  // namespace ruaudit::model
