// new_sender, forwarding: who had not sent before. Nothing is new in the first days of a domain's reports.

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <unordered_map>

#include "assess/findings/records.hpp"
#include "assess/findings/rules.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

constexpr Day told_for = 6;                // days from the first message in which a sender that passes is news
constexpr std::int64_t least_missing = 8;  // messages of an own server without SPF
constexpr std::int64_t least_forwarded = 3;

struct Newcomer {
  const Sender* sender = nullptr;
  std::vector<std::uint32_t> sources{};
  Day first = 0;
  std::vector<Line> own_lines{};  // of these sources, by day, where they are not all of the sender's
  [[nodiscard]] std::span<const Line> lines() const { return own_lines.empty() ? sender->lines : own_lines; }
};

bool is_any(const Line&) { return true; }

std::int64_t messages_of(const Newcomer& who, bool (*take)(const Line&)) {
  std::int64_t sum = 0;
  for (const Line& line : who.lines()) sum += take(line) ? line.messages : 0;
  return sum;
}

// A service, a forwarder and a list are new as a whole; each own server for itself, those of one day together.
std::vector<Newcomer> newcomers(const Matter& of, const Sender& sender) {
  const Day since = of.coverage.first_day() + baseline_days;
  std::vector<Newcomer> out;
  if (sender.of != SenderClass::own_server) {
    if (sender.lines.front().day >= since)
      out.push_back({&sender, busiest(sender, is_any), sender.lines.front().day, {}});
    return out;
  }
  const auto firsts = first_days(of, sender);
  if (std::none_of(firsts.begin(), firsts.end(), [since](const auto& one) { return one.second >= since; })) return out;
  std::map<Day, Newcomer> by_day;
  for (const Line& line : sender.lines) {
    const Day first = firsts.at(line.source);
    if (first >= since) by_day[first].own_lines.push_back(line);
  }
  for (const auto source : busiest(sender, is_any)) {
    const Day first = firsts.at(source);
    if (first >= since) by_day[first].sources.push_back(source);
  }
  for (auto& [day, who] : by_day) {
    who.sender = &sender;
    who.first = day;
    out.push_back(std::move(who));
  }
  return out;
}

std::vector<Day> days_of(const Newcomer& who) {
  std::vector<Day> days;
  for (const Line& line : who.lines())
    if (days.empty() || days.back() != line.day) days.push_back(line.day);
  return days;
}

Finding draft(const Matter& of, const Newcomer& who, FindingKind kind) {
  const auto lane =
      who.sender->of == SenderClass::own_server ? home_of(of, *who.sender, who.sources.front()) : std::string();
  Finding finding = finding_about(of, *who.sender, kind, who.sources, lane);
  finding.messages = messages_of(who, is_any);
  finding.since = who.first;
  return finding;
}

// SPF is looked up for the return path: where that is another domain's, the owner's record is not asked.
model::Sentence for_spf(const Matter& of, const Newcomer& who, const model::Sentence& name, const std::string& domain) {
  const auto path = foreign_return_path(of, who.lines(), domain);
  const bool is_single = is_one(of, *who.sender, who.sources);
  if (path.empty())
    return is_single ? model::say("If {} is yours, add it to the SPF record of {}", name, domain)
                     : model::say("If {} are yours, add them to the SPF record of {}", name, domain);
  return is_single ? model::say(
                         "If {} is yours, let it send with a return path in {}, not in {}, and add it to the SPF "
                         "record there",
                         name, domain, path)
                   : model::say(
                         "If {} are yours, let them send with a return path in {}, not in {}, and add them to "
                         "the SPF record there",
                         name, domain, path);
}

// What passes by SPF alone fails as soon as it is forwarded.
model::Sentence for_dkim(const Matter& of, const Newcomer& who, const model::Sentence& name,
                         const std::string& domain) {
  return is_one(of, *who.sender, who.sources)
             ? model::say("If {} is yours, let it sign with DKIM for {}: forwarded mail fails without", name, domain)
             : model::say("If {} are yours, let them sign with DKIM for {}: forwarded mail fails without", name,
                          domain);
}

model::Argument part_of(std::int64_t messages, std::int64_t known) {
  return known > 0 ? model::Argument(share_text(messages, known)) : model::Argument(model::say("an unknown part"));
}

// Passing: for the record. An own server that SPF does not name: to be confirmed. Failing ones are sender_unaligned.
void look_at(const Matter& of, const Newcomer& who, Findings& out) {
  const auto& sender = *who.sender;
  const auto all = messages_of(who, is_any);
  // What could not be checked has neither passed nor failed.
  const auto passing = messages_of(who, [](const Line& l) { return l.passes(); });
  const auto known = passing + messages_of(who, [](const Line& l) { return l.fails(); });
  const auto by_spf = messages_of(who, [](const Line& l) { return l.spf == Check::pass; });
  const auto known_spf = messages_of(who, [](const Line& l) { return l.spf != Check::unknown; });
  const auto by_dkim = messages_of(who, [](const Line& l) { return l.dkim == Check::pass; });
  const auto known_dkim = messages_of(who, [](const Line& l) { return l.dkim != Check::unknown; });
  const auto name = called(of, sender, who.sources);
  Finding finding = draft(of, who, FindingKind::new_sender);
  finding.evidence = {model::say("{} sent {} since {}, and none before", name, messages_text(all), day_of(who.first)),
                      model::say("{} of this mail passes DMARC, {} by SPF, {} by DKIM", part_of(passing, known),
                                 part_of(by_spf, known_spf), part_of(by_dkim, known_dkim))};
  if (known == 0 || 5 * passing < 4 * known) return;
  if (sender.of == SenderClass::own_server && 2 * by_spf < known_spf) {
    if (all < least_missing || has_ended(of.coverage, of.today, days_of(who))) return;
    finding.severity = Severity::ask;
    finding.action = for_spf(of, who, name, finding.domain);
    out.push_back(std::move(finding));
    return;
  }
  if (std::min(of.today, of.learnt + 1) - who.first > told_for) return;
  finding.severity = Severity::info;
  finding.is_said_once = true;
  finding.action = 2 * by_dkim < known_dkim          ? for_dkim(of, who, name, finding.domain)
                   : is_one(of, sender, who.sources) ? model::say("Nothing to do if {} is yours", name)
                                                     : model::say("Nothing to do if {} are yours", name);
  out.push_back(std::move(finding));
}

void look_at_forwarder(const Matter& of, const Newcomer& who, Findings& out) {
  Finding finding = draft(of, who, FindingKind::forwarding);
  if (finding.messages < least_forwarded) return;
  const auto name = called(of, *who.sender, who.sources);
  finding.severity = Severity::info;
  finding.is_said_once = true;
  finding.evidence = {model::say("{} forwarded {} of yours since {}, and none before", name,
                                 messages_text(finding.messages), day_of(who.first))};
  finding.action = model::say("Nothing to do: the recipients have their mail forwarded");
  out.push_back(std::move(finding));
}

}  // namespace

Findings newcomer_findings(const Matter& of) {
  Findings findings;
  for (const Sender& sender : of.senders) {
    if (sender.of == SenderClass::stranger) continue;
    for (const Newcomer& who : newcomers(of, sender))
      sender.is_owners() ? look_at(of, who, findings) : look_at_forwarder(of, who, findings);
  }
  return findings;
}

}  // namespace ruaudit::assess
