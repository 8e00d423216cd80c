#include "assess/findings/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assess/findings/records.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::ReportTrust;
using model::Severity;

constexpr std::int64_t numbers_that_matter = 20;  // messages that a forged report claims, at least

struct TrustCount {
  std::int64_t proven = 0, unproven = 0;
};

TrustCount trust_of_all(const Situation& situation) {
  TrustCount count;
  for (const auto& report : situation.intake->reports) {
    count.proven += report.trust == ReportTrust::authenticated ? 1 : 0;
    count.unproven += report.trust == ReportTrust::unauthenticated ? 1 : 0;
  }
  return count;
}

std::string main_domain(const Situation& situation) {
  if (!situation.own_domains.empty()) return situation.own_domains.front();
  return situation.intake->domains.empty() ? std::string() : situation.intake->domains.front();
}

// By its address where there is no other one.
model::Sentence mailbox_name(const Situation& situation, const std::string& name) {
  return situation.report_addresses.size() != 1 ? model::say("the mailbox '{}'", name)
                                                : model::say("the mailbox of {}", situation.report_addresses.front());
}

// Where reports on the domain should arrive.
model::Sentence mailbox_for(const Situation& situation, const std::string& domain) {
  const auto* record = latest_state(situation, model::DnsRecordType::dmarc, "_dmarc." + domain);
  const auto own = record == nullptr ? std::set<std::string>() : own_addresses_in(situation, record->text);
  if (!own.empty()) return model::say("the mailbox of {}", *own.begin());
  if (!situation.report_addresses.empty()) return model::say("the mailbox of {}", situation.report_addresses.front());
  const auto& boxes = situation.intake->mailboxes;
  return model::say("the mailbox '{}'", boxes.empty() ? "reports" : boxes.front().name);
}

// The digest tells it once.
bool is_fresh(const Situation& situation, std::int64_t taken_in) {
  return taken_in <= situation.now && day_seen_at(taken_in) >= first_news(situation);
}

Finding forged(const Situation& situation, const model::ReportFact& report) {
  const auto& reporter = situation.intake->reporters[report.reporter];
  const auto& domain = situation.intake->domains[report.domain];
  Finding finding{.kind = FindingKind::forged_reports, .severity = Severity::watch, .domain = domain};
  finding.id = fmt::format("forged_reports/{}/{}/{}", domain, reporter, text_of_day(report.day));
  finding.subject.reporter = reporter;
  finding.messages = report.messages;
  finding.since = report.day;
  finding.evidence = {
      model::say_count("a report for {1} in the name of {2} claims {0} message",
                       "a report for {1} in the name of {2} claims {0} messages", report.messages,
                       model::DayOf{report.day}, reporter),
      model::say("the mail that carried it does not prove that it comes from {}; it is not counted in any finding",
                 reporter)};
  finding.action = model::say("Nothing to do; look at the mail if {} might really have sent it", reporter);
  finding.is_said_once = true;
  return finding;
}

// Two reports of one day are one finding.
void add_to(std::vector<Finding>& findings, Finding finding) {
  const auto same =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.id == finding.id; });
  if (same == findings.end())
    findings.push_back(std::move(finding));
  else
    same->messages += finding.messages;
}

void forged_reports(const Situation& situation, std::vector<Finding>& findings) {
  if (!disbelieves_unproven(situation)) return;
  for (const auto& report : situation.intake->reports)
    if (report.trust == ReportTrust::unauthenticated && report.is_counted && report.messages >= numbers_that_matter &&
        is_fresh(situation, report.taken_in))
      add_to(findings, forged(situation, report));
}

