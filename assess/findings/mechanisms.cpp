// dkim_broken, spf_broken: a mechanism that passed aligned for a sender of the owner's no longer does. Looked for in
// all of a sender's mail, then by Author Domain, then by address, so that a part that broke is found and named as that
// part.

#include <algorithm>
#include <map>
#include <set>

#include "assess/domain_text.hpp"
#include "assess/findings/ever_passing.hpp"
#include "assess/findings/mechanism_reason.hpp"
#include "assess/findings/records.hpp"
#include "assess/findings/rules.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

struct Mechanism {
  FindingKind kind;
  std::string_view token, word;
  Check Line::*check;
};
constexpr Mechanism dkim{FindingKind::dkim_broken, "dkim", "DKIM", &Line::dkim};
constexpr Mechanism spf{FindingKind::spf_broken, "spf", "SPF", &Line::spf};

constexpr std::int64_t least_failing = 8;  // messages of the broken part
constexpr Day same_time = 3;               // parts that broke within so many days broke together

const model::AuthPattern& pattern_of(const Matter& of, const Line& line) {
  return of.situation.facts->patterns[line.pattern];
}

// The stretch that is broken now, when something worked before.
struct Break {
  Day first = 0;
  Day last_good = 0;
  std::int64_t passed_before = 0, messages_before = 0;
};

std::optional<Break> break_of(const std::vector<DayCount>& days) {
  const auto parts = stretches(days);
  if (parts.size() < 2 || parts.back().is_good || parts.back().bad < least_failing) return std::nullopt;
  const Stretch& before = parts[parts.size() - 2];
  return Break{parts.back().first, before.last, before.good, before.good + before.bad};
}

struct Counts {
  std::int64_t good_before = 0, bad_before = 0, good = 0, bad = 0;
};

std::map<std::uint32_t, Counts> counts_by_source(const Sender& sender, const LineTest& take, Check Line::*check,
                                                 Day first) {
  std::map<std::uint32_t, Counts> counts;
  for (const Line& line : sender.lines) {
    if (!take(line) || line.*check == Check::unknown) continue;
    Counts& c = counts[line.source];
    const bool is_good = line.*check == Check::pass;
    if (line.day < first)
      (is_good ? c.good_before : c.bad_before) += line.messages;
    else
      (is_good ? c.good : c.bad) += line.messages;
  }
  return counts;
}

// The addresses that fail since then and did not before; new ones of the same sender, too.
std::set<std::uint32_t> broken_sources(const Sender& sender, const LineTest& take, Check Line::*check, Day first) {
  std::set<std::uint32_t> broken;
  for (const auto& [source, c] : counts_by_source(sender, take, check, first))
    if (c.bad > c.good && c.good_before >= c.bad_before) broken.insert(source);
  return broken;
}

// Keys of the domain with which this mail of the sender's passed before.
std::set<std::string> passing_names(const Matter& of, const Sender& sender, const LineTest& take, Day first) {
  std::set<std::string> names;
  for (const Line& line : sender.lines) {
    if (line.day >= first || line.dkim != Check::pass || !take(line)) continue;
    for (const auto& signature : pattern_of(of, line).signatures)
      if (signature.result == model::DkimResult::pass && !signature.selector.empty() &&
          is_at_or_below(signature.domain, domain_of(of, sender)))
        names.insert(signature.selector + "._domainkey." + signature.domain);
  }
  return names;
}

// Names of the owner's under which failing messages since then looked for what once passed: keys, or SPF domains.
std::map<std::string, std::int64_t> failing_names(const Matter& of, const Sender& sender, const LineTest& take,
                                                  const Mechanism& mechanism, Day first) {
  std::map<std::string, std::int64_t> names;
  const auto& owner = domain_of(of, sender);
  for (const Line& line : sender.lines) {
    if (line.day < first || line.*mechanism.check != Check::fail || !take(line)) continue;
    const auto& pattern = pattern_of(of, line);
    if (mechanism.kind == FindingKind::dkim_broken) {
      for (const auto& signature : pattern.signatures)
        if (signature.result != model::DkimResult::pass && is_at_or_below(signature.domain, owner))
          names[signature.selector + "._domainkey." + signature.domain] += line.messages;
    } else {
      for (const auto& result : pattern.spf_results)
        if (result.scope != model::SpfScope::helo && result.result != model::SpfResult::pass &&
            is_at_or_below(result.domain, owner))
          names[result.domain] += line.messages;
    }
  }
  return names;
}

