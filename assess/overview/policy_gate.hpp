// May the policy of a domain become stricter? Facts of the last 30 days enter, the answer with all that blocks it and
// the exact next records leaves. Nothing is advised below the minimum that docs/policy.md states (RFC 9989 sections 7.4
// and 8). Pure: the same facts give the same answer for summary, digest, readiness and page.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/overview.hpp"

namespace ruaudit::assess {

// What the owner's own mail would be without relaxed alignment, and what comes from below the domain.
struct SideFacts {
  std::int64_t strict_dkim = 0, strict_spf = 0;  // own messages that pass with adkim=s alone, with aspf=s alone
  std::int64_t strict_both = 0;                  // with adkim=s and aspf=s together
  // Own messages with an Author Domain below the policy domain; of these those that could not be checked do not count
  // as failed.
  std::int64_t subdomain = 0, subdomain_failed = 0, subdomain_unchecked = 0;
  bool operator==(const SideFacts&) const = default;
};

// A host of the owner's of which no message passed in these days, on two of them at least.
struct FailingHost {
  std::string address{}, name{};  // "192.0.2.1", of an IPv6 host "2001:db8:1:2::/64"; "web1.example.org (192.0.2.1)"
  std::int64_t messages = 0;
  bool operator==(const FailingHost&) const = default;
};

struct GateFacts {
  std::string domain{};
  bool is_parked = false;        // the owner says that it sends nothing
  std::string report_address{};  // rua of the configuration, for a record that is not there yet
  std::int32_t today = 0;
  std::optional<std::int32_t> last_report{};         // the last day that any report that counts is about
  std::optional<std::int32_t> last_closed_report{};  // the last such day that is over
  std::int64_t disbelieved = 0;                      // reports of these days that are not counted, for want of proof
  bool is_proof_demanded = false;                    // by the owner: no report without it counts
  model::PolicyState policy{};
  model::GateBasis basis{};  // without the risk
  // Of the basis' own mail, what neither passes nor fails: DNS did not answer (temperror); the reports do not say.
  std::int64_t unchecked = 0, unsaid = 0;
  std::vector<FailingHost> failing_hosts{};               // by address
  std::map<std::string, std::int64_t> failing_sources{};  // of the basis' own mail, what fails, by address
  std::vector<std::int64_t> failing_days{};  // own mail that fails, one entry for each day that was reported on
  std::vector<model::NumberedFinding> findings{};
  SideFacts side{};
  [[nodiscard]] std::int64_t undecided() const { return unchecked + unsaid; }
  [[nodiscard]] std::int64_t decided() const { return basis.own.messages - undecided(); }
};

namespace gate_limits {
inline constexpr std::int64_t days = 30;           // of reports, and of the present policy
inline constexpr std::int64_t covered_of_30 = 24;  // of the last 30 days
inline constexpr std::int64_t own_messages = 100;  // in those days
inline constexpr std::int64_t host_messages = 3;   // of an own host of which nothing passes
inline constexpr std::int64_t testing_days = 7;    // with t=y
inline constexpr std::int64_t list_messages = 20;  // of mailing lists: users post to lists
inline constexpr int proven_percent = 50;          // of messages in reports that prove where they come from
inline constexpr int one_mechanism_percent = 50;   // of own passing mail by one mechanism only
inline constexpr int spf_alone_percent = 5;        // of own passing mail by SPF only, for p=reject
inline constexpr int undecided_percent = 50;       // of own mail; beyond, nothing is said of the rest
inline constexpr int failing_percent = 1;          // of own mail, beside what findings tell
}  // namespace gate_limits

model::PolicyGate policy_gate(const GateFacts& facts);

}  // namespace ruaudit::assess