void conflicts(const Situation& situation, std::vector<Finding>& findings) {
  for (const auto& report : situation.intake->reports) {
    if (!report.is_conflicting || report.is_counted || !is_fresh(situation, report.taken_in)) continue;
    const auto& reporter = situation.intake->reporters[report.reporter];
    const auto& domain = situation.intake->domains[report.domain];
    Finding finding{.kind = FindingKind::report_conflict, .severity = Severity::info, .domain = domain};
    finding.id = fmt::format("report_conflict/{}/{}/{}", domain, reporter, text_of_day(report.day));
    finding.subject.reporter = reporter;
    finding.since = report.day;
    finding.evidence = {model::say("{} sent two versions of its report for {} with different numbers; the first counts",
                                   reporter, model::DayOf{report.day})};
    finding.action = model::say("Nothing to do; ruaudit keeps both versions of the report of {}", reporter);
    finding.is_said_once = true;
    if (std::none_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.id == finding.id; }))
      findings.push_back(std::move(finding));
  }
}

void rejected_parts(const Situation& situation, std::vector<Finding>& findings) {
  for (const auto& part : situation.intake->rejected) {
    if (!is_fresh(situation, part.taken_in)) continue;
    Finding finding{.kind = FindingKind::input_rejected, .severity = Severity::watch, .domain = main_domain(situation)};
    finding.id = fmt::format("input_rejected/{}.{}", part.item, part.part);  // two may come from the same place
    finding.subject.reporter = part.reporter;
    finding.since = day_seen_at(part.taken_in);
    finding.evidence = {model::say("{} could not be read: {}", part.place, part.reason)};
    finding.action = model::say(
        "If it is a report, ask its sender for it again; where the original is kept, 'ruaudit reprocess' reads "
        "it again with a later version");
    finding.is_said_once = true;
    findings.push_back(std::move(finding));
  }
}

// Else files are ingested by hand, or by a job of the owner's: then only the nights on which reports came in say that
// any are to be expected.
bool visits_mailboxes(const Situation& situation) {
  return situation.intake->is_of_cluster || !situation.intake->mailboxes.empty();
}

std::set<Day> nights_with_reports(const Situation& situation) {
  std::set<Day> nights;
  for (const auto& report : situation.intake->reports) nights.insert(day_seen_at(report.taken_in));
  if (nights.empty() || !visits_mailboxes(situation)) return nights;
  // The first visit takes in what came before the program did: that came in the nights of its days.
  const Day first = *nights.begin();
  for (const auto& report : situation.intake->reports)
    if (day_seen_at(report.taken_in) == first) nights.insert(std::min(report.day, first));
  return nights;
}

Finding trouble(const Situation& situation, const std::string& name, Day since) {
  Finding finding{.kind = FindingKind::mailbox_trouble, .severity = Severity::ask, .domain = main_domain(situation)};
  finding.id = "mailbox_trouble/" + name;
  finding.since = since;
  return finding;
}

constexpr int fortnight = 14;  // days

// The domains that are reported on nearly every day; a domain that is parked is not.
std::vector<std::string> busy_domains(const Situation& situation, Day last) {
  std::map<std::uint32_t, std::set<Day>> days;
  for (const auto& report : situation.intake->reports)
    if (report.day > last - fortnight) days[report.domain].insert(report.day);
  std::size_t most = 0;
  for (const auto& [domain, seen] : days) most = std::max(most, seen.size());
  std::vector<std::string> out;
  for (const auto& [domain, seen] : days)
    if (5 * seen.size() >= 4 * most) out.push_back(situation.intake->domains[domain]);
  return out;
}

// Nights with reports up to `last`, and the longest time in between without any.
struct Nights {
  int busy = 0, longest_pause = 0;
};

Nights nights_of_fortnight(const std::set<Day>& nights, Day last) {
  Nights out;
  int pause = 0;
  for (int back = 0; back < fortnight; ++back) {
    pause = nights.contains(last - back) ? 0 : pause + 1;
    out.busy += pause == 0 ? 1 : 0;
    out.longest_pause = std::max(out.longest_pause, pause);
  }
  return out;
}

// On nearly every night, but for one time of up to a week in which the mailbox could not be read.
bool are_nearly_all(const Nights& nights) {
  return nights.busy >= 12 || (nights.longest_pause <= 7 && nights.busy + nights.longest_pause >= 13);
}

