#include <algorithm>
#include <tuple>
#include <utility>

#include "model/calendar.hpp"
#include "store/facts/stream_order_detail.hpp"

namespace ruaudit::store {

void DayNumbers::find(std::string_view text) {
  text_ = text;
  number_.reset();
  if (left_out_ != nullptr && left_out_->contains(text)) return;
  if (const auto day = model::parse_day(text)) number_ = static_cast<std::int32_t>(model::day_number(*day));
}

// Numbers of rows mostly follow one another: multiplied, they spread over all bits.
std::size_t StreamOrder::Hash::operator()(const Stream& stream) const {
  const auto mixed = static_cast<std::uint64_t>(stream.source) * 0x9e3779b97f4a7c15U ^
                     static_cast<std::uint64_t>(stream.pattern) * 0xc2b2ae3d27d4eb4fU;
  return mixed ^ mixed >> 32U;
}

std::uint32_t StreamOrder::place_of(const Stream& stream) {
  const auto [at, is_new] = places_.try_emplace(stream, static_cast<std::uint32_t>(streams_.size()));
  if (is_new) streams_.push_back(stream);
  return at->second;
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
  places_.clear();
}

}  // namespace ruaudit::store
