// unknown_steady: an address of no known service, or its neighbours, that goes on sending in the domain's name.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assess/findings/rules.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

constexpr std::size_t steady_days = 5;
constexpr std::int64_t steady_messages = 20;

struct Group {
  std::vector<const Sender*> senders;
  std::set<Day> days;
  std::int64_t messages = 0, passing = 0;
  std::string host;
};

// Neighbours are told by a host name that leads back to all of them; an address without one stands alone.
std::string key_of(const Matter& of, const Sender& sender) {
  const auto& source = sender.sources.front();
  return source.host.empty() ? address_of(of, source.source) : source.host;
}

Finding finding_of(const Matter& of, const Group& group) {
  std::vector<const Sender*> by_messages = group.senders;
  const auto sum = [](const Sender& sender) { return count_messages(sender, [](const Line&) { return true; }); };
  std::stable_sort(by_messages.begin(), by_messages.end(), [&](auto* a, auto* b) { return sum(*a) > sum(*b); });
  std::vector<std::uint32_t> sources;
  for (const auto* sender : by_messages) sources.push_back(sender->sources.front().source);
  const Sender& first = *by_messages.front();
  Finding finding = finding_about(of, first, FindingKind::unknown_steady, sources);
  finding.id = fmt::format("unknown_steady/{}/{}", finding.domain, key_of(of, first));
  finding.severity = Severity::watch;
  finding.messages = group.messages;
  finding.since = *group.days.begin();
  const auto who = called(of, first, sources);
  finding.evidence = {model::say("{} sent {} in the name of {} on {} since {}", who, messages_text(group.messages),
                                 finding.domain, days_text(group.days.size()), day_of(*group.days.begin())),
                      model::say("it belongs to no known service and none of it passes DMARC")};
  finding.action = model::say("If {} is yours: 'ruaudit label {} mine', and add it to SPF; else nothing to do", who,
                              finding.subject.sources.front());
  return finding;
}

}  // namespace

Findings stranger_findings(const Matter& of) {
  std::map<std::pair<std::uint32_t, std::string>, Group> groups;
  for (const Sender& sender : of.senders) {
    if (sender.of != SenderClass::stranger) continue;
    Group& group = groups[{sender.domain, key_of(of, sender)}];
    group.senders.push_back(&sender);
    for (const Line& line : sender.lines) {
      group.days.insert(line.day);
      group.messages += line.messages;
      if (line.passes()) group.passing += line.messages;
    }
  }
  Findings findings;
  for (const auto& [key, group] : groups) {
    if (group.days.size() < steady_days || group.messages < steady_messages || 2 * group.passing > group.messages)
      continue;
    if (has_ended(of, {group.days.begin(), group.days.end()})) continue;
    findings.push_back(finding_of(of, group));
  }
  return findings;
}

}  // namespace ruaudit::assess
