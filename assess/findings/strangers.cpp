// unknown_steady: an address of no known service, or its neighbours, that goes on sending in the domain's name.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "assess/findings/rules.hpp"
#include "assess/strangers.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

struct Group {
  std::vector<const Sender*> senders;
  std::map<Day, std::int64_t> messages;  // by day
  std::int64_t passing = 0, all = 0;
};

// The stretch of days in which it still sends, without a longer pause than a steady sender makes.
struct Stay {
  std::vector<Day> days;
  std::int64_t messages = 0;
};

// Neighbours are told by a host name that leads back to all of them; an address without one stands alone.
std::string key_of(const Matter& of, const Sender& sender) {
  const auto& source = sender.sources.front();
  return source.host.empty() ? address_of(of, source.source) : source.host;
}

Stay stay_of(const Group& group) {
  std::vector<Day> days;
  for (const auto& [day, messages] : group.messages) days.push_back(day);
  const auto count = static_cast<std::ptrdiff_t>(last_stretch(days));
  Stay stay{.days = {days.end() - count, days.end()}};
  for (const Day day : stay.days) stay.messages += group.messages.at(day);
  return stay;
}

model::Sentence what_is_known(const Group& group, const std::string& service, bool are_several) {
  if (!service.empty())
    return are_several ? model::say("they are hosts of {}, maybe for another of its customers", service)
                       : model::say("it is a host of {}, maybe for another of its customers", service);
  if (group.passing > 0)
    return model::say("{} of this mail passes DMARC by neither SPF nor DKIM",
                      share_text(group.all - group.passing, group.all));
  return are_several ? model::say("they belong to no known service, and none of this mail passes DMARC")
                     : model::say("it belongs to no known service, and none of this mail passes DMARC");
}

Finding finding_of(const Matter& of, const Group& group, const Stay& stay) {
  std::vector<const Sender*> by_messages = group.senders;
  const auto sum = [](const Sender& sender) { return count_messages(sender, [](const Line&) { return true; }); };
  std::stable_sort(by_messages.begin(), by_messages.end(), [&](auto* a, auto* b) { return sum(*a) > sum(*b); });
  std::vector<std::uint32_t> sources;
  for (const auto* sender : by_messages) sources.push_back(sender->sources.front().source);
  const Sender& first = *by_messages.front();
  Finding finding = finding_about(of, first, FindingKind::unknown_steady, sources);
  finding.id = fmt::format("unknown_steady/{}/{}", finding.domain, key_of(of, first));
  finding.severity = Severity::watch;
  finding.messages = stay.messages;
  finding.since = stay.days.front();
  const auto who = called(of, first, sources);
  const auto& service = first.sources.front().name;  // whose host it is, for all of its customers
  finding.evidence = {model::say("{} sent {} in the name of {} on {} since {}", who, messages_text(stay.messages),
                                 finding.domain, days_text(stay.days.size()), day_of(stay.days.front())),
                      what_is_known(group, service, sources.size() > 1)};
  // SPF for a host that others share would let all of them send in the owner's name.
  finding.action =
      service.empty()
          ? (sources.size() > 1
                 ? model::say("If {} are yours: 'ruaudit label {} mine' for each of them, and add them to SPF; else "
                              "nothing to do",
                              who, finding.subject.sources.front())
                 : model::say("If {} is yours: 'ruaudit label {} mine', and add it to SPF; else nothing to do", who,
                              finding.subject.sources.front()))
          : model::say("If you use {}, set up DKIM for {} there; else nothing to do", service, finding.domain);
  return finding;
}

std::vector<Background> backgrounds_of(const Matter& of,
                                       const std::map<std::pair<std::uint32_t, std::string>, Group>& groups) {
  std::vector<std::vector<Presence>> presences(of.situation.facts->domains.size());
  for (const auto& [key, group] : groups) {
    Presence& presence = presences[key.first].emplace_back();
    for (const auto& [day, messages] : group.messages) presence.days.push_back(day);
  }
  std::vector<Background> out;
  for (const auto& strangers : presences) out.push_back(background_of(strangers));
  return out;
}

}  // namespace

Findings stranger_findings(const Matter& of) {
  std::map<std::pair<std::uint32_t, std::string>, Group> groups;
  for (const Sender& sender : of.senders) {
    if (sender.of != SenderClass::stranger) continue;
    Group& group = groups[{sender.domain, key_of(of, sender)}];
    group.senders.push_back(&sender);
    for (const Line& line : sender.lines) {
      group.messages[line.day] += line.messages;
      group.all += line.messages;
      if (line.passes()) group.passing += line.messages;
    }
  }
  const auto backgrounds = backgrounds_of(of, groups);
  Findings findings;
  for (const auto& [key, group] : groups) {
    const Stay stay = stay_of(group);
    const auto days = static_cast<std::int64_t>(stay.days.size());
    if (days < steady_days || stay.messages < steady_messages || 2 * group.passing > group.all) continue;
    if (!is_beyond_chance(backgrounds[key.first], days, stay.days.back() - stay.days.front() + 1)) continue;
    if (has_ended(of.coverages[key.first], of.today, stay.days)) continue;
    findings.push_back(finding_of(of, group, stay));
  }
  return findings;
}

}  // namespace ruaudit::assess
