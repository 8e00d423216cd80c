// sender_unaligned: a service or own server whose mail never passed DMARC. own_mail_harmed: mail of the owner's that is
// quarantined or rejected since the policy was raised.

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>

#include "assess/domain_text.hpp"
#include "assess/findings/records.hpp"
#include "assess/findings/rules.hpp"
#include "assess/strangers.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

constexpr std::int64_t least_unaligned = 10;  // more messages that fail than pass
constexpr std::int64_t enough_harm = 20;      // messages, whatever their share

Check dmarc(const Line& line) {
  if (line.passes()) return Check::pass;
  return line.fails() ? Check::fail : Check::unknown;
}

// Failing from the first message on, and still.
bool never_passed(const std::vector<DayCount>& days) {
  const auto parts = stretches(days);
  return parts.size() == 1 && !parts.front().is_good && parts.front().bad - parts.front().good >= least_unaligned;
}

std::vector<Day> days_of(const Sender& sender, const LineTest& take) {
  std::vector<Day> days;
  for (const Line& line : sender.lines)
    if (take(line) && (days.empty() || days.back() != line.day)) days.push_back(line.day);
  return days;
}

bool is_forwarded(const Matter& of, const Line& line) {
  const auto& pattern = of.situation.facts->patterns[line.pattern];
  return pattern.has_arc_pass ||
         std::any_of(pattern.overrides.begin(), pattern.overrides.end(), [](model::OverrideType type) {
           return type == model::OverrideType::forwarded || type == model::OverrideType::trusted_forwarder ||
                  type == model::OverrideType::mailing_list;
         });
}

enum class ReturnPath : std::uint8_t { own, foreign, unknown };

// In whose domain most of this mail has its return path.
ReturnPath return_path_of(const Matter& of, const std::vector<Line>& lines, const std::string& domain) {
  std::int64_t own = 0, foreign = 0, all = 0;
  for (const Line& line : lines) {
    const auto& results = of.situation.facts->patterns[line.pattern].spf_results;
    all += line.messages;
    const auto path = std::find_if(results.begin(), results.end(), [](const auto& spf) {
      return spf.scope != model::SpfScope::helo && !spf.domain.empty();
    });
    if (path != results.end()) (are_related(path->domain, domain) ? own : foreign) += line.messages;
  }
  return 2 * own > all ? ReturnPath::own : 2 * foreign > all ? ReturnPath::foreign : ReturnPath::unknown;
}

// SPF is evaluated for the domain of the return path (RFC 7208 section 2.4): where that is not the owner's, his record
// is not asked.
model::Sentence remedy(const Matter& of, const Sender& sender, const std::vector<std::uint32_t>& sources,
                       const LineTest& failing, const std::string& domain) {
  const auto who = called(of, sender, sources);
  std::vector<Line> lines;
  std::copy_if(sender.lines.begin(), sender.lines.end(), std::back_inserter(lines), failing);
  const auto path = foreign_return_path(of, lines, domain);
  const bool is_single = is_one(of, sender, sources);
  if (sender.of == SenderClass::own_server && path.empty())
    return is_single
               ? model::say("If {} is yours, add it to the SPF record of {} and let it sign with DKIM", who, domain)
               : model::say("If {} are yours, add them to the SPF record of {} and let them sign with DKIM", who,
                            domain);
  if (sender.of == SenderClass::own_server)
    return is_single ? model::say(
                           "If {} is yours, let it sign with DKIM for {} (its return path is in {}: SPF of {} does "
                           "not help)",
                           who, domain, path, domain)
                     : model::say(
                           "If {} are yours, let them sign with DKIM for {} (their return path is in {}: SPF of {} "
                           "does not help)",
                           who, domain, path, domain);
  const auto whose = return_path_of(of, lines, domain);
  if (whose == ReturnPath::foreign)
    return model::say("If you use {}, set up DKIM for {} there (its return path is not in {}, so SPF does not help)",
                      who, domain, domain);
  if (whose == ReturnPath::unknown) return model::say("If you use {}, set up DKIM for {} there", who, domain);
  return model::say("If you use {}, set up DKIM for {} there, and add what it names to the SPF record of {}", who,
                    domain, domain);
}

