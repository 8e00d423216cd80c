#include <nlohmann/json.hpp>

#include "report/simulate/simulate.hpp"

namespace ruaudit::report {
namespace {

using nlohmann::ordered_json;
namespace simulation = model::simulation;

ordered_json sums_json(const simulation::Sums& sums) {
  return {{"passed", sums.passed},
          {"failed", sums.failed},
          {"not_covered", sums.not_covered},
          {"undecided", sums.undecided},
          {"dkim_aligned", sums.dkim_aligned},
          {"spf_aligned", sums.spf_aligned},
          {"quarantined", sums.quarantined},
          {"rejected", sums.rejected}};
}

void add(simulation::Sums& to, const simulation::Sums& sums) {
  to.passed += sums.passed;
  to.failed += sums.failed;
  to.not_covered += sums.not_covered;
  to.undecided += sums.undecided;
  to.dkim_aligned += sums.dkim_aligned;
  to.spf_aligned += sums.spf_aligned;
  to.quarantined += sums.quarantined;
  to.rejected += sums.rejected;
}

ordered_json effects_json(const std::array<std::int64_t, simulation::effect_count>& by_effect) {
  auto out = ordered_json::object();
  for (std::size_t i = 0; i < by_effect.size(); ++i)
    out[std::string(model::to_text(static_cast<simulation::Effect>(i)))] = by_effect[i];
  return out;
}

ordered_json part_json(const simulation::Part& part) {
  return {{"domain", part.domain},
          {"class", model::to_text(part.sender)},
          {"service", part.name},
          {"messages", part.messages},
          {"records", part.records},
          {"sources", part.sources},
          {"effects", effects_json(part.by_effect)},
          {"before", sums_json(part.before)},
          {"after", sums_json(part.after)}};
}

ordered_json line_json(const simulation::SourceLine& line) {
  return {{"domain", line.domain},
          {"source", line.address},
          {"class", model::to_text(line.sender)},
          {"service", line.name},
          {"messages", line.messages},
          {"records", line.records},
          {"quarantined", line.quarantined},
          {"rejected", line.rejected},
          {"days", line.days},
          {"first_day", line.first_day},
          {"last_day", line.last_day},
          {"reporters", line.reporters},
          {"more_reporters", line.has_more_reporters},
          {"header_from", line.header_froms},
          {"why", line.why}};
}

ordered_json totals_json(const simulation::Simulation& result) {
  simulation::Sums before, after;
  std::array<std::int64_t, simulation::effect_count> effects{};
  for (const auto& part : result.parts) {
    add(before, part.before);
    add(after, part.after);
    for (std::size_t i = 0; i < effects.size(); ++i) effects[i] += part.by_effect[i];
  }
  return {{"messages", result.messages},   {"records", result.records}, {"sources", result.sources},
          {"reporters", result.reporters}, {"days", result.days},       {"effects", effects_json(effects)},
          {"before", sums_json(before)},   {"after", sums_json(after)}};
}

}  // namespace

std::string simulate_json(const simulation::Simulation& result) {
  ordered_json out = {{"domain", result.domain},       {"changes", result.changes},   {"notes", result.notes},
                      {"first_day", result.first_day}, {"last_day", result.last_day}, {"totals", totals_json(result)}};
  auto parts = ordered_json::array();
  for (const auto& part : result.parts) parts.push_back(part_json(part));
  out["parts"] = std::move(parts);
  for (std::size_t i = 0; i + 1 < simulation::effect_count; ++i) {  // all but "none"
    const auto effect = static_cast<simulation::Effect>(i);
    auto lines = ordered_json::array();
    for (const auto& line : result.lines)
      if (line.effect == effect) lines.push_back(line_json(line));
    out[std::string(model::to_text(effect))] = std::move(lines);
  }
  auto assumptions = ordered_json::array();
  for (const auto& each : result.assumptions)
    assumptions.push_back({{"code", model::to_text(each.doubt)},
                           {"text", meaning_of(each.doubt)},
                           {"messages", each.messages},
                           {"changing_messages", each.deciding}});
  out["assumptions"] = std::move(assumptions);
  out["samples"] = {{"samples", result.samples.samples},
                    {"would_pass", result.samples.would_pass},
                    {"would_fail", result.samples.would_fail},
                    {"undecided", result.samples.undecided}};
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace ruaudit::report
