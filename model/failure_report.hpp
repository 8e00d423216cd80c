// One failure report as values: what a reporter says about one failed message (or several alike), the sample it
// attached, and the mail that carried both. RFC 5965 (ARF), RFC 6591 and RFC 9991, and the shapes that real senders
// use instead. Claims are kept as claimed: nothing in here is a result of ours. Absent fields are nullopt; text is
// UTF-8 with folding removed; the sample is octets, exactly as they lay in the (decoded) part. What had to be
// interpreted, or is missing though a RFC asks for it, is in a Defect. The value owns everything.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/defect.hpp"
#include "model/enum_text.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::model {

// What the mail is. Only auth_failure is about DMARC, DKIM or SPF; the others are stored as what they are.
// RFC 5965 section 7.3, RFC 6430 (not-spam), RFC 6591 section 3.1.
enum class FailureKind : std::uint8_t {
  auth_failure,
  abuse,
  fraud,
  virus,
  not_spam,
  other,
  unknown,  // a Feedback-Type of no registry; feedback_type has the word
  bounce,   // a delivery status notification to the ruf address
  auto_reply
};

// How the report lay in the mail.
enum class FailureContainer : std::uint8_t {
  multipart_report,  // multipart/report with message/feedback-report: as RFC 5965 wants it
  repacked,          // message/feedback-report in another multipart
  sniffed,           // a feedback report labelled as something else, found by its content
  prose,             // sentences and "Name: value" lines instead of a feedback report
  bare               // no mail around it: the feedback text alone
};

// Whose way of writing it is.
enum class FailureDialect : std::uint8_t { standard, opendmarc, linkedin, symantec, netease, exim, unknown };

// RFC 6591 section 3.3, RFC 9991 section 4.
enum class AuthFailure : std::uint8_t { adsp, bodyhash, revoked, signature, spf, dmarc, unknown };

// RFC 6591 section 3.2.2.
enum class DeliveryResult : std::uint8_t { delivered, spam, policy, reject, other, unknown };

enum class SampleExtent : std::uint8_t { full, headers, none };

struct AuthFailureClaim {
  AuthFailure type = AuthFailure::unknown;
  std::string raw;  // the word as it arrived
  bool operator==(const AuthFailureClaim&) const = default;
};

// SPF-DNS, DKIM-Selector-DNS, DKIM-ADSP-DNS: a record as the reporter saw it. RFC 6591 section 3.2.
struct ClaimedRecord {
  std::string raw;      // the whole value, unfolded
  std::string type;     // SPF-DNS: "txt" or "spf"; else empty
  std::string domain;   // as written; empty where it cannot be read
  std::string content;  // inside the quotes, escapes removed, several strings joined; empty where it cannot be read
  bool operator==(const ClaimedRecord&) const = default;
};

struct NamedValue {
  std::string name;
  std::string value;
  bool operator==(const NamedValue&) const = default;
};

struct FailureClaims {
  std::string feedback_type;  // as written, "" when the report has none (prose)
  std::optional<std::string> version;
  std::optional<std::string> user_agent;
  std::vector<AuthFailureClaim> auth_failures;  // prose that says "failed DMARC" counts as dmarc
  // The lists of RFC 7489 and RFC 9991 mean opposite things: never a base for a result.
  std::optional<std::string> identity_alignment;
  std::optional<DeliveryResult> delivery_result;
  std::string raw_delivery_result;
  std::vector<std::string> authentication_results;  // values, without the field name
  std::vector<ClaimedRecord> spf_dns;
  std::optional<std::string> dkim_domain, dkim_identity, dkim_selector;
  std::optional<ClaimedRecord> dkim_selector_dns;
  std::optional<ClaimedRecord> dkim_adsp_dns;
  std::optional<std::string> dkim_canonicalized_header;  // octets, base64 removed
  std::optional<std::string> dkim_canonicalized_body;    // octets, base64 removed
  std::optional<std::string> original_envelope_id;
  std::optional<std::string> original_mail_from;  // without <>; present and empty: null sender
  std::vector<std::string> original_rcpt_to;      // without <>
  std::optional<std::int64_t> arrival_date;       // seconds since the epoch, UTC
  std::optional<std::string> raw_arrival_date;    // of Arrival-Date or its old name Received-Date
  std::optional<IpAddress> source_ip;
  std::optional<std::string> raw_source_ip;
  std::optional<std::uint16_t> source_port;
  std::vector<std::string> reported_domains;  // normalised where they are domain names, else as written
  std::vector<std::string> reported_uris;
  std::optional<std::int64_t> incidents;  // 1..max_incidents; not said: one
  std::optional<std::string> reporting_mta;
  std::vector<NamedValue> other_fields;  // everything else in its order, "SPF Alignment" of prose among it
  bool operator==(const FailureClaims&) const = default;
};

