// Reporters and their rhythm: who has fallen silent, who is back. Each night of the past is judged as it was then, with
// the reports that had come in, so that a late report is no return.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assess/findings/intake.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

constexpr int history = 14;       // days
constexpr int least_silence = 4;  // days since the last one reported: three without and one that may yet come
constexpr int most_silence = 6;   // whatever the rhythm was

// Messages that its reports would have held since: so many make silence sure, fewer where it lasts. A small reporter
// has days on which there is nothing to report, and in a holiday more of them.
constexpr double expected_messages = 7, expected_in_long_silence = 5;

struct Arrival {
  Day night = 0, day = 0;
  std::int64_t messages = 0;
};

// Longest stretch from one reported day to the next among the last days.
int usual_step(const std::set<Day>& days) {
  int longest = 1;
  const Day last = *days.rbegin();
  Day before = *days.begin();
  for (const Day day : days) {
    if (before >= last - 2 * history) longest = std::max(longest, day - before);
    before = day;
  }
  return longest;
}

bool is_regular(const std::set<Day>& days, Day first_of_all) {
  const Day last = *days.rbegin();
  const Day from = std::max(last - history + 1, first_of_all);
  const auto reported = std::distance(days.lower_bound(from), days.end());
  const auto span = last - from + 1;
  return span >= 5 && reported * 10 >= span * 8;
}

// `gap`: days since the last reported one for which a report was possible.
bool has_fallen_silent(const std::set<Day>& days, int gap, Day first_of_all) {
  if (!is_regular(days, first_of_all)) return false;
  return gap >= std::min(most_silence, std::max(least_silence, usual_step(days) + 2));
}

using Volumes = std::map<Day, std::int64_t>;

std::int64_t on(const Volumes& volumes, Day day) {
  const auto at = volumes.find(day);
  return at == volumes.end() ? 0 : at->second;
}

// What the reporter would have seen from `first` to `last`: its share of all mail in the four weeks before, of what
// the others saw on those days.
double expected_of(const Volumes& own, const Volumes& all, Day first, Day last) {
  double mine = 0, others = 0, expected = 0;
  for (Day day = first - 2 * history; day < first; ++day) {
    mine += static_cast<double>(on(own, day));
    others += static_cast<double>(on(all, day) - on(own, day));
  }
  if (others <= 0) return mine;
  for (Day day = first; day <= last; ++day) expected += static_cast<double>(on(all, day)) * mine / others;
  return expected;
}

class Watch {
 public:
  explicit Watch(const Situation& situation) : situation_(situation), closed_(situation.intake->domains.size()) {
    read_closed_days();
    const bool only_proven = disbelieves_unproven(situation);
    for (const auto& report : situation.intake->reports) {
      if (report.trust == model::ReportTrust::unauthenticated && only_proven) continue;
      const Day night = day_seen_at(report.taken_in);
      if (night > day_seen_at(situation.now)) continue;
      by_reporter_[report.reporter].push_back({night, report.day, report.messages});
      all_[report.day] += report.messages;
      own_[report.reporter][report.day] += report.messages;
      domains_[report.reporter].insert(report.domain);
      ++per_night_[night];
      first_ = first_ == 0 ? report.day : std::min(first_, report.day);
    }
  }

  std::vector<Finding> findings() {
    std::vector<Finding> out;
    for (auto& [reporter, arrivals] : by_reporter_) follow(reporter, arrivals, out);
    return out;
  }

 private:
  // Mail came in on this night and on the two before: silence is the reporter's.
  [[nodiscard]] bool is_undisturbed(Day night) const {
    for (Day n = night - 2; n <= night; ++n)
      if (!per_night_.contains(n)) return false;
    return true;
  }

  // Reports of the last day may yet come.
  [[nodiscard]] bool is_sure(std::uint32_t reporter, Day last, Day night) const {
    const double expected = expected_of(own_.at(reporter), all_, last + 1, night - 1);
    return expected >= expected_messages || (night - last >= most_silence && expected >= expected_in_long_silence);
  }

