// What judgement knows of those who send in a domain's name: the streams of stored reports (who sent how, day by day),
// what DNS and network files say of an address, the states of the owner's own DNS records, and the owner's labels. Read
// by the store, judged by `assess`; plain values, no I/O. Domains are in the form of model::Domain, addresses as
// RFC 5952, days are numbers since 1970-01-01 (model/calendar.hpp), times epoch seconds, all UTC.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/auth_result.hpp"
#include "model/facts/stream_days.hpp"

namespace ruaudit::model {

struct SeenSignature {  // a <dkim> of auth_results
  std::string domain, selector;
  DkimResult result = DkimResult::unknown;
  bool operator==(const SeenSignature&) const = default;
};
struct SeenSpf {  // an <spf> of auth_results
  std::string domain;
  SpfScope scope = SpfScope::unknown;
  SpfResult result = SpfResult::unknown;
  bool operator==(const SeenSpf&) const = default;
};

// How a message came, as a receiver wrote it: everything of a record but address, count and recipient.
struct AuthPattern {
  std::string header_from;
  std::optional<std::string> envelope_from;  // "" is the null sender
  Disposition disposition = Disposition::unknown;
  AlignedResult dkim = AlignedResult::unknown;  // policy_evaluated
  AlignedResult spf = AlignedResult::unknown;
  std::vector<SeenSignature> signatures;
  std::vector<SeenSpf> spf_results;
  std::vector<OverrideType> overrides;
  bool has_arc_pass = false;  // an override's comment says arc=pass
  bool operator==(const AuthPattern&) const = default;
  [[nodiscard]] bool passes() const { return dkim == AlignedResult::pass || spf == AlignedResult::pass; }
  // Whether DMARC rests on this result: that of the HELO name stands in for a return path only where there is none (RFC
  // 7208 section 2.4), and may do so where neither it nor a result for it was reported.
  [[nodiscard]] bool rests_on(const SeenSpf& result) const {
    if (result.scope != SpfScope::helo) return true;
    if (envelope_from) return envelope_from->empty();
    return std::none_of(spf_results.begin(), spf_results.end(),
                        [](const SeenSpf& other) { return other.scope == SpfScope::mfrom; });
  }
};

struct ReverseName {
  std::string name;
  bool is_confirmed = false;  // it leads back to the address
  bool operator==(const ReverseName&) const = default;
};
enum class ReverseStatus : std::uint8_t { unasked, found, none, unknown };

struct SpfToday {  // of an address, for a domain in whose name it sent
  std::string domain;
  SpfResult result = SpfResult::unknown;
  std::string term;  // of that domain's record that let it pass last: "include:_spf.google.com"; "" where none ever did
  bool operator==(const SpfToday&) const = default;
};

struct SourceFact {
  std::string address;
  ReverseStatus reverse = ReverseStatus::unasked;
  std::vector<ReverseName> names;  // the confirmed ones first
  std::string country;             // "" where not known
  std::optional<std::int64_t> asn;
  std::string network;
  std::vector<SpfToday> spf;
};

enum class DnsRecordType : std::uint8_t { spf, spf_include, dmarc, psd, dkim, mx, address };
enum class DnsRecordStatus : std::uint8_t { ok, none, broken };

// One state of a name; the next one begins where the record changed. What DNS did not answer is not a state.
struct DnsRecordState {
  std::string domain;  // policy domain for which it was asked
  DnsRecordType type = DnsRecordType::spf;
  std::string name;  // owner name, e.g. "s1._domainkey.example.org"
  DnsRecordStatus status = DnsRecordStatus::none;
  std::string text;    // as published, one record per line, sorted
  std::string target;  // where a CNAME leads, last name of its chain
  std::string fault;   // e.g. "several-records", "too-many-terms", "key-revoked"; "" otherwise
  std::int64_t first_seen = 0, last_seen = 0;
  bool is_current = true;
  bool operator==(const DnsRecordState&) const = default;
};

enum class LabelKind : std::uint8_t { address, network, domain, selector, service };
enum class LabelWord : std::uint8_t { mine, service, forwarder, unwanted };
struct Label {
  LabelKind kind = LabelKind::address;
  std::string subject;
  LabelWord word = LabelWord::mine;
  std::string note;
  std::int64_t set_at = 0;
  bool operator==(const Label&) const = default;
};

struct SenderFacts {
  std::vector<std::string> domains;  // policy domains
  std::vector<SourceFact> sources;
  std::vector<AuthPattern> patterns;
  StreamDays days;  // by domain, source, pattern, day
  std::vector<DnsRecordState> records;
  std::vector<Label> labels;
};

template <>
inline constexpr EnumText<ReverseStatus> enum_table<ReverseStatus>[] = {{ReverseStatus::unasked, "unasked"},
                                                                        {ReverseStatus::found, "found"},
                                                                        {ReverseStatus::none, "none"},
                                                                        {ReverseStatus::unknown, "unknown"}};
template <>
inline constexpr EnumText<DnsRecordType> enum_table<DnsRecordType>[] = {
    {DnsRecordType::spf, "spf"},        {DnsRecordType::spf_include, "spf_include"},
    {DnsRecordType::dmarc, "dmarc"},    {DnsRecordType::psd, "psd"},
    {DnsRecordType::dkim, "dkim"},      {DnsRecordType::mx, "mx"},
    {DnsRecordType::address, "address"}};
template <>
inline constexpr EnumText<DnsRecordStatus> enum_table<DnsRecordStatus>[] = {
    {DnsRecordStatus::ok, "ok"}, {DnsRecordStatus::none, "none"}, {DnsRecordStatus::broken, "broken"}};
template <>
inline constexpr EnumText<LabelKind> enum_table<LabelKind>[] = {{LabelKind::address, "address"},
                                                                {LabelKind::network, "network"},
                                                                {LabelKind::domain, "domain"},
                                                                {LabelKind::selector, "selector"},
                                                                {LabelKind::service, "service"}};
template <>
inline constexpr EnumText<LabelWord> enum_table<LabelWord>[] = {{LabelWord::mine, "mine"},
                                                                {LabelWord::service, "service"},
                                                                {LabelWord::forwarder, "forwarder"},
                                                                {LabelWord::unwanted, "unwanted"}};

}  // namespace ruaudit::model