// A key that DNS still has: one that is gone, or was never looked at, is none to sign with.
std::string published_of(const Situation& situation, const std::set<std::string>& keys) {
  for (const auto& key : keys) {
    const auto* now = latest_state(situation, model::DnsRecordType::dkim, key);
    if (now != nullptr && now->status == model::DnsRecordStatus::ok) return key;
  }
  return {};
}

model::Sentence dkim_action(const Finding& finding, const model::Sentence& who, const std::set<std::string>& passing,
                            const std::string& published, const Reason& reason) {
  if (reason.is_revoked)
    return model::say("Let {} sign with another key: whoever emptied {} withdrew the one it signs with", who,
                      reason.cause->name);
  if (reason.cause)
    return model::say("Publish the key of {} at {} again, as {} shows it", who, reason.cause->name, who);
  if (reason.account == DnsAccount::never_there && !published.empty())
    return model::say("Publish the key of {} at {}, as {} shows it, or let it sign with selector {} again", who,
                      reason.name, who, selector_in(published));
  if (reason.account == DnsAccount::never_there)
    return model::say("Publish the key of {} at {}, as {} shows it", who, reason.name, who);
  const auto selector = selector_in(reason.name);
  if (reason.account == DnsAccount::not_concerned && passing.empty())
    return model::say("Find out why {} no longer signs for {}", who, finding.domain);
  if (reason.account == DnsAccount::not_concerned)
    return model::say("Find out why {} no longer signs for {} with selector {}", who, finding.domain,
                      selector_in(*passing.begin()));
  if (selector.empty()) return model::say("Find out why signatures of {} for {} no longer verify", who, finding.domain);
  if (reason.account == DnsAccount::unknown)
    return model::say("Compare the key at {} with the one that {} shows: signatures with it no longer verify",
                      reason.name, who);
  return model::say("Find out why signatures of {} with selector {} no longer verify", who, selector);
}

model::Sentence spf_action(const Finding& finding, const model::Sentence& who, const Reason& reason) {
  if (reason.cause && reason.cause->change == model::RecordChange::broken)
    return model::say("Correct the SPF record of {}: receivers get permerror, for {} too", reason.cause->name, who);
  if (reason.cause && reason.cause->change == model::RecordChange::removed)
    return model::say("Publish an SPF record at {} again that names {}", reason.cause->name, who);
  if (reason.cause) return model::say("Let the SPF record of {} name {} again", reason.cause->name, who);
  return model::say("Make sure that {} sends with a return path in {} and that its SPF record names it", who,
                    finding.domain);
}

// Forwarding breaks SPF; a signature only what changes the mail.
model::Sentence what_is_left(const Mechanism& mechanism, std::int64_t failing_dmarc, std::int64_t all) {
  if (2 * failing_dmarc > all) return model::say("{} of this mail fails DMARC", share_text(failing_dmarc, all));
  const auto passing = share_text(all - failing_dmarc, all);
  return mechanism.kind == FindingKind::dkim_broken
             ? model::say("{} still passes, so {} of this mail passes DMARC; forwarded mail may not", "SPF", passing)
             : model::say("{} still passes, so {} of this mail passes DMARC; what mailing lists change may not", "DKIM",
                          passing);
}

void describe(Finding& finding, const Mechanism& mechanism, const model::Sentence& who, const Break& fall,
              const Counts& since, std::int64_t failing_dmarc, std::int64_t judged, const Reason& reason) {
  finding.evidence = {model::say("before {4}, {0} passed for {2} of {3} from {1}", mechanism.word, who,
                                 share_text(fall.passed_before, fall.messages_before),
                                 messages_text(fall.messages_before), day_of(fall.first)),
                      model::say("since then, for {} of {}", share_text(since.good, since.good + since.bad),
                                 messages_text(since.good + since.bad))};
  if (judged > 0) finding.evidence.push_back(what_is_left(mechanism, failing_dmarc, judged));
  finding.evidence.push_back(told_by_dns(reason, mechanism.kind == FindingKind::dkim_broken, finding.domain));
}

