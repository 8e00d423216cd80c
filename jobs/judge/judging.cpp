#include "jobs/judge/judging.hpp"

#include "jobs/confined/asked_dns.hpp"
#include "jobs/judge/judge_wire.hpp"
#include "verify/dns/limited_resolver.hpp"

namespace ruaudit::jobs {
namespace {

// The process bounds each evaluation itself; this is for one that does not any more.
constexpr verify::dns::QueryLimits limits_of_an_item{.max_questions = 4000,
                                                     .max_time = std::chrono::milliseconds(300'000)};
constexpr std::uint64_t memory_of_a_batch = std::uint64_t{6} << 30U;  // a line of max_line is held several times

}  // namespace

JudgePool::JudgePool(const Judging& judging, JudgeWork work, const std::string& options) {
  if (judging.confinement == Confinement::off) return;
  PoolPlan plan;
  plan.confinement = judging.confinement;
  plan.work = judge_argument;
  plan.setup = wire::encoded(JudgeSetup{work, judging.suffix_list_file, options});
  if (work == JudgeWork::batch) plan.memory_octets = memory_of_a_batch;
  if (judging.warning)
    plan.warning = [this, warn = judging.warning](const model::Error& error) {
      const std::lock_guard lock(mutex_);
      warn(error);
    };
  pool_.emplace(std::move(plan));
}

model::Result<std::string> JudgePool::work_off(const std::string& item, verify::dns::Resolver* resolver,
                                               const ReaderPool::Answer& other) {
  std::optional<verify::dns::LimitedResolver> limited;
  if (resolver != nullptr) limited.emplace(*resolver, limits_of_an_item);
  return pool_->work_off(item, [&](char kind, std::string_view octets) -> std::optional<std::string> {
    if (kind == questions_kind) return limited ? answered(octets, *limited) : std::nullopt;
    return other ? other(kind, octets) : std::nullopt;
  });
}

model::Error JudgePool::senseless() { return {"reader-died", "the process that read it said what makes no sense", {}}; }

}  // namespace ruaudit::jobs
