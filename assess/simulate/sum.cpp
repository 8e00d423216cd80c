#include "assess/simulate/sum.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <tuple>

namespace ruaudit::assess::simulate {
namespace {

using simulation::Effect;
using simulation::Outcome;
using simulation::Verdict;

constexpr std::size_t most_names = 8;

void add_to(simulation::Sums& sums, const Outcome& outcome, std::int64_t messages) {
  switch (outcome.verdict) {
    case Verdict::pass:
      sums.passed += messages;
      break;
    case Verdict::fail:
      sums.failed += messages;
      break;
    case Verdict::not_covered:
      sums.not_covered += messages;
      break;
    case Verdict::undecided:
      sums.undecided += messages;
      break;
  }
  if (outcome.is_dkim_aligned) sums.dkim_aligned += messages;
  if (outcome.is_spf_aligned) sums.spf_aligned += messages;
  if (outcome.disposition == model::Disposition::quarantine) sums.quarantined += messages;
  if (outcome.disposition == model::Disposition::reject) sums.rejected += messages;
}

std::vector<std::string> by_messages(const std::map<std::string, std::int64_t>& sums) {
  std::vector<std::pair<std::int64_t, std::string>> sorted;
  for (const auto& [text, messages] : sums) sorted.emplace_back(-messages, text);
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> texts;
  for (auto& [messages, text] : sorted)
    if (texts.size() < most_names) texts.push_back(std::move(text));
  return texts;
}

bool has_bit(const std::uint64_t* bits, std::size_t bit) { return (bits[bit / 64] >> bit % 64 & 1) != 0; }

}  // namespace

const SenderName& Sum::sender_of(std::uint64_t key) const {
  static const SenderName none;
  const auto at = senders_.find(key);
  return at == senders_.end() ? none : at->second;
}

void Sum::add(std::size_t place, const simulation::Decision& decision) {
  const auto& group = replay_.groups[place];
  const auto key = std::uint64_t{group.domain} << 32U | group.source;
  const auto& sender = sender_of(key);
  auto& part = parts_[{replay_.domains[group.domain], {sender.sender, sender.name}}];
  part.messages += group.messages;
  part.records += group.records;
  if (seen_.try_emplace(key, true).second) ++part.sources;
  add_to(part.before, decision.before, group.messages);
  add_to(part.after, decision.after, group.messages);
  part.by_effect[static_cast<std::size_t>(decision.effect)] += group.messages;
  messages_ += group.messages;
  records_ += group.records;
  for (std::size_t doubt = 0; doubt < simulation::doubt_count; ++doubt) {
    if ((decision.doubts >> doubt & 1U) == 0) continue;
    doubts_[doubt].messages += group.messages;
    if (decision.effect != Effect::none) doubts_[doubt].deciding += group.messages;
  }
  if (decision.effect == Effect::none) return;
  auto& line = lines_[{key, decision.effect}];
  line.messages += group.messages;
  line.records += group.records;
  if (decision.after.disposition == model::Disposition::quarantine) line.quarantined += group.messages;
  if (decision.after.disposition == model::Disposition::reject) line.rejected += group.messages;
  line.bits.resize(replay_.words());
  for (std::size_t word = 0; word < line.bits.size(); ++word) line.bits[word] |= replay_.bits_of(place)[word];
  line.header_froms[replay_.patterns[group.pattern].header_from] += group.messages;
  line.why[decision.why] += group.messages;
}

simulation::SourceLine Sum::line_of(const LineKey& key, const Line& line) const {
  const auto& sender = sender_of(key.first);
  simulation::SourceLine out{.domain = replay_.domains[key.first >> 32U],
                             .address = replay_.sources[key.first & 0xffffffff],
                             .sender = sender.sender,
                             .name = sender.name,
                             .effect = key.second,
                             .messages = line.messages,
                             .records = line.records,
                             .quarantined = line.quarantined,
                             .rejected = line.rejected};
  for (std::size_t day = 0; day < replay_.days.size(); ++day) {
    if (!has_bit(line.bits.data(), day)) continue;
    if (out.days++ == 0) out.first_day = replay_.days[day];
    out.last_day = replay_.days[day];
  }
  const auto* reporters = line.bits.data() + replay_.day_words();
  for (std::size_t reporter = 0; reporter < replay_.reporters.size(); ++reporter) {
    if (reporter >= model::Replay::max_reporter_bits) {
      out.has_more_reporters = true;  // several share a bit: who it is, cannot be told
      break;
    }
    if (has_bit(reporters, reporter)) out.reporters.push_back(replay_.reporters[reporter]);
  }
  std::sort(out.reporters.begin(), out.reporters.end());
  out.header_froms = by_messages(line.header_froms);
  out.why = by_messages(line.why);
  return out;
}

void Sum::write(simulation::Simulation& out) const {
  for (const auto& [key, part] : parts_) {
    out.parts.push_back(part);
    out.parts.back().domain = key.first;
    out.parts.back().sender = key.second.first;
    out.parts.back().name = key.second.second;
  }
  std::stable_sort(out.parts.begin(), out.parts.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(std::string_view(a.domain), a.sender, -a.messages) <
           std::make_tuple(std::string_view(b.domain), b.sender, -b.messages);
  });
  for (const auto& [key, line] : lines_) out.lines.push_back(line_of(key, line));
  std::stable_sort(out.lines.begin(), out.lines.end(), [](const auto& a, const auto& b) {
    return std::tie(a.effect, a.sender, b.messages, a.domain, a.address) <
           std::tie(b.effect, b.sender, a.messages, b.domain, b.address);
  });
  for (std::size_t doubt = 0; doubt < simulation::doubt_count; ++doubt) {
    if (doubts_[doubt].messages == 0) continue;
    out.assumptions.push_back(doubts_[doubt]);
    out.assumptions.back().doubt = static_cast<simulation::Doubt>(doubt);
  }
  std::set<std::uint32_t> sources;
  for (const auto& [key, is_seen] : seen_) sources.insert(static_cast<std::uint32_t>(key));
  out.messages = messages_;
  out.records = records_;
  out.sources = static_cast<std::int64_t>(sources.size());
  out.reporters = static_cast<std::int64_t>(replay_.reporters.size());
  out.days = static_cast<std::int64_t>(replay_.days.size());
  if (replay_.days.empty()) return;
  out.first_day = replay_.days.front();
  out.last_day = replay_.days.back();
}

}  // namespace ruaudit::assess::simulate
