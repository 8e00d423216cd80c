#include "assess/findings/senders.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "assess/domain_text.hpp"
#include "assess/findings/intake.hpp"

namespace ruaudit::assess {
namespace {

// A key that could not be looked up says nothing about the signature.
Check dkim_of(const model::AuthPattern& pattern, const std::string& domain) {
  if (pattern.dkim == model::AlignedResult::pass) return Check::pass;
  const bool unsure = std::any_of(pattern.signatures.begin(), pattern.signatures.end(), [&](const auto& signature) {
    return signature.result == model::DkimResult::temperror && is_at_or_below(signature.domain, domain);
  });
  return unsure || pattern.dkim == model::AlignedResult::unknown ? Check::unknown : Check::fail;
}

Check spf_of(const model::AuthPattern& pattern, const std::string& domain) {
  if (pattern.spf == model::AlignedResult::pass) return Check::pass;
  const bool unsure = std::any_of(pattern.spf_results.begin(), pattern.spf_results.end(), [&](const auto& spf) {
    return spf.result == model::SpfResult::temperror && is_at_or_below(spf.domain, domain);
  });
  return unsure || pattern.spf == model::AlignedResult::unknown ? Check::unknown : Check::fail;
}

Line line_of(const model::StreamDay& day, const model::SenderFacts& facts) {
  const auto& pattern = facts.patterns[day.pattern];
  const auto& domain = facts.domains[day.domain];
  return {.day = day.day,
          .source = day.source,
          .pattern = day.pattern,
          .messages = day.messages,
          .reporters = day.reporters,
          .dkim = dkim_of(pattern, domain),
          .spf = spf_of(pattern, domain),
          .is_harmed = pattern.disposition == model::Disposition::quarantine ||
                       pattern.disposition == model::Disposition::reject};
}

// Where exactly one receiver never sees a pass on a day on which others do, the fault is his: what he says is unknown.
template <Check Line::*Mechanism>
void doubt_single_receivers(std::vector<Line>::iterator first, std::vector<Line>::iterator last) {
  std::uint64_t passing = 0, failing = 0;
  std::int64_t passes = 0;
  for (auto line = first; line != last; ++line) {
    if ((*line).*Mechanism == Check::pass) {
      passing |= line->reporters;
      passes += line->messages;
    } else if ((*line).*Mechanism == Check::fail) {
      failing |= line->reporters;
    }
  }
  const std::uint64_t lonely = failing & ~passing;
  if (passes < 5 || std::popcount(passing) < 2 || std::popcount(lonely) != 1) return;
  for (auto line = first; line != last; ++line)
    if ((*line).*Mechanism == Check::fail && (line->reporters & ~lonely) == 0) (*line).*Mechanism = Check::unknown;
}

void finish(Sender& sender) {
  std::stable_sort(sender.lines.begin(), sender.lines.end(),
                   [](const Line& a, const Line& b) { return a.day < b.day; });
  if (!sender.is_owners()) return;
  for (auto first = sender.lines.begin(); first != sender.lines.end();) {
    const auto last = std::find_if(first, sender.lines.end(), [&](const Line& l) { return l.day != first->day; });
    doubt_single_receivers<&Line::dkim>(first, last);
    doubt_single_receivers<&Line::spf>(first, last);
    first = last;
  }
}

bool is_same_stream(const model::StreamDay& a, const model::StreamDay& b) {
  return a.domain == b.domain && a.source == b.source && a.pattern == b.pattern;
}

using SenderKey = std::tuple<std::uint32_t, SenderClass, std::string>;

SenderKey key_of(const ClassedSource& source) {
  if (source.of == SenderClass::own_server) return {source.domain, source.of, ""};
  if (source.of == SenderClass::stranger) return {source.domain, source.of, std::to_string(source.source)};
  return {source.domain, source.of, source.name.empty() ? std::to_string(source.source) : source.name};
}

}  // namespace

std::vector<Sender> group_senders(const Situation& situation) {
  const auto& facts = *situation.facts;
  const bool only_proven = disbelieves_unproven(situation);
  std::map<SenderKey, std::size_t> places;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> sender_of;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::size_t> sender_of_pattern;
  std::vector<Sender> senders;
  for (const ClassedSource& source : situation.classes) {
    const auto [at, is_new] = places.try_emplace(key_of(source), senders.size());
    if (is_new) senders.push_back({.domain = source.domain, .of = source.of, .name = source.name});
    senders[at->second].sources.push_back(source);
    if (source.patterns.empty()) sender_of[{source.domain, source.source}] = at->second;
    for (const auto pattern : source.patterns) sender_of_pattern[{source.domain, source.source, pattern}] = at->second;
  }
  const auto find = [&](const model::StreamDay& day) -> Sender* {
    const auto part = sender_of_pattern.find({day.domain, day.source, day.pattern});
    if (part != sender_of_pattern.end()) return &senders[part->second];
    const auto at = sender_of.find({day.domain, day.source});
    return at == sender_of.end() ? nullptr : &senders[at->second];
  };
  // Days are sorted by stream: what depends on the stream alone is asked once for each.
  const model::StreamDay* before = nullptr;
  Sender* its_sender = nullptr;
  Line line;
  for (const auto& day : facts.days) {
    if (only_proven && day.trust == model::ReportTrust::unauthenticated) continue;
    if (before == nullptr || !is_same_stream(*before, day)) {
      its_sender = find(day);
      line = line_of(day, facts);
    }
    before = &day;
    if (its_sender == nullptr) continue;
    line.day = day.day;
    line.messages = day.messages;
    line.reporters = day.reporters;
    its_sender->lines.push_back(line);
  }
  std::erase_if(senders, [](const Sender& sender) { return sender.lines.empty(); });
  std::for_each(senders.begin(), senders.end(), finish);
  return senders;
}

std::vector<Sender> parts_by_source(const Sender& sender) {
  std::vector<Line> lines = sender.lines;
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.source < b.source; });
  std::vector<Sender> parts;
  for (auto first = lines.cbegin(); first != lines.cend();) {
    const auto last = std::find_if(first, lines.cend(), [&](const Line& l) { return l.source != first->source; });
    parts.push_back({.domain = sender.domain, .of = sender.of, .name = sender.name, .lines = {first, last}});
    first = last;
  }
  return parts;
}

