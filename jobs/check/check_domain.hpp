// One domain checked: the rules run over the answers that are there, what they ask for besides is asked in one round in
// parallel, and they run again, until nothing is open. A resolver and a steady clock enter, the report leaves, or error
// "dns-silent" when no server answered at all. Never longer than the deadline and one round: what is open then counts
// as timeout.
#pragma once
#include <chrono>
#include <functional>

#include "assess/records/check.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

struct CheckLimits {
  std::chrono::milliseconds deadline{20'000};
  std::size_t rounds = 60;
  std::size_t questions = 5'000;
};

using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

[[nodiscard]] model::Result<model::records::CheckReport> check_domain(
    const assess::records::Inquiry& inquiry, verify::dns::Resolver& resolver, const CheckLimits& limits = {},
    const SteadyClock& clock = std::chrono::steady_clock::now);

}  // namespace ruaudit::jobs
