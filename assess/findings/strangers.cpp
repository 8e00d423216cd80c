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

constexpr std::size_t addresses_a_day = 3;  // of one IPv6 host

struct Group {
  std::vector<const Sender*> senders;
  std::vector<std::pair<Day, std::int64_t>> messages;  // by day
  std::int64_t passing = 0, all = 0;
  void add(const Sender& sender) {
    senders.push_back(&sender);
    for (const Line& line : sender.lines) {
      if (messages.empty() || messages.back().first != line.day) messages.emplace_back(line.day, 0);
      messages.back().second += line.messages;
      all += line.messages;
      if (line.passes()) passing += line.messages;
    }
  }
  // Puts the days of several senders in order, one entry each.
  void join() {
    if (senders.size() < 2) return;
    std::sort(messages.begin(), messages.end());
    std::size_t last = 0;
    for (std::size_t i = 1; i < messages.size(); ++i)
      if (messages[i].first == messages[last].first)
        messages[last].second += messages[i].second;
      else
        messages[++last] = messages[i];
    messages.resize(last + 1);
  }
};

// The stretch of days in which it still sends, without a longer pause than a steady sender makes.
struct Stay {
  std::vector<Day> days;
  std::int64_t messages = 0;
};

// Neighbours are told by a host name that leads back to all of them; an address without one stands alone, of IPv6 with
// the others of its host.
std::string key_of(const Matter& of, const Sender& sender) {
  const auto& source = *sender.sources.front();
  return source.host.empty() ? place_of(address_of(of, source.source)) : source.host;
}

Stay stay_of(const Group& group) {
  std::vector<Day> days;
  for (const auto& [day, messages] : group.messages) days.push_back(day);
  const auto count = static_cast<std::ptrdiff_t>(last_stretch(days));
  Stay stay{.days = {days.end() - count, days.end()}};
  for (auto last = group.messages.end() - count; last != group.messages.end(); ++last) stay.messages += last->second;
  return stay;
}

model::Sentence what_is_known(const Group& group, const std::string& service, bool are_several) {
  if (!service.empty())
    return are_several ? model::say("they are hosts of {}, perhaps used by another of its customers", service)
                       : model::say("it is a host of {}, perhaps used by another of its customers", service);
  if (group.passing > 0)
    return model::say("{} of this mail passes DMARC by neither SPF nor DKIM",
                      share_text(group.all - group.passing, group.all));
  return are_several ? model::say("they belong to no known service, and none of this mail passes DMARC")
                     : model::say("it belongs to no known service, and none of this mail passes DMARC");
}

// SPF for a host that others share would let all of them send in the owner's name, and helps no mail whose return path
// is elsewhere.
model::Sentence remedy(const Matter& of, const Sender& sender, const model::Sentence& who, const std::string& label,
                       bool is_one_host) {
  const auto& service = sender.sources.front()->name;
  const auto& domain = domain_of(of, sender);
  if (!service.empty())
    return model::say("If you use {}, set up DKIM for {} there; else nothing to do", service, domain);
  if (!foreign_return_path(of, sender.lines, domain).empty())
    return is_one_host
               ? model::say("If {} is yours: 'ruaudit label {} mine', and let it sign with DKIM; else nothing to do",
                            who, label)
               : model::say(
                     "If {} are yours: 'ruaudit label {} mine' for each of them, and let them sign with DKIM; "
                     "else nothing to do",
                     who, label);
  return is_one_host
             ? model::say("If {} is yours: 'ruaudit label {} mine', and add it to SPF; else nothing to do", who, label)
             : model::say(
                   "If {} are yours: 'ruaudit label {} mine' for each of them, and add them to SPF; else "
                   "nothing to do",
                   who, label);
}

Finding finding_of(const Matter& of, const Group& group, const Stay& stay) {
  std::vector<std::pair<std::int64_t, const Sender*>> by_messages;
  for (const auto* sender : group.senders)
    by_messages.emplace_back(count_messages(*sender, [](const Line&) { return true; }), sender);
  std::stable_sort(by_messages.begin(), by_messages.end(), [](auto& a, auto& b) { return a.first > b.first; });
  std::vector<std::uint32_t> sources;
  for (const auto& [messages, sender] : by_messages) sources.push_back(sender->sources.front()->source);
  const Sender& first = *by_messages.front().second;
  Finding finding = finding_about(of, first, FindingKind::unknown_steady, sources);
  finding.id = fmt::format("unknown_steady/{}/{}", finding.domain, key_of(of, first));
  finding.severity = Severity::watch;
  finding.messages = stay.messages;
  finding.since = stay.days.front();
  const auto who = called(of, first, sources);
  const bool is_one_host = is_one(of, first, sources);
  const auto label =
      is_one_host && sources.size() > 1 ? place_of(finding.subject.sources.front()) : finding.subject.sources.front();
  const auto& service = first.sources.front()->name;  // whose host it is, for all of its customers
  finding.evidence = {model::say("{} sent {} in the name of {} on {} since {}", who, messages_text(stay.messages),
                                 finding.domain, days_text(stay.days.size()), day_of(stay.days.front())),
                      what_is_known(group, service, !is_one_host)};
  if (const auto path = foreign_return_path(of, first.lines, finding.domain); !path.empty())
    finding.evidence.push_back(is_one_host ? model::say("its return path is in {}", path)
                                           : model::say("their return path is in {}", path));
  finding.action = remedy(of, first, who, label, is_one_host);
  return finding;
}

// A network in which many addresses send at a time belongs to many, as some hosters hand it out: each stands alone.
void part_crowds(const Matter& of, std::map<std::string, Group>& groups) {
  std::vector<const Sender*> crowd;
  std::erase_if(groups, [&](const auto& one) {
    const Group& group = one.second;
    if (!one.first.ends_with("/64") || group.senders.size() <= addresses_a_day * group.messages.size()) return false;
    crowd.insert(crowd.end(), group.senders.begin(), group.senders.end());
    return true;
  });
  for (const auto* sender : crowd) groups[address_of(of, sender->sources.front()->source)].add(*sender);
}

Background background_of_groups(const std::map<std::string, Group>& groups) {
  std::vector<Presence> presences;
  presences.reserve(groups.size());
  for (const auto& [key, group] : groups) {
    Presence& presence = presences.emplace_back();
    for (const auto& [day, messages] : group.messages) presence.days.push_back(day);
  }
  return background_of(presences);
}

}  // namespace

Findings stranger_findings(const Matter& of) {
  std::map<std::string, Group> groups;
  for (const Sender& sender : of.senders)
    if (sender.of == SenderClass::stranger) groups[key_of(of, sender)].add(sender);
  for (auto& [key, group] : groups) group.join();
  part_crowds(of, groups);
  const auto background = background_of_groups(groups);
  Findings findings;
  for (const auto& [key, group] : groups) {
    const Stay stay = stay_of(group);
    const auto days = static_cast<std::int64_t>(stay.days.size());
    if (days < steady_days || stay.messages < steady_messages || 2 * group.passing > group.all) continue;
    if (!is_beyond_chance(background, days, stay.days.back() - stay.days.front() + 1)) continue;
    if (has_ended(of.coverage, of.today, stay.days)) continue;
    findings.push_back(finding_of(of, group, stay));
  }
  return findings;
}

}  // namespace ruaudit::assess