// `name`: in whose name this mail is sent.
std::optional<Finding> unaligned(const Matter& of, const Sender& sender, const LineTest& scope, const std::string& lane,
                                 const std::string& name) {
  const LineTest failing = [&](const Line& line) { return scope(line) && line.fails(); };
  const auto days = days_of(sender, failing);
  if (has_ended(of.coverage, of.today, days)) return std::nullopt;
  const auto sources = busiest(sender, failing);
  Finding finding = finding_about(of, sender, FindingKind::sender_unaligned, sources, lane);
  const auto who = called(of, sender, sources);
  finding.severity = Severity::ask;
  finding.messages = count_messages(sender, failing);
  finding.since = days.front();
  const auto all = count_messages(sender, scope);
  finding.evidence = {
      days.size() == 1
          ? model::say("{} sent {} in the name of {} on {}", who, messages_text(all), name, day_of(days.front()))
          : model::say("{} sent {} in the name of {} on {} since {}", who, messages_text(all), name,
                       days_text(days.size()), day_of(days.front())),
      model::say("{} of this mail fails DMARC: neither SPF nor DKIM passes for the domain",
                 share_text(finding.messages, all))};
  const auto harmed = count_messages(sender, [&](const Line& l) { return failing(l) && l.is_harmed; });
  if (harmed > 0)
    finding.evidence.push_back(
        model::say_count("{} message was quarantined or rejected", "{} messages were quarantined or rejected", harmed));
  finding.action = remedy(of, sender, sources, failing, name);
  return finding;
}

// Author Domains for which no mail of these ever passed, though it does for others, on as many days as make a stranger
// steady. Where a reporter leaves the name out nothing can be said of it.
std::vector<std::string> unaligned_names(const Matter& of, const Sender& sender, const LineTest& own) {
  std::map<std::string, std::vector<DayCount>> names;
  std::unordered_map<std::uint32_t, std::vector<DayCount>*> of_pattern;
  for (const Line& line : sender.lines) {
    const auto [at, is_new] = of_pattern.try_emplace(line.pattern, nullptr);
    if (is_new) at->second = &names[of.situation.facts->patterns[line.pattern].header_from];
    const Check check = dmarc(line);
    if (check == Check::unknown || !own(line) || of.situation.facts->patterns[line.pattern].header_from.empty())
      continue;
    auto& days = *at->second;
    if (days.empty() || days.back().day != line.day) days.push_back({line.day, 0, 0});
    (check == Check::pass ? days.back().good : days.back().bad) += line.messages;
  }
  std::vector<std::string> out;
  for (const auto& [name, days] : names)
    if (static_cast<std::int64_t>(days.size()) >= steady_days && never_passed(days)) out.push_back(name);
  return out;
}

void look_for_unaligned(const Matter& of, const Sender& sender, Findings& out) {
  const auto& domain = domain_of(of, sender);
  const LineTest own = [&](const Line& line) { return !is_forwarded(of, line); };
  if (never_passed(series(sender.lines, own, dmarc))) {
    if (auto finding = unaligned(of, sender, own, "", domain)) out.push_back(std::move(*finding));
    return;
  }
  // By address, then together where several have the same fault.
  std::set<std::uint32_t> failing;
  const Parts parts(sender);
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (never_passed(series(parts[i], own, dmarc))) failing.insert(parts[i].source());
  const LineTest part = [&](const Line& line) { return failing.contains(line.source) && own(line); };
  if (!failing.empty())
    if (auto finding = unaligned(of, sender, part, "part", domain)) out.push_back(std::move(*finding));
  const LineTest rest = [&](const Line& line) { return !failing.contains(line.source) && own(line); };
  for (const auto& name : unaligned_names(of, sender, rest)) {
    const LineTest lane = [&](const Line& line) {
      return rest(line) && of.situation.facts->patterns[line.pattern].header_from == name;
    };
    if (auto finding = unaligned(of, sender, lane, name, name)) out.push_back(std::move(*finding));
  }
}

