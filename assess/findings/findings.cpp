#include "assess/findings/findings.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <iterator>
#include <set>
#include <system_error>

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

// What the rules look at that is the same for all domains.
struct Common {
  std::vector<Coverage> coverages;
  Reported reported;
  std::vector<std::vector<const ClassedSource*>> classes;
  bool only_proven = false;
};

std::vector<model::Finding> findings_of(const Situation& situation, const Common& common, std::uint32_t domain) {
  const auto senders = group_senders(situation, domain, common.classes[domain], common.only_proven);
  const Matter of{situation, senders, domain, common.coverages[domain], common.reported, judged_day(situation)};
  std::vector<model::Finding> out;
  for (const auto family :
       {mechanism_findings, alignment_findings, newcomer_findings, volume_findings, stranger_findings, wave_findings})
    add(out, family(of));
  return out;
}

// Nothing where the system gives no more threads.
std::future<void> started(const std::function<void()>& work) {
  try {
    return std::async(std::launch::async, work);
  } catch (const std::system_error&) {
    return {};
  }
}

// Domain by domain: no rule compares senders of two, and the lines of no more than two are in memory. Where there is
// much to do, a second thread takes every other one.
void add_sender_findings(const Situation& situation, std::vector<model::Finding>& all) {
  constexpr std::size_t much = 200'000;  // days of streams
  const Common common{Coverage::of_domains(situation), Reported(situation), classes_by_domain(situation),
                      disbelieves_unproven(situation)};
  std::vector<std::vector<model::Finding>> found(common.classes.size());
  std::atomic<std::uint32_t> next = 0;
  const auto work = [&] {
    for (std::uint32_t domain = next++; domain < found.size(); domain = next++)
      found[domain] = findings_of(situation, common, domain);
  };
  std::future<void> other;
  if (found.size() > 1 && situation.facts->days.size() > much) other = started(work);
  work();
  if (other.valid()) other.get();
  for (auto& findings : found) add(all, std::move(findings));
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
