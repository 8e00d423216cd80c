#include "assess/findings/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ruaudit::assess {
namespace {

constexpr std::size_t most_sources = 10;
constexpr int least_pause = 8;  // days: a weekly sender is not gone after a week

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = std::ssize(digits) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

}  // namespace

const std::string& domain_of(const Matter& of, const Sender& sender) {
  return of.situation.facts->domains[sender.domain];
}
const std::string& address_of(const Matter& of, std::uint32_t source) {
  return of.situation.facts->sources[source].address;
}

std::string called(const Matter& of, const Sender& sender, const std::vector<std::uint32_t>& sources) {
  if (sender.of == SenderClass::service) return sender.name;
  if (sources.empty()) return sender.name;
  const auto* source = classed(sender, sources.front());
  std::string text = address_of(of, sources.front());
  if (source != nullptr && !source->host.empty()) text = fmt::format("{} ({})", source->host, text);
  return sources.size() > 1 ? fmt::format("{} and {} more", text, sources.size() - 1) : text;
}

model::Finding finding_about(const Matter& of, const Sender& sender, model::FindingKind kind,
                             const std::vector<std::uint32_t>& sources, const std::string& lane) {
  model::Finding finding{.kind = kind, .domain = domain_of(of, sender)};
  std::string who = sender.name;
  if (sender.of == SenderClass::service) finding.subject.service = sender.name;
  if (sender.of == SenderClass::own_server) finding.subject.service = who = "own server";
  if (who.empty() || sender.of == SenderClass::stranger) who = sources.empty() ? "" : address_of(of, sources.front());
  for (std::size_t i = 0; i < std::min(most_sources, sources.size()); ++i)
    finding.subject.sources.push_back(address_of(of, sources[i]));
  finding.id = fmt::format("{}/{}/{}", model::to_text(kind), finding.domain, who);
  if (!lane.empty()) finding.id += "/" + lane;
  return finding;
}

std::string share_text(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return "0 %";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part < whole && percent > 99.9) return "more than 99.9 %";
  return percent > 0 && percent < 0.1 ? std::string("less than 0.1 %") : fmt::format("{:.1f} %", percent);
}

std::string messages_text(std::int64_t count) {
  return fmt::format("{} message{}", grouped(count), count == 1 ? "" : "s");
}

Interval share_interval(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return {};
  constexpr double z = 1.96;
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

bool has_ended(const Matter& of, const std::vector<Day>& days) {
  if (days.empty()) return true;
  int longest = 1;
  for (std::size_t i = 1; i < days.size(); ++i) longest = std::max(longest, of.coverage.days(days[i - 1] + 1, days[i]));
  const int silent = of.coverage.days(days.back() + 1, of.today);
  return silent >= std::max(least_pause, longest + 2);
}

}  // namespace ruaudit::assess
