// sender_gone, volume_jump: a sender that passes and has a rhythm, measured against that rhythm: the mean of each day
// of the week over the last weeks, of the days that were reported on.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "assess/findings/day_counts.hpp"
#include "assess/findings/in_use.hpp"
#include "assess/findings/rules.hpp"
#include "assess/findings/spread.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

constexpr int weeks = 6;
// A holiday leaves a fifth of the mail: so many messages expected and none seen is silence even then.
constexpr double expected_in_silence = 20, expected_in_long_silence = 8;
constexpr int least_silence = 4, long_silence = 7;  // covered days
constexpr double beyond_pause = 2;                  // of what the longest pause left out
constexpr Day went_together = 3;                    // days
constexpr double several_times = 2.5;               // of the mean of that day of the week
constexpr double above_highest = 1.8;               // of the highest of that day of the week
constexpr double above_all = 2.5;  // of the highest of all days of two weeks and more: whatever the spread
constexpr double least_excess = 20, deviations = 3;
constexpr Day told_for = 4;

int weekday(Day day) { return ((day % 7) + 7) % 7; }

// A part of a sender's mail that can go for itself: one Author Domain and one return path.
struct Lane {
  std::string header_from, envelope;
  auto operator<=>(const Lane&) const = default;
};

struct Volume {
  DayCounts days{};
  std::int64_t messages = 0, passing = 0;
  void add(const Line& line) {
    days.add(line.day, line.messages);
    messages += line.messages;
    if (line.passes()) passing += line.messages;
  }
  void add(const Volume& other) {
    for (const auto& [day, count] : other.days) days.add(day, count);
    messages += other.messages;
    passing += other.passing;
  }
  [[nodiscard]] Day last() const { return days.last(); }
};

// The addresses of a lane or of a part of it.
struct Sent : Volume {
  std::vector<std::uint32_t> sources{};  // each once
};

std::string spf_domain(const model::AuthPattern& pattern) {
  for (const auto& result : pattern.spf_results)
    if (result.scope != model::SpfScope::helo) return result.domain;
  return {};
}

Lane lane_of(const Matter& of, std::uint32_t pattern) {
  const auto& how = of.situation.facts->patterns[pattern];
  return {how.header_from, spf_domain(how)};
}

// A sender's mail by lane, and each lane's by address.
class Lanes {
 public:
  Lanes(const Matter& of, const Sender& sender) : sender_(sender) {
    for (const Line& line : sender.lines) {
      const auto [at, is_new] = lanes_.try_emplace(line.pattern, nullptr);
      if (is_new) at->second = &*volumes_.try_emplace(lane_of(of, line.pattern)).first;
      Sent& sent = at->second->second;
      sent.add(line);
      if (sent.sources.empty() || sent.sources.back() != line.source) sent.sources.push_back(line.source);
    }
    for (auto& [lane, sent] : volumes_) {
      std::sort(sent.sources.begin(), sent.sources.end());
      sent.sources.erase(std::unique(sent.sources.begin(), sent.sources.end()), sent.sources.end());
    }
  }
  [[nodiscard]] const std::map<Lane, Sent>& volumes() const { return volumes_; }
  [[nodiscard]] const Sender& sender() const { return sender_; }
  [[nodiscard]] bool has(const Lane& lane, const Line& line) const { return lanes_.at(line.pattern)->first == lane; }
  // The lines of one address, by day.
  [[nodiscard]] Part lines_of(std::uint32_t source) const {
    if (!parts_) parts_.emplace(sender_);
    return parts_->of(source);
  }

 private:
  const Sender& sender_;
  mutable std::optional<Parts> parts_;  // made when first asked for: most senders never go silent
  std::map<Lane, Sent> volumes_;
  std::unordered_map<std::uint32_t, std::pair<const Lane, Sent>*> lanes_;  // by place of the pattern
};

