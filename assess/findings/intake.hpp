// What the reports themselves tell: which reporters keep their rhythm, which reports are not to be trusted, and whether
// mail is being received.
#pragma once
#include <string>
#include <vector>

#include "assess/findings/situation.hpp"
#include "model/finding.hpp"

namespace ruaudit::assess {

// Reports that do not prove where they come from are left out where most others prove it: below, "forged".
bool disbelieves_unproven(const Situation& situation);

// Which reports count at all.
class ReportBelief {
 public:
  explicit ReportBelief(const Situation& situation, bool only_authenticated = false)
      : only_authenticated_(only_authenticated), disbelieves_unproven_(disbelieves_unproven(situation)) {}
  [[nodiscard]] bool in(model::ReportTrust trust) const {
    if (only_authenticated_) return trust == model::ReportTrust::authenticated;
    return !disbelieves_unproven_ || trust != model::ReportTrust::unauthenticated;
  }

 private:
  bool only_authenticated_, disbelieves_unproven_;
};

// Do reports come in by themselves: from mailboxes that are visited, or from files on several of the last nights? Those
// of one night that were ingested by hand are no rhythm that could end.
bool is_intake_regular(const Situation& situation);

// Does the mailbox have a problem, or did it recently, so that silence means nothing?
bool is_intake_disturbed(const Situation& situation);

// The first day about which most of the reports came in since the last digest: earlier than first_news() where mail had
// to wait, since the owner could not be told before. Days of more than a fortnight ago are no news.
Day first_learnt(const Situation& situation);

// Can anyone report on the domain on this day: was its DMARC record there?
bool can_be_reported(const Situation& situation, const std::string& domain, Day day);

std::vector<model::Finding> intake_findings(const Situation& situation);
std::vector<model::Finding> reporter_findings(const Situation& situation);

}  // namespace ruaudit::assess