  // Days on which a domain had no DMARC record that asks for reports.
  void read_closed_days() {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < closed_.size(); ++i) places["_dmarc." + situation_.intake->domains[i]] = i;
    for (const auto& record : situation_.facts->records) {
      if (record.type != model::DnsRecordType::dmarc || record.status == model::DnsRecordStatus::ok) continue;
      if (const auto at = places.find(record.name); at != places.end())
        closed_[at->second].emplace_back(day_seen_at(record.first_seen), record.is_current
                                                                             ? day_seen_at(situation_.now)
                                                                             : day_seen_at(record.last_seen));
    }
  }

  [[nodiscard]] bool is_open(std::uint32_t domain, Day day) const {
    const auto& spans = closed_[domain];
    return std::none_of(spans.begin(), spans.end(),
                        [day](const auto& span) { return span.first <= day && day <= span.second; });
  }

  // Days from `from` to `to` for which any of the reporter's domains could be reported on.
  [[nodiscard]] int open_days(std::uint32_t reporter, Day from, Day to) const {
    const auto& domains = domains_.at(reporter);
    int count = 0;
    for (Day day = from; day <= to; ++day)
      count += std::any_of(domains.begin(), domains.end(), [&](auto domain) { return is_open(domain, day); }) ? 1 : 0;
    return count;
  }

  void follow(std::uint32_t reporter, std::vector<Arrival>& arrivals, std::vector<Finding>& out) {
    std::sort(arrivals.begin(), arrivals.end(), [](auto a, auto b) { return a.night < b.night; });
    const Day tonight = day_seen_at(situation_.now);
    std::set<Day> days;
    bool is_silent = false;
    Day last_reported = 0;  // before the silence
    std::size_t next = 0;
    for (Day night = arrivals.front().night; night <= tonight; ++night) {
      std::optional<Day> first_new;
      for (; next < arrivals.size() && arrivals[next].night <= night; ++next) {
        if (is_silent && arrivals[next].day > last_reported)
          first_new = first_new ? std::min(*first_new, arrivals[next].day) : arrivals[next].day;
        days.insert(arrivals[next].day);
      }
      if (first_new) {
        if (night >= first_news(situation_)) out.push_back(back(reporter, *first_new, last_reported));
        is_silent = false;
      }
      const Day last = *days.rbegin();
      if (!is_silent && night - last >= least_silence && is_undisturbed(night) &&
          has_fallen_silent(days, open_days(reporter, last + 1, night), first_) && is_sure(reporter, last, night)) {
        is_silent = true;
        last_reported = last;
      }
    }
    if (is_silent) out.push_back(silent(reporter, last_reported, days));
  }

  [[nodiscard]] Finding about(std::uint32_t reporter, FindingKind kind) const {
    const auto& name = situation_.intake->reporters[reporter];
    const auto& domain = situation_.own_domains.empty() ? situation_.intake->domains[*domains_.at(reporter).begin()]
                                                        : situation_.own_domains.front();
    Finding finding{.kind = kind, .domain = domain};
    finding.subject.reporter = name;
    return finding;
  }

  [[nodiscard]] Finding silent(std::uint32_t reporter, Day last_day, const std::set<Day>& days) const {
    Finding finding = about(reporter, FindingKind::reporter_silent);
    const auto& name = finding.subject.reporter;
    finding.id = "reporter_silent/" + name;
    finding.severity = Severity::watch;
    finding.since = last_day + 1;
    const Day from = std::max(last_day - history + 1, first_);
    const auto before = std::distance(days.lower_bound(from), days.end());
    finding.evidence = {model::say("{} reported on {} of the {} days up to {}, and on none since", name, before,
                                   last_day - from + 1, model::DayOf{last_day}),
                        model::say("reports from others kept coming in")};
    finding.action = model::say("Wait; if it stays silent, check whether mail from {} is rejected or filtered", name);
    return finding;
  }

  [[nodiscard]] Finding back(std::uint32_t reporter, Day first_new, Day last_day) const {
    Finding finding = about(reporter, FindingKind::reporter_back);
    const auto& name = finding.subject.reporter;
    finding.id = fmt::format("reporter_back/{}/{}", name, text_of_day(first_new));
    finding.severity = Severity::info;
    finding.since = first_new;
    finding.evidence = {model::say("{} reports again, for {}, after silence since {}", name, model::DayOf{first_new},
                                   model::DayOf{last_day + 1})};
    finding.action = model::say("Nothing to do");
    finding.is_said_once = true;
    return finding;
  }

  const Situation& situation_;
  std::vector<std::vector<std::pair<Day, Day>>> closed_;  // by domain
  std::map<std::uint32_t, std::vector<Arrival>> by_reporter_;
  std::map<std::uint32_t, std::set<std::uint32_t>> domains_;
  std::map<Day, int> per_night_;
  Volumes all_;
  std::map<std::uint32_t, Volumes> own_;
  Day first_ = 0;
};

}  // namespace

std::vector<Finding> reporter_findings(const Situation& situation) { return Watch(situation).findings(); }

}  // namespace ruaudit::assess
