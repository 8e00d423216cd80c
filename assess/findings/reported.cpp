#include "assess/findings/reported.hpp"

#include <algorithm>
#include <set>

#include "assess/findings/intake.hpp"

namespace ruaudit::assess {
namespace {

constexpr Day weeks_before = 28;  // days
constexpr double least_present = 0.05;

using ByReporter = std::map<std::uint32_t, double>;

double share_of(const ByReporter& messages, const auto& is_in) {
  double all = 0, part = 0;
  for (const auto& [reporter, count] : messages) {
    all += count;
    if (is_in(reporter)) part += count;
  }
  return all > 0 ? part / all : 1;
}

}  // namespace

Reported::Reported(const Situation& situation) {
  const auto& intake = *situation.intake;
  const bool only_proven = disbelieves_unproven(situation);
  for (const auto& report : intake.reports) {
    if (!report.is_counted || (only_proven && report.trust == model::ReportTrust::unauthenticated)) continue;
    domains_[intake.domains[report.domain]][report.day].emplace_back(report.reporter,
                                                                     static_cast<double>(report.messages));
  }
}

Comparable Reported::comparable(const std::string& domain, Day day) const {
  const auto found = domains_.find(domain);
  if (found == domains_.end()) return {};
  ByReporter now, past;
  std::map<std::uint32_t, std::size_t> days;
  std::size_t all = 0;
  for (auto at = found->second.lower_bound(day - weeks_before); at != found->second.end() && at->first < day; ++at) {
    ++all;
    std::set<std::uint32_t> reporters;
    for (const auto& [reporter, messages] : at->second) {
      past[reporter] += messages;
      if (reporters.insert(reporter).second) ++days[reporter];
    }
  }
  if (const auto at = found->second.find(day); at != found->second.end())
    for (const auto& [reporter, messages] : at->second) now[reporter] += messages;
  const double known = share_of(now, [&](auto reporter) { return 2 * days[reporter] >= all; });
  const double present = share_of(past, [&](auto reporter) { return now.contains(reporter); });
  return {known, std::max(past.empty() ? 1 : least_present, present)};
}

}  // namespace ruaudit::assess