std::optional<Finding> finding_of(const Matter& of, const Sender& sender, const Mechanism& mechanism,
                                  const LineTest& scope, const Break& fall, const std::string& lane) {
  const auto broken = broken_sources(sender, scope, mechanism.check, fall.first);
  const LineTest part = [&](const Line& line) { return scope(line) && broken.contains(line.source); };
  const LineTest after = [&](const Line& line) { return line.day >= fall.first && part(line); };
  // Mail of which it is not known counts neither way.
  const LineTest lost = [&](const Line& line) { return after(line) && line.*mechanism.check == Check::fail; };
  const LineTest known = [&](const Line& line) { return after(line) && line.*mechanism.check != Check::unknown; };
  const auto messages = count_messages(sender, lost), all = count_messages(sender, known);
  if (messages < least_failing) return std::nullopt;
  const auto failing_dmarc = count_messages(sender, [&](const Line& l) { return known(l) && l.fails(); });
  const auto judged = failing_dmarc + count_messages(sender, [&](const Line& l) { return known(l) && l.passes(); });
  Finding finding = finding_about(of, sender, mechanism.kind, busiest(sender, lost), lane);
  const auto sources = busiest(sender, lost);
  const auto who = called(of, sender, sources);
  auto passing = passing_names(of, sender, part, fall.first);
  finding.subject.mechanism = mechanism.token;
  finding.severity = 2 * failing_dmarc > judged ? Severity::fix : Severity::ask;
  finding.messages = messages;
  finding.since = std::find_if(sender.lines.begin(), sender.lines.end(), lost)->day;  // there is one: it was counted
  BrokenNames names{.is_dkim = mechanism.kind == FindingKind::dkim_broken,
                    .passing = passing_names(of, sender, scope, fall.first),
                    .failing = failing_names(of, sender, part, mechanism, fall.first),
                    .messages = messages,
                    .last_good = fall.last_good,
                    .first_bad = fall.first};
  const auto reason = reason_of(of.situation, names);
  // The addresses that fail may all be new ones: their sender's keys are the same.
  if (passing.empty()) passing = std::move(names.passing);
  finding.cause = reason.cause;
  if (mechanism.kind == FindingKind::dkim_broken && (finding.cause || !passing.empty()))
    finding.subject.selector = selector_in(finding.cause ? finding.cause->name : *passing.begin());
  Counts since;
  since.bad = messages;
  since.good = all - messages;
  describe(finding, mechanism, who, fall, since, failing_dmarc, judged, reason);
  finding.action = mechanism.kind == FindingKind::dkim_broken
                       ? dkim_action(finding, who, passing, published_of(of.situation, passing), reason)
                       : spf_action(finding, who, reason);
  return finding;
}

// The day from which on the sender as a whole works again; nothing where it never broke or is broken still.
std::optional<Day> repaired_since(const std::vector<DayCount>& days) {
  const auto parts = stretches(days);
  if (parts.size() < 3 || !parts.back().is_good) return std::nullopt;
  return parts.back().first;
}

// A part with too little mail to show for itself that it works again is repaired with the whole, unless most of what it
// sent since fails: single broken signatures come and go.
bool fails_on(const Part& part, const Mechanism& mechanism, std::optional<Day> repaired) {
  if (!repaired) return true;
  std::int64_t good = 0, bad = 0;
  for (const Line& line : part) {
    if (line.day < *repaired) continue;
    good += line.*mechanism.check == Check::pass ? line.messages : 0;
    bad += line.*mechanism.check == Check::fail ? line.messages : 0;
  }
  return bad > good;
}

