#include "assess/findings/findings.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "assess/findings/records.hpp"
#include "assess/findings/rules.hpp"
#include "assess/findings/tls/tls.hpp"

namespace ruaudit::assess {
namespace {

void add(std::vector<model::Finding>& all, std::vector<model::Finding> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Own mail first, then risk, then size.
int harm(model::FindingKind kind) {
  using enum model::FindingKind;
  switch (kind) {
    case own_mail_harmed:
      return 0;
    case record_broken:
      return 1;
    case dkim_broken:
    case spf_broken:
      return 2;
    case mailbox_trouble:
    case tls_failing:
      return 3;
    case sender_unaligned:
    case new_sender:
      return 4;
    default:
      return 5;
  }
}

bool comes_first(const model::Finding& a, const model::Finding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (harm(a.kind) != harm(b.kind)) return harm(a.kind) < harm(b.kind);
  if (a.messages != b.messages) return a.messages > b.messages;
  return a.id < b.id;
}

// Domain by domain: no rule compares senders of two, and the lines of one are all that is in memory.
void add_sender_findings(const Situation& situation, std::vector<model::Finding>& all) {
  const auto coverages = Coverage::of_domains(situation);
  const Reported reported(situation);
  const auto classes = classes_by_domain(situation);
  const bool only_proven = disbelieves_unproven(situation);
  const Day today = judged_day(situation), learnt = first_learnt(situation);
  for (std::uint32_t domain = 0; domain < classes.size(); ++domain) {
    const auto senders = group_senders(situation, domain, classes[domain], only_proven);
    const Matter of{situation, senders, domain, coverages[domain], reported, today, learnt};
    for (const auto family :
         {mechanism_findings, alignment_findings, newcomer_findings, volume_findings, stranger_findings, wave_findings})
      add(all, family(of));
  }
}

}  // namespace

std::vector<model::Finding> findings(const Situation& situation) {
  std::vector<model::Finding> all = record_findings(situation);
  add_sender_findings(situation, all);
  add(all, reporter_findings(situation));
  add(all, intake_findings(situation));
  add(all, tls_findings(situation));
  std::sort(all.begin(), all.end(), comes_first);
  std::set<std::string> ids;
  std::erase_if(all, [&ids](const model::Finding& finding) { return !ids.insert(finding.id).second; });
  return all;
}

}  // namespace ruaudit::assess
