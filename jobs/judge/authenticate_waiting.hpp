// Checks whether waiting reports are genuine: authenticate() with DNS if it answers, else with the stored answers.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "jobs/judge/authenticate_run.hpp"
#include "jobs/judge/dns_source.hpp"

namespace ruaudit::jobs {

// What happened to the mails that waited.
struct StepResult {
  AuthenticateCounts counts{};
  std::int64_t left = 0;  // wait on, because DNS does not answer
};

// For people; none where nothing waited.
std::vector<std::string> lines_of(const StepResult& result);

// Judges what waits. `open` makes the DNS source when it is needed; nothing: by kept answers alone.
using OpenDns = std::function<model::Result<DnsSource>()>;
model::Result<StepResult> judge_waiting(AuthenticatePlan plan, store::Database& database, const OpenDns& open,
                                        const verify::suffix::PublicSuffixList& list,
                                        const std::function<bool()>& stop_requested);

}  // namespace ruaudit::jobs
