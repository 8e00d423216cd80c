// The overview of one moment: the situation, its classes and findings enter, together with the few facts that judgement
// does without; figures of the period, split by who sends, and the policy gate of every domain leave. Pure. Where most
// reports prove where they come from, those that do not are left out of the figures (as of the findings) and told in
// `trust`.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assess/class_index.hpp"
#include "assess/findings/situation.hpp"
#include "model/digest.hpp"
#include "model/overview.hpp"
#include "model/receiver_rows.hpp"

namespace ruaudit::assess {

// Ids of findings, and until when their owner wants them left alone; nothing: until they are over.
using SnoozedFindings = std::map<std::string, std::optional<std::int64_t>>;
SnoozedFindings snoozed_findings(std::span<const model::Care> care, std::int64_t now);

struct OverviewFacts {
  const Situation* situation = nullptr;
  const ClassIndex* classes = nullptr;
  const model::StreamDays* days = nullptr;     // that the figures count, by domain, source and pattern
  std::span<const model::Finding> findings{};  // all of the moment, in their order: a number is a place
  SnoozedFindings snoozed{};
  std::map<std::string, std::vector<model::PolicyFacts>> policies{};  // by policy domain, as reporters saw them
  std::vector<model::ReceiverRow> receiver_rows{};
  std::vector<model::CountedRow> contradictions{}, unaddressed{};
};

struct OverviewRequest {
  std::string label{};                           // of the period
  std::optional<Day> first{}, last{};            // of the figures; without both: the last 30 days that were reported on
  bool is_all = false;                           // all days, where first and last are open
  std::optional<std::int64_t> received_since{};  // figures of reports that came in since then: those of `days`
  bool only_authenticated = false;               // count only reports that prove where they come from
  std::vector<std::string> domains{};            // only these; empty: all
};

model::Overview make_overview(const OverviewFacts& facts, const OverviewRequest& request);

}  // namespace ruaudit::assess
