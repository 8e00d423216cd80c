// Bursts of mail from strangers in a domain's name: of a domain in use, of subdomains that do not exist, of a parked
// domain. A day belongs to a wave when strangers sent far more than the days before explain; a wave is over when two
// days were quiet.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "assess/findings/rules.hpp"
#include "assess/strangers.hpp"

namespace ruaudit::assess {
namespace {

using model::Finding;
using model::FindingKind;
using model::Severity;

constexpr int history = 28;          // days that say what is usual
constexpr double least_excess = 15;  // messages above the usual
constexpr double deviations = 5;
constexpr double least_of_many = 8;     // messages above the usual without the two busiest addresses
constexpr double great_number = 100;    // above the usual: then one address alone makes a wave
constexpr double least_newcomers = 10;  // addresses above the usual that were never seen before
constexpr double smooth_days = 21, smooth_deviations = 5, least_spread = 0.08;  // of the logarithm of a smooth traffic
constexpr double busy = 50;    // messages a day, from which on the logarithm says something
constexpr Day over_after = 3;  // days from the last one of the wave to the one that is judged

// What strangers sent for one kind of finding, by day and address.
class Traffic {
 public:
  void add(const Line& line) { entries_.push_back({line.day, line.source, line.messages}); }

  // Sums up; before it nothing can be asked.
  void finish() {
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return std::tie(a.day, a.source) < std::tie(b.day, b.source); });
    join();
    std::unordered_set<std::uint32_t> seen;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& one = entries_[i];
      const auto [at, is_new] = places_.try_emplace(one.day, i, i);
      at->second.second = i + 1;
      messages[one.day] += one.messages;
      if (!seen.insert(one.source).second) continue;
      ++newcomers[one.day];
      of_newcomers[one.day] += one.messages;
    }
  }

  // Without the two busiest addresses: what many have sent.
  [[nodiscard]] std::int64_t of_many(Day day) const {
    std::int64_t sum = 0, first = 0, second = 0;
    each_source(day, [&](std::uint32_t, std::int64_t count) {
      sum += count;
      second = std::max(second, std::min(first, count));
      first = std::max(first, count);
    });
    return sum - first - second;
  }

  template <class Take>
  void each_source(Day day, const Take& take) const {
    const auto [first, last] = places_.at(day);
    for (std::size_t i = first; i < last; ++i) take(entries_[i].source, entries_[i].messages);
  }

  std::map<Day, std::int64_t> messages{};
  std::map<Day, std::int64_t> newcomers{}, of_newcomers{};  // addresses never seen before that day, and their messages

 private:
  struct Entry {
    Day day;
    std::uint32_t source;
    std::int64_t messages;
  };
  // One entry for a day and address.
  void join() {
    std::size_t count = 0;
    for (const Entry& one : entries_)
      if (count > 0 && entries_[count - 1].day == one.day && entries_[count - 1].source == one.source)
        entries_[count - 1].messages += one.messages;
      else
        entries_[count++] = one;
    entries_.resize(count);
  }

  std::vector<Entry> entries_;
  std::map<Day, std::pair<std::size_t, std::size_t>> places_;
};

bool is_parked(const Matter& of, std::uint32_t domain) {
  const auto& parked = of.situation.parked_domains;
  return std::find(parked.begin(), parked.end(), of.situation.facts->domains[domain]) != parked.end();
}

// Author Domains in use: the policy domain itself, and every name in which something of the owner's passed.
std::set<std::string> used_names(const Matter& of) {
  std::set<std::string> used{of.situation.facts->domains[of.domain]};
  std::unordered_set<std::uint32_t> patterns;
  for (const Sender& sender : of.senders) {
    if (sender.of == SenderClass::stranger) continue;
    for (const Line& line : sender.lines)
      if (patterns.insert(line.pattern).second) used.insert(of.situation.facts->patterns[line.pattern].header_from);
  }
  return used;
}

// Who sends on many days in a row is told as unknown_steady, not as part of a wave.
bool is_steady(const Sender& sender) {
  std::vector<Day> days;
  for (const Line& line : sender.lines)
    if (days.empty() || days.back() != line.day) days.push_back(line.day);
  const auto stretch = last_stretch(days);
  return static_cast<std::int64_t>(stretch) >= steady_days &&
         count_messages(sender, [](const Line&) { return true; }) >= steady_messages;
}

