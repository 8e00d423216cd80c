#include "jobs/page/make_page.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "assess/overview/overview.hpp"
#include "jobs/digest/judgement.hpp"
#include "jobs/page/records.hpp"
#include "jobs/page/senders.hpp"
#include "model/calendar.hpp"
#include "store/facts/overview_facts.hpp"
#include "store/findings/told.hpp"
#include "store/page/page_queries.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::size_t most_samples = 300;  // of a domain

// The last text of the record before the state of now that was of use.
void find_record_before(const model::SenderFacts& facts, model::PageFinding& page) {
  const auto& cause = page.finding.cause;
  if (!cause || cause->change == model::RecordChange::added) return;
  for (const auto& record : facts.records)
    if (!record.is_current && record.status == model::DnsRecordStatus::ok && record.name == cause->name &&
        record.domain == page.finding.domain && record.target.empty()) {
      page.record_name = record.name;
      page.record_before = record.text;  // states are in the order of time
    }
}

struct Told {
  std::vector<model::PageFinding> findings;
  std::vector<model::DomainOverview> overviews;
};

// The findings with their numbers, and what every domain's policy may become.
model::Result<Told> told(store::Database& database, const Judgement& judgement, std::int64_t now) {
  Told out;
  TRY(const auto care, store::finding_care(database));
  assess::OverviewFacts facts{.situation = &judgement.situation,
                              .classes = &judgement.classes,
                              .days = &judgement.sources.facts.days,
                              .findings = judgement.findings,
                              .snoozed = assess::snoozed_findings(care, now)};
  TRY(facts.policies, store::read_seen_policies(database));
  for (const auto& finding : judgement.findings) {
    const bool snoozed = facts.snoozed.contains(finding.id);
    out.findings.push_back({static_cast<int>(out.findings.size()) + 1, finding, snoozed, {}, {}});
    find_record_before(judgement.sources.facts, out.findings.back());
  }
  out.overviews = assess::make_overview(facts, {}).domains;
  return out;
}

bool is_wanted(const std::vector<std::string>& domains, const std::string& domain) {
  return domains.empty() || std::find(domains.begin(), domains.end(), domain) != domains.end();
}

struct Span {
  std::int32_t first = 0, last = 0;
};

// Days of mail that is shown; nothing where there is none.
std::optional<Span> reported(const PageRequest& request, const model::SenderFacts& facts) {
  std::optional<Span> span;
  for (const auto& stream : facts.days.streams()) {
    if (!is_wanted(request.judge.domains, facts.domains[stream.domain])) continue;
    const auto days = facts.days.days(stream);
    if (!span) span = {days.front().day, days.back().day};
    span->first = std::min(span->first, days.front().day);
    span->last = std::max(span->last, days.back().day);
  }
  return span;
}

model::Result<Span> span_of(const PageRequest& request, const model::SenderFacts& facts) {
  const auto yesterday = static_cast<std::int32_t>(model::day_number(request.judge.now)) - 1;
  if (request.first_day && *request.first_day > yesterday)
    return model::failure("page-days", "the first day is not over yet", "the page ends with yesterday");
  if (request.first_day) return Span{*request.first_day, yesterday};
  const auto mail = reported(request, facts);
  const auto last = mail && mail->last <= yesterday - request.days ? mail->last : yesterday;
  const auto first = last - request.days + 1;
  if (!mail || mail->first <= first) return Span{first, last};
  // Of days before the first report nothing is known: they are no days without mail.
  constexpr std::int32_t fewest_days = 7;
  return Span{std::min(mail->first, std::max(first, last - fewest_days + 1)), last};
}

void add_reporters(Span request, const model::IntakeFacts& intake, model::PageDomain& page) {
  const auto days = static_cast<std::size_t>(request.last - request.first + 1);
  std::map<std::uint32_t, model::PageReporter> by_place;
  for (const auto& report : intake.reports) {
    if (!report.is_counted || report.day < request.first || report.day > request.last) continue;
    if (intake.domains[report.domain] != page.name) continue;
    auto& reporter = by_place[report.reporter];
    if (reporter.days.empty()) reporter.days.resize(days);
    reporter.name = intake.reporters[report.reporter];
    ++reporter.reports;
    reporter.messages += report.messages;
    reporter.days[static_cast<std::size_t>(report.day - request.first)] = true;
  }
  for (auto& [place, reporter] : by_place) {
    page.reports += reporter.reports;
    page.reporters.push_back(std::move(reporter));
  }
  std::stable_sort(page.reporters.begin(), page.reporters.end(),
                   [](const auto& a, const auto& b) { return a.messages > b.messages; });
}

