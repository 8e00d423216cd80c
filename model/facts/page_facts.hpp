// What the page shows of some days: totals day by day, who sends, who reports, keys and records, per policy domain, as
// plain values. Made by jobs/page from what was read for the judgement, rendered by report/page. Counts are messages of
// counted reports unless named otherwise; days are numbers since 1970-01-01 (UTC), days of a series count from
// PageFacts::first_day.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/auth_result.hpp"
#include "model/enum_text.hpp"
#include "model/facts/sender_facts.hpp"
#include "model/finding.hpp"
#include "model/overview.hpp"

namespace ruaudit::model {

// What happened to messages; the five exclude each other. `delivered` failed DMARC and was not held back; of
// `undecided` it is not known whether it passed.
struct MailFate {
  std::int64_t passed = 0, delivered = 0, quarantined = 0, rejected = 0, undecided = 0;
  [[nodiscard]] std::int64_t messages() const { return passed + failed() + undecided; }
  [[nodiscard]] std::int64_t failed() const { return delivered + quarantined + rejected; }
  MailFate& operator+=(const MailFate& other) {
    passed += other.passed;
    delivered += other.delivered;
    quarantined += other.quarantined;
    rejected += other.rejected;
    undecided += other.undecided;
    return *this;
  }
  bool operator==(const MailFate&) const = default;
};

// docs/conclusions.md in the five words of an owner. `unknown` sends steadily, and nothing proves whose it is.
enum class SenderGroup : std::uint8_t { own, service, forwarder, unknown, stranger };
inline constexpr std::size_t sender_groups = 5;
template <>
inline constexpr EnumText<SenderGroup> enum_table<SenderGroup>[] = {{SenderGroup::own, "own"},
                                                                    {SenderGroup::service, "service"},
                                                                    {SenderGroup::forwarder, "forwarder"},
                                                                    {SenderGroup::unknown, "unknown"},
                                                                    {SenderGroup::stranger, "stranger"}};

// Mail of an address that came the same way.
struct PageRecord {
  std::uint32_t pattern = 0;  // place in PageFacts::patterns
  std::int64_t messages = 0;
  std::int32_t first_day = 0, last_day = 0;
  int reporters = 0;  // at least so many
  bool operator==(const PageRecord&) const = default;
};

// A failure report about mail of an address.
struct PageSample {
  std::int64_t key = 0;  // `ruaudit failures show`
  std::string address{}, reporter{}, conclusion{}, confidence{}, summary{};
  std::int32_t day = 0;
  bool operator==(const PageSample&) const = default;
};

struct PageSource {
  std::string address{}, host{}, network{}, country{};
  MailFate fate{};
  std::int32_t first_day = 0, last_day = 0;
  std::vector<PageRecord> records{};  // most messages first
  std::int64_t left_out = 0;          // records that a limit left out
  std::uint32_t folded = 0;           // addresses that a limit folded into this row; 0: it is one address
  bool operator==(const PageSource&) const = default;
};

struct PageSender {
  SenderGroup group = SenderGroup::stranger;
  std::string name{};  // of the service, host or forwarder; "" of strangers
  MailFate fate{};
  std::int64_t dkim_aligned = 0, spf_aligned = 0, both_aligned = 0;  // of those that passed
  std::int32_t first_day = 0, last_day = 0;
  std::size_t addresses = 0;
  std::vector<PageSource> sources{};  // most messages first
  bool operator==(const PageSender&) const = default;
};

struct PageReporter {
  std::string name{};
  std::int64_t reports = 0, messages = 0;
  std::vector<bool> days{};  // with a report
  bool operator==(const PageReporter&) const = default;
};

struct PageSelector {
  std::string domain{}, selector{};
  std::vector<std::string> senders{};  // who signs with it, most first
  std::int64_t passed = 0, failed = 0, not_verified = 0;
  std::optional<std::int32_t> last_day{};   // of a pass
  std::optional<DnsRecordStatus> status{};  // of the key today; nothing: not asked
  bool operator==(const PageSelector&) const = default;
};

struct PageSpfTerm {
  std::string text{};
  int look_ups = 0;           // this one and what it leads to (RFC 7208 section 4.6.4)
  bool is_complete = true;    // false: a record behind it is not known
  std::int64_t messages = 0;  // of addresses that this term lets pass today
  bool operator==(const PageSpfTerm&) const = default;
};

// Sessions of a day as TLS reports tell them (RFC 8460).
struct PageTlsDay {
  std::int32_t day = 0;
  std::vector<std::string> policies{};  // their types: sts, tlsa, no-policy-found, unknown
  std::int64_t successful = 0, failed = 0;
  bool operator==(const PageTlsDay&) const = default;
};
struct PageTlsFailure {
  std::string result{}, host{};  // result-type; the MX host, "" where it is not told
  std::int64_t sessions = 0, reporters = 0;
  std::int32_t first_day = 0, last_day = 0;
  bool operator==(const PageTlsFailure&) const = default;
};
struct PageTls {
  std::vector<PageTlsDay> days{};          // with a report, in order
  std::vector<PageTlsFailure> failures{};  // most sessions first
  std::int64_t reporters = 0;
  bool operator==(const PageTls&) const = default;
};

struct PageEvent {  // of the owner's DNS
  std::int32_t day = 0;
  DnsRecordType type = DnsRecordType::spf;
  std::string name{};
  RecordChange change = RecordChange::changed;
  std::string text{};    // as published since; "" where it was removed
  std::string before{};  // until then
  bool operator==(const PageEvent&) const = default;
};

struct PagePolicy {  // as reporters saw it
  std::string p{}, sp{};
  std::int32_t first_day = 0, last_day = 0;
  std::int64_t reporters = 0;
  bool operator==(const PagePolicy&) const = default;
};

struct PageFinding {
  int number = 0;  // of `ruaudit show`
  Finding finding{};
  bool is_snoozed = false;
  std::string record_name{}, record_before{};  // of its cause: what stood there before the change; "" where not known
  bool operator==(const PageFinding&) const = default;
};

struct PageDomain {
  std::string name{};
  MailFate fate{};
  std::int32_t first_reported = 0;                            // of the page's days, the first since its first report
  std::vector<MailFate> days{};                               // one per day of the page
  std::array<std::vector<MailFate>, sender_groups> groups{};  // the same by who sends
  std::array<std::size_t, sender_groups> group_addresses{};   // distinct
  std::vector<PageSender> senders{};                          // most messages first
  std::size_t addresses = 0;                                  // distinct
  std::vector<PageReporter> reporters{};                      // most reports first
  std::int64_t reports = 0;
  std::vector<PageSelector> selectors{};
  std::vector<PageSpfTerm> spf_terms{};
  std::string spf_record{}, dmarc_record{};                 // as published today; "" where that is not known
  std::optional<DnsRecordStatus> spf_status, dmarc_status;  // of today; nothing: not asked
  std::vector<PageEvent> events{};                          // within the days, by day
  std::vector<PagePolicy> policies{};                       // by first day
  std::vector<PageSample> samples{};                        // latest first
  std::int64_t samples_left_out = 0;
  PageTls tls{};
  PolicyGate gate{};                    // of `readiness`, at the moment the page is made
  std::vector<PageFinding> findings{};  // as `show` orders them
  bool is_folded = false;               // a limit left its senders and records out
  bool operator==(const PageDomain&) const = default;
};

struct PageFacts {
  std::int64_t made_at = 0;  // epoch seconds
  std::int32_t first_day = 0, last_day = 0;
  std::vector<AuthPattern> patterns{};
  std::vector<PageDomain> domains{};    // those with something to fix or ask first, then by messages
  std::vector<PageFinding> findings{};  // about domains that nobody reported on
  std::int64_t reports = 0;
  std::size_t reporters = 0;  // distinct
  [[nodiscard]] std::size_t days() const { return static_cast<std::size_t>(last_day - first_day + 1); }
  bool operator==(const PageFacts&) const = default;
};

}  // namespace ruaudit::model
