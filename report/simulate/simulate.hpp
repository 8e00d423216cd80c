// A simulation as people read it, as JSON (all lines), and as CSV: one line an address and effect, or one line a stored
// record. Texts from reports and DNS are made harmless. Pure.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "model/replay.hpp"
#include "model/simulation.hpp"

namespace ruaudit::report {

// At most `top` addresses of each effect.
std::string simulate_text(const model::simulation::Simulation& simulation, std::size_t top);
std::string simulate_json(const model::simulation::Simulation& simulation);
std::string simulate_csv(const model::simulation::Simulation& simulation);

struct SimulatedRecord {
  std::string_view day, reporter, policy_domain, address, header_from, envelope_from;
  std::int64_t report_key = 0;
  std::uint32_t row_number = 0;
  std::int64_t messages = 0;
  const model::simulation::Decision& decision;
};
std::string simulated_records_head();
std::string simulated_record_line(const SimulatedRecord& record);

// What an assumption means, one sentence.
std::string_view meaning_of(model::simulation::Doubt doubt);

}  // namespace ruaudit::report