// In the fortnight before. Where most of it passed, not the policy alone is what harms it now.
struct Before {
  std::int64_t passed = 0, failed = 0;
  [[nodiscard]] bool has_passed() const { return passed > failed; }
};

Before before(const Sender& sender, Day first) {
  Before sums;
  for (const Line& line : sender.lines) {
    if (line.day < first - 14 || line.day >= first) continue;
    if (line.passes()) sums.passed += line.messages;
    if (line.fails()) sums.failed += line.messages;
  }
  return sums;
}

void describe_harm(Finding& finding, const model::Sentence& who, const Raise& raise, const Before& fortnight) {
  const auto& domain = finding.domain;
  const bool has_passed = fortnight.has_passed();
  finding.evidence.push_back(
      fortnight.passed == 0 && fortnight.failed == 0
          ? model::say("the policy of {} was raised on {}; of the fortnight before it is not known whether this mail "
                       "passed DMARC",
                       domain, day_of(raise.first))
      : has_passed ? model::say("the policy of {} was raised on {}; most of this mail still passed DMARC then", domain,
                                day_of(raise.first))
                   : model::say("the policy of {} was raised on {}, and this mail failed DMARC before", domain,
                                day_of(raise.first)));
  finding.action = has_passed
                       ? model::say("Repair SPF or DKIM of {} for {}, or take _dmarc.{} back to {}=none until then",
                                    who, domain, domain, raise.tag)
                       : model::say("Set up DKIM for {} at {}, or take _dmarc.{} back to {}=none until then", domain,
                                    who, domain, raise.tag);
}

// Of several raises the latest one before the first harm is what it came by.
bool is_overtaken(const std::vector<Raise>& raises, const Raise& raise, Day first_harm) {
  return std::any_of(raises.begin(), raises.end(), [&](const Raise& other) {
    return other.first > raise.first && other.first <= first_harm && first_harm <= other.last;
  });
}

// What broke the sender before explains the harm as well as the policy does; the policy is what changed for its mail.
void look_for_harm(const Matter& of, const Sender& sender, const std::vector<Raise>& raises, const Raise& raise,
                   Findings& out) {
  const auto& domain = domain_of(of, sender);
  const bool failed_before = std::any_of(sender.lines.begin(), sender.lines.end(),
                                         [&](const Line& l) { return l.day < raise.first && l.fails(); });
  const LineTest since = [&](const Line& l) {
    return l.day >= raise.first && l.day <= raise.last &&
           raise.governs(of.situation.facts->patterns[l.pattern].header_from, domain);
  };
  const LineTest harmed = [&](const Line& l) { return since(l) && l.is_harmed && !l.passes() && !is_forwarded(of, l); };
  const auto messages = count_messages(sender, harmed), all = count_messages(sender, since);
  const bool is_much = messages >= enough_harm;
  const auto days = days_of(sender, harmed);
  if (!failed_before || !is_much || has_ended(of.coverage, of.today, days)) return;
  if (is_overtaken(raises, raise, days.front())) return;
  const auto sources = busiest(sender, harmed);
  Finding finding = finding_about(of, sender, FindingKind::own_mail_harmed, sources, text_of_day(raise.first));
  const auto who = called(of, sender, sources);
  finding.severity = Severity::fix;
  finding.messages = messages;
  finding.since = days.front();
  finding.cause = model::FindingCause{model::CauseRecord::dmarc, "_dmarc." + domain, model::RecordChange::changed};
  finding.evidence = {model::say_count("{} of {} from {} was quarantined or rejected since {}",
                                       "{} of {} from {} were quarantined or rejected since {}", messages,
                                       messages_text(all), who, day_of(days.front()))};
  describe_harm(finding, who, raise, before(sender, raise.first));
  out.push_back(std::move(finding));
}

}  // namespace

Findings alignment_findings(const Matter& of) {
  Findings findings;
  for (const Sender& sender : of.senders) {
    if (!sender.is_owners()) continue;
    look_for_unaligned(of, sender, findings);
    const auto raises = policy_raises(of.situation, domain_of(of, sender));
    for (const Raise& raise : raises) look_for_harm(of, sender, raises, raise, findings);
  }
  return findings;
}

}  // namespace ruaudit::assess