// Mean per day of the week from the covered days before `day`; days of one weekday that were never covered take the
// mean of all.
std::array<double, 7> rhythm(const Coverage& coverage, const Volume& volume, Day first, Day last) {
  std::array<double, 7> sum{}, count{}, mean{};
  double all = 0, days = 0;
  for (Day day = std::max(first, last - 7 * weeks + 1); day <= last; ++day) {
    if (!coverage.has(day)) continue;
    const auto x = static_cast<double>(volume.days.on(day));
    const auto w = static_cast<std::size_t>(weekday(day));
    sum[w] += x;
    count[w] += 1;
    all += x;
    days += 1;
  }
  for (std::size_t w = 0; w < 7; ++w) mean[w] = count[w] > 0 ? sum[w] / count[w] : days > 0 ? all / days : 0;
  return mean;
}

bool is_any_after(const Lanes& lanes, const std::vector<std::uint32_t>& sources, Day day) {
  return std::any_of(sources.begin(), sources.end(),
                     [&](auto source) { return lanes.lines_of(source).back().day > day; });
}

// The addresses that still sent in the two weeks before the last message, busiest first.
std::vector<std::uint32_t> last_sources(const Lanes& lanes, const Lane& lane, const Sent& volume) {
  std::vector<std::pair<std::int64_t, std::uint32_t>> late;  // messages, less than zero, and source
  for (const auto source : volume.sources) {
    const Part lines = lanes.lines_of(source);
    bool is_late = false;
    for (std::size_t i = lines.size(); !is_late && i-- > 0 && lines[i].day > volume.last() - 14;)
      is_late = lanes.has(lane, lines[i]);
    if (!is_late) continue;
    late.emplace_back(0, source);
    for (const Line& line : lines) late.back().first -= line.messages;
  }
  std::sort(late.begin(), late.end());
  std::vector<std::uint32_t> sources;
  for (const auto& [messages, source] : late) sources.push_back(source);
  return sources;
}

// Messages that the rhythm would have brought on the covered days from `first` to `last`.
double expected_on(const Coverage& coverage, const std::array<double, 7>& mean, Day first, Day last) {
  double expected = 0;
  for (Day day = first; day <= last; ++day)
    if (coverage.has(day)) expected += mean[static_cast<std::size_t>(weekday(day))];
  return expected;
}

struct Pause {
  int days = 1;         // covered ones, from one day with mail to the next
  double expected = 0;  // messages that its rhythm would have brought in between
};

// The longest pauses that the sender ever made. A pause is measured by what it leaves out: a Sunday is none for an
// office, and six days without mail are none for a weekly letter.
Pause longest_pause(const Coverage& coverage, const Volume& volume, const std::array<double, 7>& mean) {
  Pause longest;
  Day before = volume.days.first();
  for (const auto& [day, messages] : volume.days) {
    longest.days = std::max(longest.days, coverage.days(before + 1, day));
    longest.expected = std::max(longest.expected, expected_on(coverage, mean, before + 1, day - 1));
    before = day;
  }
  return longest;
}

bool is_gone(const Coverage& coverage, Day today, const Volume& volume, double& expected) {
  const Day first = volume.days.first(), last = volume.last();
  if (volume.messages < 20 || 2 * volume.passing <= volume.messages || volume.days.size() < 3) return false;
  const auto mean = rhythm(coverage, volume, first, last);
  const int silent = coverage.days(last + 1, today - 1);  // reports of the last day may yet come
  expected = expected_on(coverage, mean, last + 1, today - 1);
  const Pause pause = longest_pause(coverage, volume, mean);
  if (silent <= pause.days && expected <= beyond_pause * pause.expected) return false;
  return (silent >= least_silence && expected >= expected_in_silence) ||
         (silent >= long_silence - 1 && expected >= expected_in_long_silence);
}

struct Silence {
  Lane lane;
  Sent volume;
  double expected = 0;
};

Volume volume_of(const Lanes& lanes, const Lane& lane, std::uint32_t source) {
  Volume volume;
  for (const Line& line : lanes.lines_of(source))
    if (lanes.has(lane, line)) volume.add(line);
  return volume;
}

