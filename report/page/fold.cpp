#include "report/page/fold.hpp"

#include <algorithm>
#include <limits>

namespace ruaudit::report::page {
namespace {

using model::PageSource;

struct Step {
  std::size_t records;       // of an address
  std::size_t addresses;     // of a sender
  std::int32_t recent_days;  // an address that sent within them is kept before the others
};
constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
constexpr Step steps[fold_steps + 1] = {{all, all, 0}, {8, all, 0},  {3, all, 0}, {3, 2000, 30}, {3, 1000, 30},
                                        {2, 400, 30},  {1, 150, 14}, {1, 50, 14}, {1, 15, 7},    {0, 3, 7}};

void cut_records(PageSource& source, std::size_t most) {
  if (source.records.size() <= most) return;
  source.left_out += static_cast<std::int64_t>(source.records.size() - most);
  source.records.resize(most);
}

void join(PageSource& into, const PageSource& source) {
  const bool is_first = into.folded == 0;
  into.first_day = is_first ? source.first_day : std::min(into.first_day, source.first_day);
  into.last_day = is_first ? source.last_day : std::max(into.last_day, source.last_day);
  into.fate += source.fate;
  into.folded += source.folded == 0 ? 1 : source.folded;
  into.left_out += source.left_out + static_cast<std::int64_t>(source.records.size());
}

// Addresses of the last days before older ones, by messages; the rest becomes one row.
bool cut_addresses(model::PageSender& sender, const Step& step, std::int32_t last_day) {
  if (sender.sources.size() <= step.addresses) return false;
  std::stable_partition(sender.sources.begin(), sender.sources.end(),
                        [&](const PageSource& source) { return source.last_day > last_day - step.recent_days; });
  PageSource rest;
  for (std::size_t i = step.addresses; i < sender.sources.size(); ++i) join(rest, sender.sources[i]);
  sender.sources.resize(step.addresses);
  std::stable_sort(sender.sources.begin(), sender.sources.end(),
                   [](const auto& a, const auto& b) { return a.fate.messages() > b.fate.messages(); });
  sender.sources.push_back(std::move(rest));
  return true;
}

}  // namespace

model::PageFacts folded(const model::PageFacts& facts, int step) {
  model::PageFacts out = facts;
  const Step& to = steps[std::clamp(step, 0, fold_steps)];
  for (auto& domain : out.domains)
    for (auto& sender : domain.senders) {
      if (cut_addresses(sender, to, facts.last_day)) domain.is_folded = true;
      for (auto& source : sender.sources) cut_records(source, to.records);
    }
  return out;
}

std::size_t folded_addresses(const model::PageDomain& domain) {
  std::size_t sum = 0;
  for (const auto& sender : domain.senders)
    for (const auto& source : sender.sources) sum += source.folded;
  return sum;
}

std::size_t folded_addresses(const model::PageFacts& facts) {
  std::size_t sum = 0;
  for (const auto& domain : facts.domains) sum += folded_addresses(domain);
  return sum;
}

std::size_t left_out_ways(const model::PageFacts& facts) {
  std::int64_t sum = 0;
  for (const auto& domain : facts.domains)
    for (const auto& sender : domain.senders)
      for (const auto& source : sender.sources) sum += source.left_out;
  return static_cast<std::size_t>(sum);
}

}  // namespace ruaudit::report::page