std::map<FindingKind, Traffic> strangers_traffic(const Matter& of) {
  const auto used = used_names(of);
  const bool parked = is_parked(of, of.domain);
  std::map<FindingKind, Traffic> traffic;
  std::unordered_map<std::uint32_t, Traffic*> of_pattern;
  const auto find = [&](std::uint32_t pattern) {
    const auto kind = parked                                                             ? FindingKind::parked_abuse
                      : used.contains(of.situation.facts->patterns[pattern].header_from) ? FindingKind::spoofing_wave
                                                                                         : FindingKind::subdomain_abuse;
    return &traffic[kind];
  };
  for (const Sender& sender : of.senders) {
    if (sender.of != SenderClass::stranger || is_steady(sender)) continue;
    for (const Line& line : sender.lines) {
      if (line.passes()) continue;
      const auto [at, is_new] = of_pattern.try_emplace(line.pattern, nullptr);
      if (is_new) at->second = find(line.pattern);
      at->second->add(line);
    }
  }
  for (auto& [kind, one] : traffic) one.finish();
  return traffic;
}

struct Usual {
  double mean = 0, deviation = 1;
  double spread = 1;  // of the logarithm
  int days = 0;
};

// Of the days before that were covered and belong to no wave. Few days say little: then the deviation is wide.
Usual usual_before(const Coverage& coverage, const std::map<Day, std::int64_t>& counts, const std::set<Day>& wave_days,
                   Day day) {
  double sum = 0, squares = 0, logarithms = 0, log_squares = 0;
  int n = 0;
  for (Day before = day - history; before < day; ++before) {
    if (!coverage.has(before) || wave_days.contains(before)) continue;
    const auto at = counts.find(before);
    const double x = at == counts.end() ? 0.0 : static_cast<double>(at->second);
    sum += x;
    squares += x * x;
    logarithms += std::log(x + 1);
    log_squares += std::log(x + 1) * std::log(x + 1);
    ++n;
  }
  const int least_one = std::max(1, n);
  const double mean = sum / least_one;
  const double variance = std::max(0.0, squares / least_one - mean * mean);
  const double log_mean = logarithms / least_one;
  const double doubt = n < 7 ? 2.0 * (7 - n) / 7 * std::sqrt(mean + 1) : 0;
  // Strangers come in heaps: days differ by more than chance, whatever the few days before say.
  const double least = mean + 1 + 0.16 * mean * mean;
  return {mean, std::sqrt(std::max(variance, least)) + doubt,
          std::sqrt(std::max(0.0, log_squares / least_one - log_mean * log_mean)), n};
}

bool is_far_above(const Usual& usual, double x, double least) {
  if (x >= usual.mean + std::max(least, deviations * usual.deviation)) return true;
  // A busy and smooth traffic that is known for weeks says more: half as much again may be far above it.
  if (usual.days < smooth_days || usual.mean < busy) return false;
  return x >= usual.mean * std::exp(smooth_deviations * std::max(least_spread, usual.spread)) &&
         x >= usual.mean + std::max(least, deviations * std::sqrt(usual.mean + 1));
}

// More mail than usual, or many addresses that were never seen before.
bool is_wave_day(const Coverage& coverage, const Traffic& traffic, const std::set<Day>& wave_days, Day day) {
  const Usual usual = usual_before(coverage, traffic.messages, wave_days, day);
  const auto x = static_cast<double>(traffic.messages.at(day));
  const bool is_many =
      static_cast<double>(traffic.of_many(day)) >= usual.mean + least_of_many || x - usual.mean >= great_number;
  if (is_many && is_far_above(usual, x, least_excess)) return true;
  const auto newcomers = traffic.newcomers.find(day);
  if (newcomers == traffic.newcomers.end() ||
      static_cast<double>(traffic.of_newcomers.at(day)) < std::max(least_excess, usual.mean / 4))
    return false;
  return is_far_above(usual_before(coverage, traffic.newcomers, wave_days, day), static_cast<double>(newcomers->second),
                      least_newcomers);
}

