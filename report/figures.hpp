// The figures of a summary, computed from the result classes of one domain or of several. Pure sums; all in messages
// unless named otherwise.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {

// Of messages that failed DMARC: what happened to one mechanism.
struct FailureSplit {
  std::int64_t not_aligned = 0;   // authenticated, but as another domain
  std::int64_t failed = 0;        // present, and did not pass
  std::int64_t absent = 0;        // no signature, no record, no result
  std::int64_t not_verified = 0;  // a lookup did not succeed, or the result is no word that RFC 8601 knows
  bool operator==(const FailureSplit&) const = default;
};

struct Figures {
  std::int64_t records = 0, messages = 0, passed = 0, dkim_aligned = 0, spf_aligned = 0;
  std::int64_t none = 0, quarantined = 0, rejected = 0, disposition_pass = 0, disposition_unknown = 0;
  std::int64_t overridden = 0;
  FailureSplit failing_dkim, failing_spf;
  std::int64_t failing_authenticated = 0;    // failed DMARC, but some identifier authenticated: a service, a forwarder
  std::int64_t failing_unauthenticated = 0;  // nothing authenticated
  std::int64_t failing_overridden = 0;
  std::int64_t contradicting_records = 0, contradicting_messages = 0;

  [[nodiscard]] std::int64_t failing() const { return messages - passed; }
  bool operator==(const Figures&) const = default;
};

void add(Figures& figures, const model::ClassTotal& total);
Figures figures_of(const model::DomainFacts& domain);
Figures figures_of(const model::SummaryFacts& facts);

// Days of the period without any report, ascending. An open period runs from the first to the last day of the facts;
// days after `now` are not missed.
std::vector<std::string> days_without_reports(const model::DomainFacts& domain, const model::SummaryFacts& facts,
                                              const SummaryContext& context);

// Policies that differ in what reporters of different generations tell, merged: one entry per p, sp and pct, by day.
std::vector<model::PolicyFacts> policy_changes(const std::vector<model::PolicyFacts>& seen);

}  // namespace ruaudit::report
