// What the summary's screen, readiness and the page show of a moment: figures of a period split by who sends, the
// findings with their numbers, and for every domain what its policy may become and why not yet. Made by `assess`,
// rendered by `report`; no rendering decides anything. Days are numbers since 1970-01-01 (UTC), counts are messages
// unless named otherwise.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/auth_result.hpp"
#include "model/facts/summary_facts.hpp"
#include "model/finding.hpp"

namespace ruaudit::model {

// Mail of a group of senders, by what happened to it, and how much of it comes from reports of unproven origin.
struct MailShare {
  std::int64_t messages = 0, passed = 0;       // passed: DMARC
  std::int64_t quarantined = 0, rejected = 0;  // of those that did not pass
  std::int64_t untold = 0;                     // of those, too: no report says what happened to them
  // Neither passed nor failed, as far as is known, and not held back; of these no report says what happened to them.
  std::int64_t undecided = 0, undecided_untold = 0;
  std::int64_t both = 0, only_dkim = 0, only_spf = 0;  // of those that passed; only: the other is known to fail
  std::int64_t unproven = 0;                           // of all, in reports that do not prove where they come from
  std::int64_t sources = 0;                            // addresses
  [[nodiscard]] std::int64_t failed() const { return messages - passed - undecided; }
  [[nodiscard]] std::int64_t harmed() const { return quarantined + rejected; }
  [[nodiscard]] std::int64_t delivered() const { return failed() - harmed() - untold; }  // although it failed
  bool operator==(const MailShare&) const = default;
};

// The DMARC record of a domain: as DNS had it last, else as reporters saw it.
struct PolicyState {
  std::string name{};            // owner name, "_dmarc.example.org"
  std::string record{};          // as published; "" where DNS was not asked
  std::string inherited_from{};  // "_dmarc.example.org": there is none at `name`, and that one applies
  bool is_missing = false;       // DNS says that there is none
  bool is_usable = true;         // false: there is one that receivers must ignore
  std::optional<Policy> p{}, sp{}, np{};
  std::optional<AlignmentMode> adkim{}, aspf{};
  bool is_testing = false;              // t=y (RFC 9989), or pct=0 of old
  std::optional<std::int32_t> since{};  // first day with this p and t, as far as is known
  bool operator==(const PolicyState&) const = default;
};

// A reason not to raise the policy, and what removes it.
struct GateBlock {
  std::string code{};  // "finding", "span", ...: docs/policy.md
  Sentence text{};     // the reason
  Sentence needs{};    // what is needed to remove it
  std::int64_t messages = 0;
  std::string finding_id{};  // of code "finding"
  int number = 0;            // that finding's number; 0 otherwise
  bool operator==(const GateBlock&) const = default;
};

struct SnoozedBlock {
  std::string finding_id{};
  int number = 0;
  std::optional<std::int64_t> until{};  // epoch seconds; nothing: until it is over
  bool operator==(const SnoozedBlock&) const = default;
};

struct PolicyStep {      // one of the records to publish, in order
  std::int32_t day = 0;  // not before
  std::string record{};  // "" where the present one is not known, since DNS was not asked
  std::string change{};  // "p=quarantine; t=y"
  Sentence text{};       // what it does, and what is to be seen before the next
  bool operator==(const PolicyStep&) const = default;
};

// Strict alignment, np, sp: questions besides p.
struct SidePolicy {
  std::string tag{};  // "adkim", "aspf", "sp", "np"
  bool may = false;
  Sentence text{};
  std::string record{};  // to publish where it may
  bool operator==(const SidePolicy&) const = default;
};

// parked: no mail of its own, so nothing to wait for. at_end: nothing stricter is advised.
// no_policy: mail is reported, and neither DNS nor a report tells the policy.
// undecided: of most own mail it is not known whether it passes, and nothing else blocks.
enum class GateState : std::uint8_t { no_reports, no_policy, no_record, blocked, undecided, may_step, at_end };
template <>
inline constexpr EnumText<GateState> enum_table<GateState>[] = {
    {GateState::no_reports, "no_reports"}, {GateState::no_policy, "no_policy"}, {GateState::no_record, "no_record"},
    {GateState::blocked, "blocked"},       {GateState::undecided, "undecided"}, {GateState::may_step, "may_step"},
    {GateState::at_end, "at_end"}};

// What the advice rests on: the days looked at, and how much of it there is.
struct GateBasis {
  std::int32_t first_day = 0, last_day = 0;  // of the mail looked at, at most 30 days
  std::int64_t days = 0, covered_days = 0;   // of reports in all, since the first; covered: with the usual measure
  std::int64_t reports = 0, reporters = 0;
  std::int64_t messages = 0, proven = 0;  // of all senders; proven: in reports that prove where they come from
  MailShare own{};
  MailShare passed_on{};                               // own mail by forwarders and lists
  std::int64_t list_messages = 0;                      // of them by mailing lists
  std::int64_t risk = 0, risk_low = 0, risk_high = 0;  // own mail a month that fails today, with its 95 % interval
  bool operator==(const GateBasis&) const = default;
};

struct PolicyGate {
  GateState state = GateState::no_reports;
  PolicyState now{};
  GateBasis basis{};
  std::vector<GateBlock> blocks{};  // by messages
  std::vector<Sentence> notes{};    // further facts to know
  std::vector<PolicyStep> steps{};  // from the next one on; empty at the end. Of a blocked one: once it is not
  std::vector<SidePolicy> sides{};
  std::vector<SnoozedBlock> snoozed{};  // what would block, did its owner not want it left alone for now
  Sentence sentence{};                  // all of it in one line: "stay at p=quarantine until 1, 2 and 4 are done"
  bool operator==(const PolicyGate&) const = default;
};

// One of the things that a large receiver requires, by the owner's rows in its reports.
struct ReceiverDemand {
  std::string what{};                  // "SPF and DKIM pass", "From aligned", "DMARC record"
  std::int64_t messages = 0, met = 0;  // messages: of which the receiver told it
  std::vector<std::string> codes{};    // of the bounce that would come, "550 5.7.515"
  bool operator==(const ReceiverDemand&) const = default;
};
struct ReceiverShare {
  std::string receiver{};  // "Gmail"
  std::int64_t messages = 0;
  std::int64_t peak = 0;  // own messages on the busiest day
  std::optional<std::int32_t> peak_day{};
  bool is_bulk = false;  // the peak is near the receiver's limit, or above
  std::vector<ReceiverDemand> demands{};
  bool operator==(const ReceiverShare&) const = default;
};

// How much of a domain's figures rests on what, and what helps.
struct TrustShare {
  std::int64_t proven = 0, unauthenticated = 0, indeterminate = 0, unchecked = 0;
  std::int64_t contradicting = 0;        // in rows that contradict themselves
  std::int64_t unaddressed = 0;          // in rows without a readable address, which no figure counts
  std::int64_t conflicting_reports = 0;  // reports of which two versions differ
  std::vector<std::string> remedies{};
  [[nodiscard]] std::int64_t messages() const { return proven + unauthenticated + indeterminate + unchecked; }
  bool operator==(const TrustShare&) const = default;
};

struct DomainOverview {
  std::string domain{};   // policy domain, A-label
  std::string unicode{};  // its U-label form where that differs, else ""
  std::int64_t reports = 0, reporters = 0;
  MailShare own{}, passed_on{}, unknown_steady{}, strangers{};
  PolicyGate gate{};
  TrustShare trust{};
  std::vector<ReceiverShare> receivers{};
  bool operator==(const DomainOverview&) const = default;
};

struct NumberedFinding {
  int number = 0;  // of `ruaudit show`
  Finding finding{};
  bool is_snoozed = false;
  std::optional<std::int64_t> snoozed_until{};  // epoch seconds; nothing: until it is over
  bool operator==(const NumberedFinding&) const = default;
};

// Reports for the last day of the period that are still to come from who reports on most days.
struct ReportsToCome {
  std::int32_t day = 0;
  std::vector<std::string> reporters{};
  std::int64_t usual_hours = 0;  // after the end of the day, within which nine of ten came
  bool operator==(const ReportsToCome&) const = default;
};

struct Overview {
  std::int64_t made_at = 0;
  std::string label{};                       // of the period, as asked for
  std::int32_t first_day = 0, last_day = 0;  // of the figures
  std::int64_t reports = 0, reporters = 0;
  std::vector<DomainOverview> domains{};  // those with something to fix or ask first, then by messages
  std::vector<NumberedFinding> findings{};
  std::optional<ReportsToCome> to_come{};
  std::vector<MailboxFacts> mailboxes{};
  bool operator==(const Overview&) const = default;
};

}  // namespace ruaudit::model