// Own servers of one lane go for themselves: those that sent last within three days of each other went together. What
// sent too lately to be gone is left out.
std::vector<Sent> parts_by_last_day(const Matter& of, const Lanes& lanes, const Lane& lane, const Sent& whole) {
  std::vector<std::pair<Day, std::uint32_t>> order;  // last day, source
  std::map<std::string, Day> of_host;                // an IPv6 host goes with its last address
  const auto nameless = nameless_v6(of, lanes.sender());
  for (const auto source : whole.sources) {
    const Part lines = lanes.lines_of(source);
    std::size_t last = lines.size() - 1;
    while (!lanes.has(lane, lines[last])) --last;  // it has one: the address is one of the lane
    order.emplace_back(lines[last].day, source);
    if (!nameless.contains(source)) continue;
    auto& host = of_host[place_of(address_of(of, source))];
    host = std::max(host, lines[last].day);
  }
  for (auto& [day, source] : order)
    if (nameless.contains(source)) day = of_host.at(place_of(address_of(of, source)));
  std::sort(order.begin(), order.end());
  std::vector<Sent> parts;
  for (auto first = order.begin(); first != order.end();) {
    auto end = std::next(first);
    while (end != order.end() && end->first - std::prev(end)->first <= went_together) ++end;
    if (std::prev(end)->first < of.today - least_silence) {
      Sent& part = parts.emplace_back();
      for (; first != end; ++first) {
        part.add(volume_of(lanes, lane, first->second));
        part.sources.push_back(first->second);
      }
    }
    first = end;
  }
  return parts;
}

std::vector<Silence> silences_of(const Matter& of, const Sender& sender, const Lanes& lanes) {
  const Coverage& coverage = of.coverage;
  std::vector<Silence> out;
  for (const auto& [lane, volume] : lanes.volumes()) {
    double expected = 0;
    if (is_gone(coverage, of.today, volume, expected)) {
      out.push_back({lane, volume, expected});
    } else if (sender.of == SenderClass::own_server && volume.sources.size() > 1) {
      for (Sent& part : parts_by_last_day(of, lanes, lane, volume))
        if (is_gone(coverage, of.today, part, expected)) out.push_back({lane, std::move(part), expected});
    }
  }
  return out;
}

void look_for_gone(const Matter& of, const Sender& sender, InUse& in_use, Findings& out) {
  const bool is_own = sender.of == SenderClass::own_server;
  const Lanes lanes(of, sender);
  const bool has_lanes = lanes.volumes().size() > 1;
  std::set<std::uint32_t> told;
  for (const auto& [lane, volume, expected] : silences_of(of, sender, lanes)) {
    const Day last = volume.last();
    const auto list = last_sources(lanes, lane, volume);
    if (is_any_after(lanes, list, last)) continue;
    if (std::any_of(list.begin(), list.end(), [&](auto s) { return told.contains(s); })) continue;
    told.insert(list.begin(), list.end());
    Finding finding = finding_about(of, sender, FindingKind::sender_gone, list,
                                    is_own      ? home_of(of, sender, list.front())
                                    : has_lanes ? lane.header_from + " " + lane.envelope
                                                : std::string());
    const auto who = called(of, sender, list);
    finding.severity = Severity::info;
    finding.since = last + 1;
    finding.evidence = {
        model::say("{} sent {} on {} up to {}, and none since", who, messages_text(volume.messages),
                   days_text(volume.days.size()), day_of(last)),
        model::say("at its usual rate about {} would have been reported since", messages_text(std::llround(expected)))};
    finding.action = in_use.advice(sender, list, last);
    out.push_back(std::move(finding));
  }
}