model::Severity worst(const model::PageDomain& page) {
  auto out = model::Severity::info;
  for (const auto& one : page.findings)
    if (!one.is_snoozed) out = std::max(out, one.finding.severity);
  return out;
}

// Those with something to do first, then by messages.
void order(std::vector<model::PageDomain>& domains) {
  std::stable_sort(domains.begin(), domains.end(), [](const auto& a, const auto& b) {
    const auto left = std::max(worst(a), model::Severity::watch), right = std::max(worst(b), model::Severity::watch);
    if (left != right) return left > right;
    return a.fate.messages() > b.fate.messages();
  });
}

class PageMaker {
 public:
  PageMaker(store::Database& database, const PageRequest& request, Judgement& judgement, Told told)
      : database_(database), request_(request), judged_(judgement), told_(std::move(told)) {}

  model::Result<model::PageFacts> make() {
    TRY(span_, span_of(request_, judged_.sources.facts));
    page_ = {.made_at = request_.judge.now, .first_day = span_.first, .last_day = span_.last};
    auto domains = page_senders({judged_.sources.facts, judged_.classes, span_.first, span_.last});
    for (std::uint32_t place = 0; place < domains.size(); ++place)
      if (is_wanted(request_.judge.domains, domains[place].name)) {
        TRY_VOID(complete(domains[place], place));
        page_.domains.push_back(std::move(domains[place]));
      }
    for (auto& one : told_.findings)
      if (!placed(one.finding) && is_wanted(request_.judge.domains, one.finding.domain))
        page_.findings.push_back(std::move(one));
    order(page_.domains);
    count_reports();
    page_.patterns = std::move(judged_.sources.facts.patterns);
    return std::move(page_);
  }

 private:
  model::Result<void> complete(model::PageDomain& page, std::uint32_t place) {
    const RecordRequest records{judged_.sources.facts, place, span_.first, span_.last};
    const store::PageDays days{span_.first, span_.last};
    page.first_reported = std::max(span_.first, first_day_of(place));
    add_reporters(span_, judged_.intake, page);
    page.selectors = page_selectors(records, page);
    page.spf_terms = page_spf_terms(records, page);
    page.events = page_events(records);
    page.spf_record = current_record(records, model::DnsRecordType::spf);
    page.dmarc_record = current_record(records, model::DnsRecordType::dmarc);
    page.spf_status = current_status(records, model::DnsRecordType::spf);
    page.dmarc_status = current_status(records, model::DnsRecordType::dmarc);
    TRY(page.policies, store::page_policies(database_, page.name, days));
    TRY(auto samples, store::page_samples(database_, page.name, days, most_samples));
    TRY(page.tls, store::page_tls(database_, page.name, days));
    page.samples = std::move(samples.samples);
    page.samples_left_out = samples.left_out;
    for (const auto& one : told_.findings)
      if (one.finding.domain == page.name) page.findings.push_back(one);
    for (const auto& overview : told_.overviews)
      if (overview.domain == page.name) page.gate = overview.gate;
    return {};
  }

  // Of all that was ever reported.
  [[nodiscard]] std::int32_t first_day_of(std::uint32_t domain) const {
    const auto& all = judged_.sources.facts.days;
    std::int32_t first = span_.last;
    for (const auto& stream : all.streams_of(domain)) first = std::min(first, all.days(stream).front().day);
    return first;
  }

  [[nodiscard]] bool placed(const model::Finding& finding) const {
    return std::any_of(page_.domains.begin(), page_.domains.end(),
                       [&](const auto& domain) { return domain.name == finding.domain; });
  }

  void count_reports() {
    std::set<std::string> names;
    for (const auto& domain : page_.domains) {
      page_.reports += domain.reports;
      for (const auto& reporter : domain.reporters) names.insert(reporter.name);
    }
    page_.reporters = names.size();
  }

  store::Database& database_;
  const PageRequest& request_;
  Judgement& judged_;
  Told told_;
  Span span_;
  model::PageFacts page_;
};

}  // namespace

model::Result<model::PageFacts> make_page(store::Database& database, const PageRequest& request) {
  TRY(const auto judgement, read_judgement(database, request.judge, 0));
  TRY(auto said, told(database, *judgement, request.judge.now));
  return PageMaker(database, request, *judgement, std::move(said)).make();
}

}  // namespace ruaudit::jobs