std::vector<DayCount> series(const Sender& sender, const LineTest& take,
                             const std::function<Check(const Line&)>& check) {
  std::vector<DayCount> days;
  for (const Line& line : sender.lines) {
    const Check result = check(line);
    if (result == Check::unknown || !take(line)) continue;
    if (days.empty() || days.back().day != line.day) days.push_back({line.day, 0, 0});
    (result == Check::pass ? days.back().good : days.back().bad) += line.messages;
  }
  return days;
}

std::int64_t count_messages(const Sender& sender, const LineTest& take) {
  std::int64_t sum = 0;
  for (const Line& line : sender.lines)
    if (take(line)) sum += line.messages;
  return sum;
}

std::vector<std::uint32_t> busiest(const Sender& sender, const LineTest& take) {
  std::unordered_map<std::uint32_t, std::int64_t> sums;
  for (const Line& line : sender.lines)
    if (take(line)) sums[line.source] += line.messages;
  std::vector<std::pair<std::int64_t, std::uint32_t>> order;
  order.reserve(sums.size());
  for (const auto& [source, sum] : sums) order.emplace_back(-sum, source);
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> out;
  out.reserve(order.size());
  for (const auto& [sum, source] : order) out.push_back(source);
  return out;
}

const ClassedSource* classed(const Sender& sender, std::uint32_t source) {
  const auto at = std::find_if(sender.sources.begin(), sender.sources.end(),
                               [source](const ClassedSource& s) { return s.source == source; });
  return at == sender.sources.end() ? nullptr : &*at;
}

}  // namespace ruaudit::assess
