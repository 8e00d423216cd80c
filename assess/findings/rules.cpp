#include "assess/findings/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

constexpr std::size_t most_sources = 10;
constexpr int least_pause = 8;  // days: a weekly sender is not gone after a week
// One seen on so many days, and never away for longer than a long weekend, is gone sooner.
constexpr std::size_t enough_days = 10;
constexpr int a_weekend = 4, least_pause_of_daily = 6;

// Several IPv6 addresses without a name, all in the network of one host.
bool are_one_place(const Matter& of, const Sender& sender, const std::vector<std::uint32_t>& sources) {
  if (sources.size() < 2 || address_of(of, sources.front()).find(':') == std::string::npos) return false;
  const auto* first = classed(sender, sources.front());
  if (first != nullptr && !first->host.empty()) return false;
  const auto place = place_of(address_of(of, sources.front()));
  return std::all_of(sources.begin() + 1, sources.end(),
                     [&](std::uint32_t source) { return place_of(address_of(of, source)) == place; });
}

}  // namespace

const std::string& domain_of(const Matter& of, const Sender& sender) {
  return of.situation.facts->domains[sender.domain];
}
const std::string& address_of(const Matter& of, std::uint32_t source) {
  return of.situation.facts->sources[source].address;
}

std::unordered_set<std::uint32_t> nameless_v6(const Matter& of, const Sender& sender) {
  std::unordered_set<std::uint32_t> found;
  for (const auto* source : sender.sources)
    if (source->host.empty() && address_of(of, source->source).find(':') != std::string::npos)
      found.insert(source->source);
  return found;
}

std::unordered_map<std::uint32_t, Day> first_days(const Matter& of, const Sender& sender) {
  std::unordered_map<std::uint32_t, Day> firsts;
  std::map<std::pair<std::string, bool>, Day> of_place;
  const auto nameless = nameless_v6(of, sender);
  for (const Line& line : sender.lines) {
    const auto [at, is_new] = firsts.try_emplace(line.source, line.day);
    if (is_new && nameless.contains(line.source))
      at->second = of_place.try_emplace({place_of(address_of(of, line.source)), line.spf == Check::pass}, line.day)
                       .first->second;
  }
  return firsts;
}

std::string home_of(const Matter& of, const Sender& sender, std::uint32_t source) {
  const auto* one = classed(sender, source);
  const auto& address = address_of(of, source);
  return one != nullptr && !one->host.empty() ? address : place_of(address);
}

bool is_one(const Matter& of, const Sender& sender, const std::vector<std::uint32_t>& sources) {
  return sender.of == SenderClass::service || sources.size() < 2 || are_one_place(of, sender, sources);
}

model::Sentence called(const Matter& of, const Sender& sender, const std::vector<std::uint32_t>& sources) {
  if (sender.of == SenderClass::service) return sender.name;
  if (sources.empty()) return sender.name;
  const auto* source = classed(sender, sources.front());
  const bool is_place = are_one_place(of, sender, sources);
  std::string text = address_of(of, sources.front());
  if (is_place) text = place_of(text);
  if (source != nullptr && !source->host.empty()) text = fmt::format("{} ({})", source->host, text);
  if (sources.size() < 2 || is_place) return text;
  return model::say_count("{1} and {0} other address", "{1} and {0} other addresses", std::ssize(sources) - 1, text);
}

model::Finding finding_about(const Matter& of, const Sender& sender, model::FindingKind kind,
                             const std::vector<std::uint32_t>& sources, const std::string& lane) {
  model::Finding finding{.kind = kind, .domain = domain_of(of, sender)};
  std::string who = sender.name;
  if (sender.of == SenderClass::service) finding.subject.service = sender.name;
  if (sender.of == SenderClass::own_server) finding.subject.service = who = "own server";
  if (who.empty() || sender.of == SenderClass::stranger)
    who = sources.empty() ? "" : place_of(address_of(of, sources.front()));
  for (std::size_t i = 0; i < std::min(most_sources, sources.size()); ++i)
    finding.subject.sources.push_back(address_of(of, sources[i]));
  finding.id = fmt::format("{}/{}/{}", model::to_text(kind), finding.domain, who);
  if (!lane.empty()) finding.id += "/" + lane;
  return finding;
}

std::string foreign_return_path(const Matter& of, std::span<const Line> lines, const std::string& domain) {
  std::map<std::string, std::int64_t> foreign;
  std::int64_t all = 0;
  for (const Line& line : lines) {
    all += line.messages;
    for (const auto& spf : of.situation.facts->patterns[line.pattern].spf_results) {
      if (spf.scope == model::SpfScope::helo || spf.domain.empty() || are_related(spf.domain, domain)) continue;
      foreign[spf.domain] += line.messages;
      break;
    }
  }
  for (const auto& [path, messages] : foreign)
    if (2 * messages > all) return path;
  return {};
}

model::ShareOf share_text(std::int64_t part, std::int64_t whole) { return {part, whole}; }

model::Sentence messages_text(std::int64_t count) { return model::say_count("{} message", "{} messages", count); }

model::Sentence days_text(std::size_t count) {
  return model::say_count("{} day", "{} days", static_cast<std::int64_t>(count));
}

model::DayOf day_of(Day day) { return {day}; }

Interval share_interval(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return {};
  constexpr double z = 1.96;
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

bool has_ended(const Coverage& coverage, Day today, const std::vector<Day>& days) {
  if (days.empty()) return true;
  int longest = 1;
  for (std::size_t i = 1; i < days.size(); ++i) longest = std::max(longest, coverage.days(days[i - 1] + 1, days[i]));
  const bool is_daily = days.size() >= enough_days && longest <= a_weekend;
  const int silent = coverage.days(days.back() + 1, today);
  return silent >= std::max(is_daily ? least_pause_of_daily : least_pause, longest + 1);
}

}  // namespace ruaudit::assess