// An incident count is capped here, so that no hostile report can overflow a sum of 64 bits.
inline constexpr std::int64_t max_incidents = 1'000'000'000;

// Of the mail that carried the report. All empty for a bare report.
struct FailureReporter {
  std::string from;        // the From field, decoded
  std::string address;     // the first address in it, lower case; empty when there is none
  std::string domain;      // of that address, normalised; empty when it is not a domain name
  std::string subject;     // decoded
  std::string message_id;  // with <>, as written
  std::string date;        // as written
  std::optional<std::int64_t> date_epoch;
  bool operator==(const FailureReporter&) const = default;
};

struct FailureSample {
  std::string octets;  // byte for byte as they arrived (a transfer encoding of the part is undone); empty for none
  SampleExtent extent = SampleExtent::none;
  std::string media_type;         // declared: message/rfc822, text/rfc822-headers, text/plain (prose), ""
  std::string transfer_encoding;  // lower case; base64 and quoted-printable are not allowed here, and were undone
  bool operator==(const FailureSample&) const = default;
};

// Traces of redaction (RFC 6590) or of defanging (RFC 9991). With any of them a failed signature proves nothing.
struct Redaction {
  std::string where;     // "From", "To", "Subject", "body", "Original-Rcpt-To" ...
  std::string evidence;  // what was seen there, at most 200 octets
  bool operator==(const Redaction&) const = default;
};

struct FailureReport {
  FailureKind kind = FailureKind::unknown;
  FailureContainer container = FailureContainer::bare;
  FailureDialect dialect = FailureDialect::unknown;
  FailureClaims claims;
  FailureReporter reporter;
  FailureSample sample;
  std::vector<Redaction> redactions;
  std::vector<Defect> defects;
  bool operator==(const FailureReport&) const = default;
};

template <>
inline constexpr EnumText<FailureKind> enum_table<FailureKind>[] = {{FailureKind::auth_failure, "auth-failure"},
                                                                    {FailureKind::abuse, "abuse"},
                                                                    {FailureKind::fraud, "fraud"},
                                                                    {FailureKind::virus, "virus"},
                                                                    {FailureKind::not_spam, "not-spam"},
                                                                    {FailureKind::other, "other"},
                                                                    {FailureKind::unknown, "unknown"},
                                                                    {FailureKind::bounce, "bounce"},
                                                                    {FailureKind::auto_reply, "auto-reply"}};

template <>
inline constexpr EnumText<FailureContainer> enum_table<FailureContainer>[] = {
    {FailureContainer::multipart_report, "multipart-report"},
    {FailureContainer::repacked, "repacked"},
    {FailureContainer::sniffed, "sniffed"},
    {FailureContainer::prose, "prose"},
    {FailureContainer::bare, "bare"}};

template <>
inline constexpr EnumText<FailureDialect> enum_table<FailureDialect>[] = {
    {FailureDialect::standard, "standard"}, {FailureDialect::opendmarc, "opendmarc"},
    {FailureDialect::linkedin, "linkedin"}, {FailureDialect::symantec, "symantec"},
    {FailureDialect::netease, "netease"},   {FailureDialect::exim, "exim"},
    {FailureDialect::unknown, "unknown"}};

template <>
inline constexpr EnumText<AuthFailure> enum_table<AuthFailure>[] = {
    {AuthFailure::adsp, "adsp"},           {AuthFailure::bodyhash, "bodyhash"}, {AuthFailure::revoked, "revoked"},
    {AuthFailure::signature, "signature"}, {AuthFailure::spf, "spf"},           {AuthFailure::dmarc, "dmarc"},
    {AuthFailure::unknown, "unknown"}};

template <>
inline constexpr EnumText<DeliveryResult> enum_table<DeliveryResult>[] = {
    {DeliveryResult::delivered, "delivered"}, {DeliveryResult::spam, "spam"},   {DeliveryResult::policy, "policy"},
    {DeliveryResult::reject, "reject"},       {DeliveryResult::other, "other"}, {DeliveryResult::unknown, "unknown"}};

template <>
inline constexpr EnumText<SampleExtent> enum_table<SampleExtent>[] = {
    {SampleExtent::full, "full"}, {SampleExtent::headers, "headers"}, {SampleExtent::none, "none"}};

}  // namespace ruaudit::model
