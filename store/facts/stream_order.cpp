#include <algorithm>
#include <tuple>
#include <utility>

#include "model/calendar.hpp"
#include "store/facts/stream_order_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t least_table = 1024;

std::size_t hash_of(const StreamOrder::Stream& stream) {
  auto mixed = static_cast<std::uint64_t>(stream.source) * 0x9e3779b97f4a7c15U ^
               static_cast<std::uint64_t>(stream.pattern) * 0xc2b2ae3d27d4eb4fU;
  mixed ^= mixed >> 32U;
  mixed *= 0xd6e8feb86659fd93U;
  return static_cast<std::size_t>(mixed ^ mixed >> 32U);
}

}  // namespace

void DayNumbers::find(std::string_view text) {
  text_ = text;
  number_.reset();
  if (left_out_ != nullptr && left_out_->contains(text)) return;
  if (const auto day = model::parse_day(text)) number_ = static_cast<std::int32_t>(model::day_number(*day));
}

std::uint32_t StreamOrder::place_of(const Stream& stream) {
  if (table_.size() < 2 * (streams_.size() + 1)) grow();
  std::size_t at = hash_of(stream) & (table_.size() - 1);
  for (; table_[at] != 0; at = (at + 1) & (table_.size() - 1)) {
    const auto& other = streams_[table_[at] - 1];
    if (other.source == stream.source && other.pattern == stream.pattern) return table_[at] - 1;
  }
  streams_.push_back(stream);
  table_[at] = static_cast<std::uint32_t>(streams_.size());
  return table_[at] - 1;
}

void StreamOrder::grow() {
  table_.assign(std::max(least_table, 2 * table_.size()), 0);
  for (std::uint32_t place = 0; place < streams_.size(); ++place) {
    std::size_t at = hash_of(streams_[place]) & (table_.size() - 1);
    while (table_[at] != 0) at = (at + 1) & (table_.size() - 1);
    table_[at] = place + 1;
  }
}

std::vector<std::uint32_t> StreamOrder::arranged() const {
  std::vector<std::uint32_t> order(streams_.size()), next(streams_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [this](auto a, auto b) {
    return std::tie(streams_[a].source, streams_[a].pattern) < std::tie(streams_[b].source, streams_[b].pattern);
  });
  for (const Row& row : rows_) ++next[row.stream];
  std::uint32_t sum = 0;
  for (const auto place : order) sum += std::exchange(next[place], sum);
  std::vector<std::uint32_t> rows(rows_.size());
  std::uint32_t place = 0;
  for (const Row& row : rows_) rows[next[row.stream]++] = place++;
  return rows;
}

// They came so, but where some of the days were stale.
void StreamOrder::put_in_order(std::vector<Row>& rows) {
  const auto comes_first = [](const Row& a, const Row& b) { return a.day_and_trust < b.day_and_trust; };
  if (!std::is_sorted(rows.begin(), rows.end(), comes_first)) std::sort(rows.begin(), rows.end(), comes_first);
}

void StreamOrder::clear() {
  streams_.clear();
  rows_.clear();
  std::fill(table_.begin(), table_.end(), 0);
}

}  // namespace ruaudit::store