// Several reporters, on nearly every night of the last fortnight.
bool is_steady_intake(const Situation& situation, const std::set<Day>& nights, Day last) {
  std::map<std::uint32_t, std::set<Day>> days_of;
  const Nights seen = nights_of_fortnight(nights, last);
  for (const auto& report : situation.intake->reports)
    if (report.day > last - fortnight) days_of[report.reporter].insert(report.day);
  const auto daily = std::count_if(days_of.begin(), days_of.end(), [](const auto& r) { return r.second.size() >= 8; });
  const Day known = last - *nights.begin();
  const bool is_regular = known + 1 < 12 ? seen.busy > known : are_nearly_all(seen);
  return is_regular && known >= 3 && (daily >= 2 || known < 10);
}

model::Sentence what_visits_say(const Situation& situation, Day last) {
  if (situation.intake->is_of_cluster)
    return model::say("nothing has come from the cluster since then; each ingester reports on its own mailboxes");
  const auto& boxes = situation.intake->mailboxes;
  const bool is_visited =
      std::any_of(boxes.begin(), boxes.end(), [last](const auto& box) { return day_seen_at(box.last_attempt) > last; });
  if (is_visited) return model::say("the mailbox was visited successfully; the mail does not reach it");
  return boxes.empty()
             ? model::say("no mailbox is visited, and the files that you ingest yourself contain no report either")
             : model::say(
                   "the mailbox has not been visited since then: check whether the timer or cron job still runs");
}

// The address of the owner's at which the record asked for reports and does no more; "" where it still does, or never
// did: then they reach the owner some other way.
std::string address_lost(const Situation& situation, const std::string& domain) {
  const auto name = "_dmarc." + domain;
  const auto* now = latest_state(situation, model::DnsRecordType::dmarc, name);
  if (now == nullptr || !own_addresses_in(situation, now->text).empty()) return {};
  std::string lost;
  for (const auto& state : situation.facts->records)
    if (state.type == model::DnsRecordType::dmarc && state.name == name)
      if (const auto own = own_addresses_in(situation, state.text); !own.empty()) lost = *own.begin();
  return lost;
}

model::Sentence test_of_intake(const Situation& situation, const std::string& domain) {
  if (situation.intake->is_of_cluster)
    return model::say("Run 'ruaudit cluster status' and 'ruaudit doctor' on each ingester");
  if (situation.intake->mailboxes.empty() && situation.report_addresses.empty())
    return model::say("Send a test mail to the address for reports and see whether it arrives");
  return model::say("Send a test mail to {} and see whether it arrives", mailbox_for(situation, domain));
}

// Reports that come every day from several reporters do not all stop by themselves.
void empty_mailbox(const Situation& situation, std::vector<Finding>& findings) {
  const Day today = day_seen_at(situation.now);
  auto nights = nights_with_reports(situation);
  nights.erase(nights.upper_bound(today), nights.end());
  if (nights.empty() || !findings.empty()) return;
  const Day last = *nights.rbegin();
  if (today - last < 2 || !is_steady_intake(situation, nights, last)) return;
  for (const auto& domain : busy_domains(situation, last))
    if (can_be_reported(situation, domain, last) && can_be_reported(situation, domain, today)) {
      auto finding = trouble(situation, "no-mail", last + 1);
      finding.evidence = {
          model::say("no report has come in since {}, although reports came every day before", model::DayOf{last}),
          what_visits_say(situation, last)};
      finding.action = test_of_intake(situation, domain);
      if (const auto lost = address_lost(situation, domain); !lost.empty()) {
        finding.evidence.push_back(
            model::say("the DMARC record at _dmarc.{} does not ask for reports to {}", domain, lost));
        finding.action =
            model::say("Put mailto:{} into rua at _dmarc.{}, or visit the mailbox that stands there", lost, domain);
      }
      findings.push_back(std::move(finding));
      return;
    }
}

