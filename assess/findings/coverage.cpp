#include "assess/findings/coverage.hpp"

#include <map>
#include <string>

namespace ruaudit::assess {

// A day counts when at least two fifths of the usual number of reports are about it; the usual is the median of the
// days before, so that a domain with one report a day is covered by one.
void Coverage::take_usual_days(const Situation& situation) {
  std::map<Day, int> reports;
  for (const auto& report : situation.intake->reports)
    if (report.is_counted) ++reports[report.day];
  if (reports.empty()) return;
  first_ = reports.begin()->first;
  std::vector<int> before;
  for (const auto& [day, count] : reports) {
    std::vector<int> last(before.end() - std::min<std::ptrdiff_t>(14, std::ssize(before)), before.end());
    std::nth_element(last.begin(), last.begin() + std::ssize(last) / 2, last.end());
    if (last.empty() || 5 * count >= 2 * last[last.size() / 2]) covered_.push_back(day);
    before.push_back(count);
  }
}

std::vector<Coverage> Coverage::of_domains(const Situation& situation) {
  Coverage all;
  all.take_usual_days(situation);
  const auto& names = situation.facts->domains;
  std::vector<Coverage> out(names.size(), all);
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < names.size(); ++i) places[names[i]] = i;
  std::map<std::size_t, Day> firsts;
  for (const auto& report : situation.intake->reports) {
    const auto at = places.find(situation.intake->domains[report.domain]);
    if (!report.is_counted || at == places.end()) continue;
    const auto [first, is_new] = firsts.try_emplace(at->second, report.day);
    first->second = std::min(first->second, report.day);
  }
  for (const auto& [place, day] : firsts) out[place].first_ = day;
  for (const auto& record : situation.facts->records) {
    if (record.type != model::DnsRecordType::dmarc || record.status == model::DnsRecordStatus::ok) continue;
    const auto at = record.name.starts_with("_dmarc.") ? places.find(record.name.substr(7)) : places.end();
    if (at == places.end()) continue;
    auto& days = out[at->second].covered_;
    const auto first = std::lower_bound(days.begin(), days.end(), day_seen_at(record.first_seen));
    const auto last =
        record.is_current ? days.end() : std::upper_bound(first, days.end(), day_seen_at(record.last_seen));
    days.erase(first, last);
  }
  return out;
}

int Coverage::days(Day first, Day last) const {
  const auto begin = std::lower_bound(covered_.begin(), covered_.end(), first);
  return static_cast<int>(std::upper_bound(begin, covered_.end(), std::max(first - 1, last)) - begin);
}

}  // namespace ruaudit::assess
