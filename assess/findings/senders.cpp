#include "assess/findings/senders.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_map>
#include <utility>

#include "assess/domain_text.hpp"
#include "model/ip_address.hpp"

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
    return spf.result == model::SpfResult::temperror && pattern.rests_on(spf) && is_at_or_below(spf.domain, domain);
  });
  return unsure || pattern.spf == model::AlignedResult::unknown ? Check::unknown : Check::fail;
}

}  // namespace

Checks checks_of(const model::AuthPattern& pattern, const std::string& domain) {
  return {dkim_of(pattern, domain), spf_of(pattern, domain)};
}

Check dmarc_of(const model::AuthPattern& pattern, const std::string& domain) {
  const auto [dkim, spf] = checks_of(pattern, domain);
  if (dkim == Check::pass || spf == Check::pass) return Check::pass;
  return dkim == Check::fail && spf == Check::fail ? Check::fail : Check::unknown;
}

namespace {

// What the lines of a stream share.
Line line_of(const model::StreamDays::Stream& stream, const model::SenderFacts& facts) {
  const auto& pattern = facts.patterns[stream.pattern];
  const auto& domain = facts.domains[stream.domain];
  return {.source = stream.source,
          .pattern = stream.pattern,
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
  const auto comes_first = [](const Line& a, const Line& b) { return a.day < b.day; };
  if (!std::is_sorted(sender.lines.begin(), sender.lines.end(), comes_first))
    std::stable_sort(sender.lines.begin(), sender.lines.end(), comes_first);
  if (!sender.is_owners()) return;
  for (auto first = sender.lines.begin(); first != sender.lines.end();) {
    const auto last = std::find_if(first, sender.lines.end(), [&](const Line& l) { return l.day != first->day; });
    doubt_single_receivers<&Line::dkim>(first, last);
    doubt_single_receivers<&Line::spf>(first, last);
    first = last;
  }
}

using SenderKey = std::pair<SenderClass, std::string>;

SenderKey key_of(const ClassedSource& source, const model::SenderFacts& facts) {
  if (source.of == SenderClass::own_server) return {source.of, ""};
  if (source.of == SenderClass::stranger) return {source.of, std::to_string(source.source)};
  return {source.of, source.name.empty() ? place_of(facts.sources[source.source].address) : source.name};
}

// The senders of one domain, and whose each stream is.
class Grouping {
 public:
  Grouping(const std::vector<const ClassedSource*>& classes, const model::SenderFacts& facts) {
    std::map<SenderKey, std::uint32_t> places;
    for (const ClassedSource* source : classes) {
      const auto [at, is_new] = places.try_emplace(key_of(*source, facts), static_cast<std::uint32_t>(senders.size()));
      if (is_new) senders.push_back({.domain = source->domain, .of = source->of, .name = source->name});
      senders[at->second].sources.push_back(source);
      if (source->patterns.empty()) of_source_.insert_or_assign(source->source, at->second);
      for (const auto pattern : source->patterns) of_pattern_[{source->source, pattern}] = at->second;
    }
  }
  Sender* find(const model::StreamDays::Stream& stream) {
    if (!of_pattern_.empty())
      if (const auto part = of_pattern_.find({stream.source, stream.pattern}); part != of_pattern_.end())
        return &senders[part->second];
    const auto at = of_source_.find(stream.source);
    return at == of_source_.end() ? nullptr : &senders[at->second];
  }

  std::vector<Sender> senders{};

 private:
  std::unordered_map<std::uint32_t, std::uint32_t> of_source_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> of_pattern_;
};

}  // namespace

std::vector<std::vector<const ClassedSource*>> classes_by_domain(const Situation& situation) {
  std::vector<std::vector<const ClassedSource*>> out(situation.facts->domains.size());
  for (const ClassedSource& source : situation.classes) out[source.domain].push_back(&source);
  return out;
}

std::vector<Sender> group_senders(const Situation& situation, std::uint32_t domain,
                                  const std::vector<const ClassedSource*>& classes, bool only_proven) {
  const auto& facts = *situation.facts;
  Grouping grouping(classes, facts);
  for (const auto& stream : facts.days.streams_of(domain))
    if (Sender* sender = grouping.find(stream)) {
      Line line = line_of(stream, facts);
      for (const auto& day : facts.days.days(stream)) {
        if (only_proven && day.trust == model::ReportTrust::unauthenticated) continue;
        line.day = day.day;
        line.messages = day.messages;
        line.reporters = day.reporters;
        sender->lines.push_back(line);
      }
    }
  auto& senders = grouping.senders;
  std::erase_if(senders, [](const Sender& sender) { return sender.lines.empty(); });
  std::for_each(senders.begin(), senders.end(), finish);
  return std::move(senders);
}

Parts::Parts(const Sender& sender) : lines_(sender.lines), places_(sender.lines.size()) {
  const auto source_of = [&](std::uint32_t place) { return lines_[place].source; };
  std::uint32_t most = 0;
  for (const Line& line : lines_) most = std::max(most, line.source);
  if (most / 8 > lines_.size()) {  // few lines: not worth a count for each source
    for (std::uint32_t i = 0; i < places_.size(); ++i) places_[i] = i;
    std::stable_sort(places_.begin(), places_.end(), [&](auto a, auto b) { return source_of(a) < source_of(b); });
  } else {
    std::vector<std::uint32_t> next(most + std::size_t{2});
    for (const Line& line : lines_) ++next[line.source + std::size_t{1}];
    for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
    for (std::uint32_t i = 0; i < lines_.size(); ++i) places_[next[source_of(i)]++] = i;
  }
  for (std::uint32_t i = 0; i < places_.size(); ++i)
    if (i == 0 || source_of(places_[i]) != source_of(places_[i - 1])) firsts_.push_back(i);
}

namespace {

template <class Give>
void sum_by_source(const Sender& sender, const LineTest& take, const Give& give) {
  std::unordered_map<std::uint32_t, std::int64_t> sums;
  std::uint32_t last = 0;
  std::int64_t* sum = nullptr;
  for (const Line& line : sender.lines) {
    if (!take(line)) continue;
    if (sum == nullptr || line.source != last) sum = &sums[last = line.source];
    *sum += line.messages;
  }
  for (const auto& [source, all] : sums) give(source, all);
}

}  // namespace

Part Parts::of(std::uint32_t source) const {
  const auto at = std::lower_bound(firsts_.begin(), firsts_.end(), source,
                                   [&](auto first, auto wanted) { return lines_[places_[first]].source < wanted; });
  return (*this)[static_cast<std::size_t>(at - firsts_.begin())];
}

std::vector<std::uint32_t> busiest(const Sender& sender, const LineTest& take) {
  std::vector<std::pair<std::int64_t, std::uint32_t>> order;
  sum_by_source(sender, take, [&](std::uint32_t source, std::int64_t sum) { order.emplace_back(-sum, source); });
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> out;
  out.reserve(order.size());
  for (const auto& [sum, source] : order) out.push_back(source);
  return out;
}

std::string place_of(const std::string& address) {
  if (address.find(':') == std::string::npos) return address;
  const auto parsed = model::IpAddress::parse(address);
  if (!parsed || parsed->is_v4()) return address;
  auto key = parsed->key();
  std::fill(key.begin() + 8, key.end(), std::uint8_t{0});
  return model::IpAddress::from_key(key).to_string() + "/64";
}

const ClassedSource* classed(const Sender& sender, std::uint32_t source) {
  const auto at = std::find_if(sender.sources.begin(), sender.sources.end(),
                               [source](const ClassedSource* s) { return s->source == source; });
  return at == sender.sources.end() ? nullptr : *at;
}

}  // namespace ruaudit::assess