// Addresses that broke at the same time are one finding.
void by_address(const Matter& of, const Sender& sender, const Mechanism& mechanism, const LineTest& eligible,
                std::optional<Day> repaired, Findings& out) {
  struct Broken {
    std::uint32_t source;
    Break fall;
  };
  std::vector<Broken> parts;
  const Parts addresses(sender);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const Part part = addresses[i];
    const auto fall = break_of(series(part, eligible, [&](const Line& l) { return l.*mechanism.check; }));
    if (fall && fails_on(part, mechanism, repaired)) parts.push_back({part.source(), *fall});
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Broken& a, const Broken& b) { return a.fall.first < b.fall.first; });
  for (std::size_t i = 0; i < parts.size();) {
    std::set<std::uint32_t> together;
    Break fall{parts[i].fall.first, parts[i].fall.last_good, 0, 0};
    for (; i < parts.size() && parts[i].fall.first <= fall.first + same_time; ++i) {
      together.insert(parts[i].source);
      fall.passed_before += parts[i].fall.passed_before;
      fall.messages_before += parts[i].fall.messages_before;
    }
    const LineTest scope = [&](const Line& line) { return together.contains(line.source); };
    if (auto finding = finding_of(of, sender, mechanism, scope, fall, address_of(of, *together.begin())))
      out.push_back(std::move(*finding));
  }
}

// Nearly all of it fails since: else a part is broken, and the part is to be named.
bool is_whole(const Sender& sender, const LineTest& scope, const Mechanism& mechanism, const Break& fall) {
  std::int64_t good = 0, bad = 0;
  for (const Line& line : sender.lines) {
    if (line.day < fall.first || !scope(line)) continue;
    good += line.*mechanism.check == Check::pass ? line.messages : 0;
    bad += line.*mechanism.check == Check::fail ? line.messages : 0;
  }
  return 5 * good <= good + bad;
}

// Parts by Author Domain, and where a part is not broken as a whole, its addresses.
void by_lane(const Matter& of, const Sender& sender, const Mechanism& mechanism, const LineTest& eligible,
             Findings& out) {
  std::set<std::string> lanes;
  for (const Line& line : sender.lines) lanes.insert(pattern_of(of, line).header_from);
  if (lanes.size() < 2) return;
  for (const auto& lane : lanes) {
    const LineTest scope = [&](const Line& l) { return pattern_of(of, l).header_from == lane && eligible(l); };
    const auto fall = break_of(series(sender.lines, scope, [&](const Line& l) { return l.*mechanism.check; }));
    if (!fall || !is_whole(sender, scope, mechanism, *fall)) continue;
    const LineTest all = [&](const Line& l) { return pattern_of(of, l).header_from == lane; };
    if (auto finding = finding_of(of, sender, mechanism, all, *fall, lane)) out.push_back(std::move(*finding));
  }
}

// Author Domains for which it ever worked: what was never set up did not break.
std::set<std::string> lanes_that_passed(const Matter& of, const Sender& sender, const Mechanism& mechanism) {
  std::set<std::string> lanes;
  for (const Line& line : sender.lines)
    if (line.*mechanism.check == Check::pass) lanes.insert(pattern_of(of, line).header_from);
  return lanes;
}

void look_at(const Matter& of, const Sender& sender, const Mechanism& mechanism, Findings& out) {
  const auto eligible = ever_passing(of, sender, mechanism.check);
  const auto days = series(sender.lines, eligible, [&](const Line& l) { return l.*mechanism.check; });
  const auto fall = break_of(days);
  const auto before = out.size();
  if (!fall || !is_whole(sender, eligible, mechanism, *fall)) {
    by_lane(of, sender, mechanism, eligible, out);
    if (out.size() == before) by_address(of, sender, mechanism, eligible, repaired_since(days), out);
  }
  if (!fall || out.size() > before) return;
  const auto worked = lanes_that_passed(of, sender, mechanism);
  const LineTest all = [&](const Line& line) { return worked.contains(pattern_of(of, line).header_from); };
  if (auto finding = finding_of(of, sender, mechanism, all, *fall, "")) out.push_back(std::move(*finding));
}

}  // namespace

Findings mechanism_findings(const Matter& of) {
  Findings findings;
  for (const Sender& sender : of.senders) {
    if (!sender.is_owners()) continue;
    look_at(of, sender, dkim, findings);
    look_at(of, sender, spf, findings);
  }
  return findings;
}

}  // namespace ruaudit::assess
