#include "jobs/judge/authenticate_waiting.hpp"

#include <fmt/format.h>

namespace ruaudit::jobs {
namespace {

constexpr std::size_t patience_of_a_step = 3;  // mails without an answer; ingest is not to hang

}  // namespace

std::vector<std::string> lines_of(const StepResult& result) {
  std::vector<std::string> lines;
  if (result.counts.mails > 0) lines.push_back(closing_line(result.counts));
  if (result.left > 0)
    lines.push_back(fmt::format("DNS does not answer: {} {} for `ruaudit authenticate`", result.left,
                                result.left == 1 ? "mail waits" : "mails wait"));
  return lines;
}

model::Result<StepResult> judge_waiting(AuthenticatePlan plan, store::Database& database, const OpenDns& open,
                                        const verify::suffix::PublicSuffixList& list,
                                        const std::function<bool()>& stop) {
  plan.give_up_after = patience_of_a_step;
  StepResult result;
  TRY(const auto waiting, store::count_carriers(database, plan.request));
  if (waiting == 0) return result;
  std::optional<DnsSource> source;
  if (open) {
    TRY(source, open());
    if (!source->is_answering()) source.reset();
  }
  TRY(result.counts, authenticate(plan, database, source ? &source->resolver() : nullptr, list, stop));
  if (open && !source) result.left = waiting - result.counts.mails;
  return result;
}

}  // namespace ruaudit::jobs
