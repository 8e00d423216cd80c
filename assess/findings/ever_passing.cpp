#include "assess/findings/ever_passing.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace ruaudit::assess {
namespace {

// By source.
std::vector<bool> sources_that_passed(const Sender& sender, Check Line::*check) {
  std::vector<bool> passing;
  for (const Line& line : sender.lines) {
    if (line.source >= passing.size()) passing.resize(line.source + std::size_t{1});
    if (line.*check == Check::pass) passing[line.source] = true;
  }
  return passing;
}

// The last day on which the mechanism worked for most of this mail.
std::optional<Day> last_working_day(const std::vector<DayCount>& days) {
  for (auto day = days.rbegin(); day != days.rend(); ++day)
    if (day->good > 0 && day->good >= day->bad) return day->day;
  return std::nullopt;
}

// Mail of a service from addresses that its pool got after the mechanism had stopped working for that Author Domain. Of
// one for which it never worked nothing is late.
class LateAddresses {
 public:
  LateAddresses(const Matter& of, const Sender& sender, Check Line::*check, const std::vector<bool>& passing)
      : firsts_(passing.size(), std::numeric_limits<Day>::max()) {
    if (sender.of != SenderClass::service) return;
    using Days = std::vector<DayCount>;
    std::map<std::string, Days> lanes;  // of addresses for which it ever worked
    std::unordered_map<std::uint32_t, Days*> of_pattern;
    for (const Line& line : sender.lines) {
      firsts_[line.source] = std::min(firsts_[line.source], line.day);
      const auto [lane, is_new] = of_pattern.try_emplace(line.pattern, nullptr);
      if (is_new) lane->second = &lanes[of.situation.facts->patterns[line.pattern].header_from];
      if (!passing[line.source] || line.*check == Check::unknown) continue;
      Days& days = *lane->second;
      if (days.empty() || days.back().day != line.day) days.push_back({line.day, 0, 0});
      (line.*check == Check::pass ? days.back().good : days.back().bad) += line.messages;
    }
    for (const auto& [pattern, days] : of_pattern)
      if (const auto last = last_working_day(*days)) last_.emplace(pattern, *last);
  }
  [[nodiscard]] bool has(const Line& line) const {
    const auto last = last_.find(line.pattern);
    return last != last_.end() && firsts_[line.source] > last->second;
  }

 private:
  std::vector<Day> firsts_;                        // by source
  std::unordered_map<std::uint32_t, Day> last_{};  // day on which it worked, by pattern
};

}  // namespace

LineTest ever_passing(const Matter& of, const Sender& sender, Check Line::*check) {
  auto passing = sources_that_passed(sender, check);
  LateAddresses late(of, sender, check, passing);
  std::set<std::string> hosts;
  const auto host_of = [&](const ClassedSource& source) {
    const auto& address = address_of(of, source.source);
    const bool is_host =
        source.source < passing.size() && source.host.empty() && address.find(':') != std::string::npos;
    return is_host ? place_of(address) : std::string();
  };
  for (const auto* source : sender.sources)
    if (auto host = host_of(*source); !host.empty() && passing[source->source]) hosts.insert(std::move(host));
  if (!hosts.empty())
    for (const auto* source : sender.sources)
      if (hosts.contains(host_of(*source))) passing[source->source] = true;
  return [passing = std::move(passing), late = std::move(late)](const Line& line) {
    return passing[line.source] || late.has(line);
  };
}

}  // namespace ruaudit::assess