bool is_jump(const Matter& of, const Sender& sender, const Volume& volume, Day day, double& mean) {
  const Day first = std::max(volume.days.first(), day - 7 * weeks);
  std::vector<double> same, others;
  const Coverage& coverage = of.coverage;
  const std::array<double, 7> by_day = rhythm(coverage, volume, first, day - 1);
  Spread spread;
  for (Day before = first; before < day; ++before) {
    if (!coverage.has(before)) continue;
    const auto x = static_cast<double>(volume.days.on(before));
    (weekday(before) == weekday(day) ? same : others).push_back(x);
    spread.add(x, by_day[static_cast<std::size_t>(weekday(before))]);
  }
  if (spread.days() < 7) return false;
  const auto top = [](const std::vector<double>& v) { return v.empty() ? 0.0 : *std::max_element(v.begin(), v.end()); };
  // One week before says little about a day of the week: then the busiest of all days is the measure.
  double highest = same.size() >= 2 ? top(same) : std::max(top(same), top(others));
  mean = same.size() >= 2 ? by_day[static_cast<std::size_t>(weekday(day))] : highest;
  const Comparable share = of.reported.comparable(domain_of(of, sender), day);
  const double x = static_cast<double>(volume.days.on(day)) * share.today;
  mean *= share.before;
  highest *= share.before;
  // Against whole days, however few have reported yet: a sender's mail may all be with those that have.
  const bool is_above_all = spread.days() >= 14 && x >= above_all * std::max(top(same), top(others));
  return x >= several_times * mean && x >= above_highest * highest && x - mean >= least_excess &&
         (is_above_all || std::log((x + 1) / (mean + 1)) >= deviations * spread.of_next(mean, same.size()));
}

// Days of a jump that follow one another; told while the last of them is news.
struct Run {
  Day first = 0, last = 0;
  std::int64_t messages = 0;
  double usual = 0;  // messages on these days
};

std::optional<Run> latest_run(const Matter& of, const Sender& sender, const Volume& volume) {
  const Day news = std::min(of.today, of.learnt) - told_for;
  std::optional<Run> run;
  for (Day day = news - 2 * told_for; day <= of.today; ++day) {
    double mean = 0;
    if (volume.days.on(day) == 0 || !is_jump(of, sender, volume, day, mean)) continue;
    if (!run || day > run->last + 2) run = Run{day, day, 0, 0};
    run->last = day;
    run->usual += mean;
    run->messages += volume.days.on(day);
  }
  return run && run->last >= news ? run : std::nullopt;
}

// A server that is new has no rhythm of its own, and new_sender tells of it: what it brings is no jump of the others.
std::set<std::uint32_t> new_servers(const Matter& of, const Sender& sender) {
  constexpr Day known_after = 14;  // days: two of each day of the week
  std::set<std::uint32_t> out;
  if (sender.of != SenderClass::own_server) return out;
  for (const auto& [source, first] : first_days(of, sender))
    if (first >= of.coverage.first_day() + baseline_days && first > of.today - known_after) out.insert(source);
  return out;
}

void look_for_jump(const Matter& of, const Sender& sender, Findings& out) {
  Volume volume;
  const auto left_out = new_servers(of, sender);
  for (const Line& line : sender.lines)
    if (left_out.empty() || !left_out.contains(line.source)) volume.add(line);
  if (volume.days.empty() || 2 * volume.passing <= volume.messages) return;
  const auto run = latest_run(of, sender, volume);
  if (!run) return;
  const auto sources = busiest(
      sender, [&](const Line& l) { return l.day >= run->first && l.day <= run->last && !left_out.contains(l.source); });
  Finding finding = finding_about(of, sender, FindingKind::volume_jump, sources, text_of_day(run->first));
  const auto who = called(of, sender, sources);
  finding.severity = Severity::info;
  finding.is_said_once = true;
  finding.messages = run->messages;
  finding.since = run->first;
  finding.evidence = {run->first == run->last
                          ? model::say("{} sent {} on {}; about {} are usual for that day of the week", who,
                                       messages_text(run->messages), day_of(run->first), std::llround(run->usual))
                          : model::say("{} sent {} from {} to {}; about {} are usual for these days of the week", who,
                                       messages_text(run->messages), day_of(run->first), day_of(run->last),
                                       std::llround(run->usual))};
  finding.action =
      model::say("Nothing to do if this was a campaign of {}; else somebody may send through an account of yours", who);
  out.push_back(std::move(finding));
}

}  // namespace

Findings volume_findings(const Matter& of) {
  Findings findings;
  InUse in_use(of);
  for (const Sender& sender : of.senders) {
    if (!sender.is_owners()) continue;
    look_for_gone(of, sender, in_use, findings);
    look_for_jump(of, sender, findings);
  }
  return findings;
}

}  // namespace ruaudit::assess