void mailbox_trouble(const Situation& situation, std::vector<Finding>& findings) {
  for (const auto& mailbox : situation.intake->mailboxes) {
    if (mailbox.failures == 0) continue;
    // No later than the visit that failed.
    const auto tried = static_cast<Day>(mailbox.last_attempt / 86'400);
    const Day since = mailbox.last_success ? std::min(day_seen_at(*mailbox.last_success) + 1, tried)
                                           : day_seen_at(mailbox.last_attempt);
    auto finding = trouble(situation, mailbox.name, since);
    finding.subject.service = mailbox.name;
    finding.evidence = {model::say_count("{} visit failed, with: {}", "{} visits failed, the last with: {}",
                                         mailbox.failures, mailbox.error),
                        mailbox.last_success
                            ? model::say("the last successful one was on {}",
                                         model::DayOf{static_cast<Day>(*mailbox.last_success / 86'400)})
                            : model::say("none has succeeded so far")};
    finding.action = model::say("Make {} reachable again; 'ruaudit doctor' says what is wrong",
                                mailbox_name(situation, mailbox.name));
    findings.push_back(std::move(finding));
  }
}

}  // namespace

bool disbelieves_unproven(const Situation& situation) {
  const TrustCount count = trust_of_all(situation);
  return count.proven >= 5 && count.proven >= 4 * count.unproven;
}

std::vector<Finding> intake_findings(const Situation& situation) {
  std::vector<Finding> boxes, findings;
  mailbox_trouble(situation, boxes);
  empty_mailbox(situation, boxes);
  forged_reports(situation, findings);
  conflicts(situation, findings);
  rejected_parts(situation, findings);
  findings.insert(findings.end(), boxes.begin(), boxes.end());
  return findings;
}

bool is_intake_regular(const Situation& situation) {
  constexpr std::size_t several = 4;
  if (visits_mailboxes(situation)) return true;
  std::set<Day> nights;
  for (const auto& report : situation.intake->reports) nights.insert(day_seen_at(report.taken_in));
  if (situation.tls != nullptr)
    for (const auto& report : situation.tls->reports) nights.insert(day_seen_at(report.taken_in));
  nights.erase(nights.upper_bound(day_seen_at(situation.now)), nights.end());
  if (nights.empty()) return false;
  nights.erase(nights.begin(), nights.upper_bound(*nights.rbegin() - fortnight));
  return nights.size() >= several;
}

bool is_intake_disturbed(const Situation& situation) {
  const auto& boxes = situation.intake->mailboxes;
  if (std::any_of(boxes.begin(), boxes.end(), [](const auto& box) { return box.failures > 0; })) return true;
  const auto nights = nights_with_reports(situation);
  const Day today = day_seen_at(situation.now);
  if (nights.empty() || *nights.begin() > today - 3) return false;
  for (Day night = today - 3; night <= today; ++night)
    if (!nights.contains(night)) return true;
  return false;
}

Day first_learnt(const Situation& situation) {
  struct Count {
    int all = 0, fresh = 0;
  };
  const Day news = first_news(situation);
  std::map<Day, Count> days;
  bool is_first_night = true;  // what came in then is no news: it was there before the program was
  for (const auto& report : situation.intake->reports) {
    if (!report.is_counted || report.taken_in > situation.now) continue;
    const bool is_fresh = day_seen_at(report.taken_in) >= news;
    is_first_night = is_first_night && is_fresh;
    if (report.day < news - fortnight) continue;
    Count& count = days[report.day];
    ++count.all;
    count.fresh += is_fresh ? 1 : 0;
  }
  const auto learnt =
      std::find_if(days.begin(), days.end(), [](const auto& day) { return 2 * day.second.fresh > day.second.all; });
  return is_first_night || learnt == days.end() ? news : std::min(news, learnt->first);
}

bool can_be_reported(const Situation& situation, const std::string& domain, Day day) {
  for (const auto& record : situation.facts->records)
    if (record.type == model::DnsRecordType::dmarc && record.name == "_dmarc." + domain &&
        day_seen_at(record.first_seen) <= day && (record.is_current || day_seen_at(record.last_seen) >= day))
      return record.status == model::DnsRecordStatus::ok;
  return true;
}

}  // namespace ruaudit::assess
