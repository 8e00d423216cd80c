// What the store tells a summary: counts of a period, per policy domain, as plain values. Filled by
// store/summary_queries, turned into figures and texts by report/. Only counted reports and countable records enter;
// `messages` are sums of their counts. Lists are sorted by messages, most first, unless said otherwise.
#pragma once
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "model/auth_result.hpp"
#include "model/enum_text.hpp"
#include "model/record_check.hpp"

namespace ruaudit::model {

struct Period {  // half-open, epoch seconds; the defaults stand for "all"
  std::int64_t begin = std::numeric_limits<std::int64_t>::min();
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  [[nodiscard]] bool is_all() const { return *this == Period{}; }
  bool operator==(const Period&) const = default;
};

// What a mechanism's auth_results come to, whatever domain they were for: docs/schema.md, dkim_auth.
enum class AuthOutcome : std::uint8_t { absent, failed, passed, not_verified };
template <>
inline constexpr EnumText<AuthOutcome> enum_table<AuthOutcome>[] = {{AuthOutcome::absent, "absent"},
                                                                    {AuthOutcome::failed, "failed"},
                                                                    {AuthOutcome::passed, "passed"},
                                                                    {AuthOutcome::not_verified, "not_verified"}};

enum class Authenticity : std::uint8_t { unchecked, authenticated, unauthenticated, indeterminate };
template <>
inline constexpr EnumText<Authenticity> enum_table<Authenticity>[] = {
    {Authenticity::unchecked, "unchecked"},
    {Authenticity::authenticated, "authenticated"},
    {Authenticity::unauthenticated, "unauthenticated"},
    {Authenticity::indeterminate, "indeterminate"}};

struct ResultClass {  // what totals are split by
  Disposition disposition = Disposition::unknown;
  AlignedResult dkim = AlignedResult::unknown;  // policy_evaluated
  AlignedResult spf = AlignedResult::unknown;
  AuthOutcome dkim_auth = AuthOutcome::absent;
  AuthOutcome spf_auth = AuthOutcome::absent;
  bool overridden = false;
  Alignment our_dkim = Alignment::undecidable;
  Alignment our_spf = Alignment::undecidable;
  std::uint8_t contradiction = 0;
  Authenticity authenticity = Authenticity::unchecked;
  auto operator<=>(const ResultClass&) const =
      default;  // NOLINT(modernize-use-nullptr): a false alarm of clang-tidy 14
};

struct ClassTotal {
  ResultClass of;
  std::int64_t records = 0;
  std::int64_t messages = 0;
  bool operator==(const ClassTotal&) const = default;
};

struct MessageCount {
  std::string name;
  std::int64_t messages = 0;
  bool operator==(const MessageCount&) const = default;
};

// Who a source is, as far as its rows in reports tell; from at most `rows` of its latest rows.
struct SourceDetails {
  std::int64_t rows = 0;
  bool is_complete = false;                             // these are all its rows of the period
  std::vector<MessageCount> dkim_domains, spf_domains;  // that passed
  std::vector<MessageCount> failed_dkim_domains;        // whose signatures were judged and did not pass
  std::vector<MessageCount> header_froms, envelope_froms;
  std::vector<MessageCount> reporters;
  std::vector<MessageCount> overrides;    // by type
  std::vector<MessageCount> arc_domains;  // latest sealers of chains that reporters said pass
  bool operator==(const SourceDetails&) const = default;
};

struct SampleCount {
  std::string conclusion;  // as failure_result has it, or "unverified"
  std::int64_t samples = 0;
  bool operator==(const SampleCount&) const = default;
};

struct SourceFacts {
  std::string address;
  std::int64_t messages = 0;
  std::int64_t passed = 0;  // DMARC
  std::int64_t dkim_aligned = 0, spf_aligned = 0;
  std::int64_t rejected = 0, quarantined = 0;
  std::optional<std::int64_t> first_seen, last_seen;  // lowest begin and highest end of its reports
  SourceDetails details;
  std::vector<SampleCount> samples;  // of failure reports that show mail of this source, by conclusion, most first
  bool operator==(const SourceFacts&) const = default;
};

struct ReporterFacts {
  std::string name;
  std::int64_t reports = 0;
  std::int64_t messages = 0;
  std::string last_day;
  std::int64_t contradicting_records = 0, contradicting_messages = 0;
  bool operator==(const ReporterFacts&) const = default;
};

struct PolicyFacts {  // policy_published as reporters saw it, by first_day
  std::optional<Policy> p, sp, np;
  std::optional<AlignmentMode> adkim, aspf;
  std::optional<std::int64_t> pct;
  std::optional<bool> testing;
  std::string first_day, last_day;
  std::int64_t reports = 0;
  bool operator==(const PolicyFacts&) const = default;
};

struct EdgeFacts {
  std::int64_t crossing_reports = 0, crossing_messages = 0;  // counted here, though they reach beyond the period
  std::int64_t outside_reports = 0, outside_messages = 0;    // touch the period, but are counted in another one
  bool operator==(const EdgeFacts&) const = default;
};

// Reports of the period by what the mails that brought them prove; left out: not counted because they are not
// authenticated and only such ones were asked for.
struct AuthenticityFacts {
  struct Count {
    std::int64_t reports = 0, messages = 0;
    bool operator==(const Count&) const = default;
  };
  Count authenticated, unauthenticated, indeterminate, unchecked;
  Count left_out;  // also counted under its state
  [[nodiscard]] bool is_checked() const {
    return authenticated.reports + unauthenticated.reports + indeterminate.reports > 0;
  }
  bool operator==(const AuthenticityFacts&) const = default;
};

struct DefectCount {
  std::string code;
  std::int64_t reports = 0, occurrences = 0;
  bool operator==(const DefectCount&) const = default;
};

struct DomainFacts {
  std::string domain;
  std::vector<ClassTotal> totals;
  std::int64_t reports = 0, damaged_reports = 0, conflicting_reports = 0;
  std::vector<std::string> report_days;  // days with a report, ascending
  EdgeFacts edges;
  AuthenticityFacts authenticity;
  std::vector<ReporterFacts> reporters;
  std::vector<PolicyFacts> policies;
  std::int64_t sources = 0, failing_sources = 0;
  std::vector<SourceFacts> top_sources;  // by messages
  std::vector<SourceFacts> failing_top;  // by messages that failed DMARC
  std::vector<DefectCount> defects;      // by occurrences
  bool operator==(const DomainFacts&) const = default;
};

struct LedgerCount {  // what came in during the period, by outcome of the part and code
  std::string outcome, code;
  std::int64_t parts = 0;
  bool operator==(const LedgerCount&) const = default;
};

// A mailbox that was ever visited: facts are only as fresh as their sources.
struct MailboxFacts {
  std::string name;
  std::int64_t last_attempt = 0;             // epoch seconds
  std::optional<std::int64_t> last_success;  // nothing: never
  std::int64_t failures = 0;                 // visits that failed since then
  std::int64_t messages = 0;                 // taken in by all visits
  std::string error;                         // of the last visit; empty: it succeeded
  bool operator==(const MailboxFacts&) const = default;
};

// What SMTP TLS reports of the period say of a domain (RFC 8460).
struct TlsSum {
  std::string domain;
  std::int64_t reports = 0, reporters = 0;
  std::int64_t successful = 0, failed = 0;  // sessions
  bool operator==(const TlsSum&) const = default;
};

struct SummaryFacts {
  Period period;
  std::string first_day, last_day;           // of counted reports in the period, "" when there are none
  std::vector<DomainFacts> domains;          // by messages
  std::vector<std::string> missing_domains;  // asked for, but never reported on
  std::vector<LedgerCount> ledger;
  std::vector<MailboxFacts> mailboxes;  // by name
  std::vector<TlsSum> tls;              // by failed sessions, then by name
  bool operator==(const SummaryFacts&) const = default;
};

}  // namespace ruaudit::model
