// What judgement says: one finding is one thing that the owner of a domain wants to know, with evidence and one action.
// Made by `assess` from stored facts, rendered by `report`; the summary, the digest and the page show the same values.
// Days are numbers since 1970-01-01 (UTC).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/enum_text.hpp"
#include "model/sentence.hpp"

namespace ruaudit::model {

enum class FindingKind : std::uint8_t {
  dkim_broken,
  spf_broken,
  sender_unaligned,
  new_sender,
  unknown_steady,
  spoofing_wave,
  subdomain_abuse,
  parked_abuse,
  sender_gone,
  volume_jump,
  reporter_silent,
  reporter_back,
  policy_changed,
  record_changed,
  record_broken,
  own_mail_harmed,
  forged_reports,
  report_conflict,
  forwarding,
  input_rejected,
  mailbox_trouble,
  tls_failing,
  tls_reporter_silent
};
template <>
inline constexpr EnumText<FindingKind> enum_table<FindingKind>[] = {
    {FindingKind::dkim_broken, "dkim_broken"},
    {FindingKind::spf_broken, "spf_broken"},
    {FindingKind::sender_unaligned, "sender_unaligned"},
    {FindingKind::new_sender, "new_sender"},
    {FindingKind::unknown_steady, "unknown_steady"},
    {FindingKind::spoofing_wave, "spoofing_wave"},
    {FindingKind::subdomain_abuse, "subdomain_abuse"},
    {FindingKind::parked_abuse, "parked_abuse"},
    {FindingKind::sender_gone, "sender_gone"},
    {FindingKind::volume_jump, "volume_jump"},
    {FindingKind::reporter_silent, "reporter_silent"},
    {FindingKind::reporter_back, "reporter_back"},
    {FindingKind::policy_changed, "policy_changed"},
    {FindingKind::record_changed, "record_changed"},
    {FindingKind::record_broken, "record_broken"},
    {FindingKind::own_mail_harmed, "own_mail_harmed"},
    {FindingKind::forged_reports, "forged_reports"},
    {FindingKind::report_conflict, "report_conflict"},
    {FindingKind::forwarding, "forwarding"},
    {FindingKind::input_rejected, "input_rejected"},
    {FindingKind::mailbox_trouble, "mailbox_trouble"},
    {FindingKind::tls_failing, "tls_failing"},
    {FindingKind::tls_reporter_silent, "tls_reporter_silent"}};

enum class Severity : std::uint8_t { info, watch, ask, fix };
template <>
inline constexpr EnumText<Severity> enum_table<Severity>[] = {
    {Severity::info, "info"}, {Severity::watch, "watch"}, {Severity::ask, "ask"}, {Severity::fix, "fix"}};

enum class CauseRecord : std::uint8_t { dkim, spf, dmarc };
template <>
inline constexpr EnumText<CauseRecord> enum_table<CauseRecord>[] = {
    {CauseRecord::dkim, "dkim"}, {CauseRecord::spf, "spf"}, {CauseRecord::dmarc, "dmarc"}};

enum class RecordChange : std::uint8_t { added, removed, changed, broken };
template <>
inline constexpr EnumText<RecordChange> enum_table<RecordChange>[] = {{RecordChange::added, "added"},
                                                                      {RecordChange::removed, "removed"},
                                                                      {RecordChange::changed, "changed"},
                                                                      {RecordChange::broken, "broken"}};

// The record whose change explains a finding; name is the owner name in DNS.
struct FindingCause {
  CauseRecord record = CauseRecord::dkim;
  std::string name{};
  RecordChange change = RecordChange::changed;
  bool operator==(const FindingCause&) const = default;
};

// Whom or what it is about; what does not apply is empty.
struct FindingSubject {
  std::string service{};               // name of a known service, "own server", or of a forwarder; of a mailbox
  std::vector<std::string> sources{};  // addresses, busiest first, at most ten
  std::string selector{};
  std::string mechanism{};  // dkim, spf, dmarc, mx or tls
  std::string reporter{};   // org_name
  bool operator==(const FindingSubject&) const = default;
};

struct Finding {
  std::string id{};  // stable as long as the thing is the same
  FindingKind kind = FindingKind::record_changed;
  Severity severity = Severity::info;
  std::string domain{};  // policy domain
  FindingSubject subject{};
  std::int64_t messages = 0;            // in counted reports, of days from `since` on, that show it
  std::optional<std::int32_t> since{};  // first of those days
  std::vector<Sentence> evidence{};
  Sentence action{};  // one thing to do; may be empty below `ask`
  std::optional<FindingCause> cause{};
  bool is_said_once = false;  // told once, it may go without a word
  bool operator==(const Finding&) const = default;
};

}  // namespace ruaudit::model