struct Wave {
  Day first = 0, last = 0;
  std::set<Day> days;
  double usual = 0;
};

// Its DMARC record was there, as far as is known: from then on silence means that nobody used the domain.
Day asks_for_reports_since(const Matter& of) {
  Day since = std::numeric_limits<Day>::max();
  const auto name = "_dmarc." + of.situation.facts->domains[of.domain];
  for (const auto& record : of.situation.facts->records)
    if (record.type == model::DnsRecordType::dmarc && record.name == name &&
        record.status == model::DnsRecordStatus::ok)
      since = std::min(since, day_seen_at(record.first_seen));
  return since;
}

// Nothing is new in the first days of reports: of a domain that sends nothing, of those on others, since its own begin
// with the first wave.
std::optional<Wave> latest_wave(const Matter& of, FindingKind kind, const Traffic& traffic) {
  const Coverage& coverage = of.coverage;
  const Day from = kind == FindingKind::parked_abuse ? std::min(coverage.first_covered(), asks_for_reports_since(of))
                                                     : coverage.first_day();
  std::set<Day> wave_days;
  std::optional<Wave> wave;
  for (const auto& [day, messages] : traffic.messages) {
    if (day < from + baseline_days || !is_wave_day(coverage, traffic, wave_days, day)) continue;
    if (!wave || day - wave->last >= over_after)
      wave = Wave{day, day, {}, usual_before(coverage, traffic.messages, wave_days, day).mean};
    wave->last = day;
    wave->days.insert(day);
    wave_days.insert(day);
  }
  return wave;
}

model::Sentence what_it_used(FindingKind kind) {
  if (kind == FindingKind::parked_abuse) return model::say("a parked domain");
  return kind == FindingKind::subdomain_abuse ? model::say("subdomains that do not exist") : model::say("the domain");
}

Finding finding_of(const Matter& of, FindingKind kind, const Traffic& traffic, const Wave& wave) {
  std::map<std::uint32_t, std::int64_t> sums;
  std::int64_t messages = 0;
  const auto& domain = of.situation.facts->domains[of.domain];
  for (const Day day : wave.days) {
    messages += traffic.messages.at(day);
    traffic.each_source(day, [&](std::uint32_t source, std::int64_t count) { sums[source] += count; });
  }
  std::vector<std::uint32_t> sources;
  for (const auto& [source, sum] : sums) sources.push_back(source);
  std::stable_sort(sources.begin(), sources.end(), [&](auto a, auto b) { return sums[a] > sums[b]; });
  Finding finding{.kind = kind, .severity = Severity::watch, .domain = domain};
  finding.id = fmt::format("{}/{}", model::to_text(kind), domain);
  for (std::size_t i = 0; i < std::min<std::size_t>(10, sources.size()); ++i)
    finding.subject.sources.push_back(address_of(of, sources[i]));
  finding.messages = messages;
  finding.since = wave.first;
  const auto addresses = model::say_count("{} address", "{} addresses", std::ssize(sources));
  const auto target_words = what_it_used(kind);
  finding.evidence = {
      wave.first == wave.last
          ? model::say("{} from {} in the name of {} on {}; none passes DMARC", messages_text(messages), addresses,
                       target_words, day_of(wave.first))
          : model::say("{} from {} in the name of {} from {} to {}; none passes DMARC", messages_text(messages),
                       addresses, target_words, day_of(wave.first), day_of(wave.last)),
      model::say_count("before, strangers sent about {} message a day",
                       "before, strangers sent about {} messages a day", std::llround(wave.usual))};
  finding.action = model::say("Nothing to do: the DMARC policy of {} decides what receivers do with it", domain);
  return finding;
}

}  // namespace

Findings wave_findings(const Matter& of) {
  Findings findings;
  for (const auto& [kind, traffic] : strangers_traffic(of)) {
    const auto wave = latest_wave(of, kind, traffic);
    if (!wave) continue;
    // One whose reports had to wait was over before anybody could know of it.
    if (of.today - wave->last < over_after || wave->last >= of.learnt)
      findings.push_back(finding_of(of, kind, traffic, *wave));
  }
  return findings;
}

}  // namespace ruaudit::assess
