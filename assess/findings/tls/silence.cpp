// tls_reporter_silent: one that sent TLS reports regularly and does no more, or all of them.
#include <algorithm>

#include "assess/findings/intake.hpp"
#include "assess/findings/tls/tls.hpp"

namespace ruaudit::assess {
namespace tls {
namespace {

using model::DayOf;
using model::Finding;
using model::FindingKind;
using model::say;
using model::Severity;

constexpr int history = 14;
constexpr int least_silence = 4, most_silence = 8;
constexpr int told_for = 30;                 // days
constexpr std::size_t most_told = 10;        // of one domain
constexpr std::ptrdiff_t most_unnamed = 25;  // of domains that the owner does not name
constexpr std::int64_t expected_sessions = 7;
constexpr std::int64_t most_sessions = 1'000'000'000'000'000;  // that are added up

struct Rhythm {
  std::set<Day> days;
  std::int64_t sessions = 0;
};

int usual_step(const std::set<Day>& days) {
  int longest = 1;
  Day before = *days.begin();
  for (const Day day : days) {
    if (before >= *days.rbegin() - 2 * history) longest = std::max(longest, day - before);
    before = day;
  }
  return longest;
}

// Days with reports among the last two weeks of it, of which four fifths are wanted.
std::int64_t recent(const Rhythm& of) {
  return std::distance(of.days.lower_bound(*of.days.rbegin() - history + 1), of.days.end());
}

int span_of(const Rhythm& of) { return std::min(history, *of.days.rbegin() - *of.days.begin() + 1); }

bool is_regular(const Rhythm& of) {
  const int span = span_of(of);
  return span >= 5 && recent(of) * 10 >= static_cast<std::int64_t>(span) * 8;
}

bool is_silent(const Rhythm& of, Day today) {
  const int gap = today - *of.days.rbegin();
  if (!is_regular(of) || gap > told_for) return false;
  if (gap < std::min(most_silence, std::max(least_silence, usual_step(of.days) + 2))) return false;
  const auto days = static_cast<std::int64_t>(of.days.size());
  return of.sessions * gap >= expected_sessions * days;
}

using Reporters = std::map<std::uint32_t, Rhythm>;

Finding about(const std::string& domain, Day since) {
  Finding finding{.kind = FindingKind::tls_reporter_silent, .severity = Severity::watch, .domain = domain};
  finding.subject.mechanism = "tls";
  finding.since = since;
  return finding;
}

Finding one_silent(const model::TlsFacts& facts, const std::string& domain, std::uint32_t reporter, const Rhythm& of) {
  const std::string& name = facts.reporters[reporter];
  const Day last = *of.days.rbegin();
  Finding finding = about(domain, last + 1);
  finding.id = "tls_reporter_silent/" + domain + "/" + facts.reporter_keys[reporter];
  finding.subject.reporter = name;
  finding.evidence = {say("{} sent TLS reports for {} of the {} days up to {}, and for none since", name, recent(of),
                          span_of(of), DayOf{last}),
                      say("TLS reports from others kept coming in")};
  finding.action = say("Wait; if it stays silent, check whether mail from {} is rejected or filtered", name);
  return finding;
}

Finding all_silent(const std::string& domain, Day last, std::int64_t reporters) {
  Finding finding = about(domain, last + 1);
  finding.id = "tls_reporter_silent/" + domain;
  finding.severity = Severity::ask;
  finding.evidence = {
      model::say_count("{} reporter sent TLS reports regularly up to {}, and none came since",
                       "{} reporters sent TLS reports regularly up to {}, and none came since", reporters, DayOf{last}),
      say("'ruaudit check {}' shows its current MTA-STS, TLS-RPT and DANE records", domain)};
  finding.action = say("Check that the TXT record at _smtp._tls.{} still names your mailbox", domain);
  return finding;
}

// Anybody can report in a thousand names.
Finding several_silent(const std::string& domain, Day since, std::int64_t reporters) {
  Finding finding = about(domain, since);
  finding.id = "tls_reporter_silent/" + domain + "/several";
  finding.evidence = {model::say_count("{} reporter sent TLS reports regularly, and sends none any more",
                                       "{} reporters sent TLS reports regularly, and send none any more", reporters),
                      say("TLS reports from others kept coming in")};
  finding.action = say("Check whether mail with TLS reports is rejected or filtered");
  return finding;
}

void sum_up(std::vector<Finding>& findings, std::vector<Finding>::iterator rest) {
  const auto first = std::min_element(rest, findings.end(),
                                      [](const Finding& one, const Finding& other) { return one.since < other.since; });
  Finding finding = about(rest->domain, *first->since);
  finding.id = "tls_reporter_silent";
  finding.evidence = {model::say_count("senders of TLS reports fell silent in {} more case",
                                       "senders of TLS reports fell silent in {} more cases",
                                       static_cast<std::int64_t>(findings.end() - rest))};
  finding.action = say("Name your domains in the configuration, so that reports on others give no findings");
  findings.erase(rest, findings.end());
  findings.push_back(std::move(finding));
}

void judge(const model::TlsFacts& facts, const std::string& domain, const Reporters& reporters, Day today,
           std::vector<Finding>& findings) {
  std::vector<std::uint32_t> silent;
  Day last = 0, first_silent = today;
  for (const auto& [reporter, rhythm] : reporters) {
    const Day last_of_it = *rhythm.days.rbegin();
    last = std::max(last, last_of_it);
    if (!is_silent(rhythm, today)) continue;
    silent.push_back(reporter);
    first_silent = std::min(first_silent, last_of_it + 1);
  }
  if (silent.empty()) return;
  if (today - last >= least_silence) {
    findings.push_back(all_silent(domain, last, std::ssize(silent)));
    return;
  }
  if (silent.size() > most_told) {
    findings.push_back(several_silent(domain, first_silent, std::ssize(silent)));
    return;
  }
  for (const auto reporter : silent) findings.push_back(one_silent(facts, domain, reporter, reporters.at(reporter)));
}

}  // namespace

std::vector<Finding> silent(const Situation& situation, const Belief& belief) {
  std::vector<Finding> findings;
  if (!is_intake_regular(situation) || is_intake_disturbed(situation)) return findings;
  const auto& facts = *situation.tls;
  const Day today = judged_day(situation);
  std::map<std::uint32_t, Reporters> domains;
  for (const auto& report : facts.reports) {
    if (!belief.takes(report.trust) || report.day > today || report.taken_in > situation.now) continue;
    Rhythm& rhythm = domains[report.domain][report.reporter];
    rhythm.days.insert(report.day);
    rhythm.sessions =
        std::min(rhythm.sessions + std::clamp<std::int64_t>(report.sessions, 0, most_sessions), most_sessions);
  }
  for (const auto& [domain, reporters] : domains)
    if (is_owned(situation, facts.domains[domain])) judge(facts, facts.domains[domain], reporters, today, findings);
  const auto rest = std::stable_partition(findings.begin(), findings.end(),
                                          [&](const Finding& finding) { return is_named(situation, finding.domain); });
  if (findings.end() - rest > most_unnamed) sum_up(findings, rest + most_unnamed);
  return findings;
}

Belief::Belief(const model::TlsFacts& facts) {
  std::int64_t proven = 0, unproven = 0;
  for (const auto& report : facts.reports) {
    proven += report.trust == model::ReportTrust::authenticated ? 1 : 0;
    unproven += report.trust == model::ReportTrust::unauthenticated ? 1 : 0;
  }
  disbelieves_unproven_ = proven >= 5 && proven >= 4 * unproven;
}

}  // namespace tls

std::vector<model::Finding> tls_findings(const Situation& situation) {
  if (situation.tls == nullptr) return {};
  const tls::Belief belief(*situation.tls);
  auto findings = tls::failing(situation, belief);
  auto more = tls::silent(situation, belief);
  findings.insert(findings.end(), more.begin(), more.end());
  return findings;
}

}  // namespace ruaudit::assess
