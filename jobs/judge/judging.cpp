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
// Of an answer, which tells at most the header of a mail, of 1 MiB and up to six times as long in JSON, and what DNS
// said of it.
constexpr std::size_t most_octets_of_an_answer = std::size_t{64} << 20U;

}  // namespace

JudgePool::JudgePool(const Judging& judging, JudgeWork work, const std::string& options) {
  if (judging.confinement == Confinement::off) return;
  PoolPlan plan;
  plan.confinement = judging.confinement;
  plan.work = judge_argument;
  plan.setup = wire::encoded(JudgeSetup{work, judging.suffix_list_file, options});
  plan.most_octets_said = most_octets_of_an_answer;
  if (work == JudgeWork::batch) {
    plan.memory_octets = memory_of_a_batch;
    plan.copy = [] {
      run_judge();
      return EXIT_FAILURE;
    };
  }
  if (judging.warning)
    plan.warning = [this, warn = judging.warning](const model::Error& error) {
      const std::lock_guard lock(mutex_);
      warn(error);
    };
  pool_.emplace(std::move(plan));
}

model::Result<std::string> JudgePool::work_off(std::string item, verify::dns::Resolver* resolver,
                                               const ReaderPool::Answer& other) {
  const ingest::Bytes octets = ingest::Bytes::from_string(std::move(item));
  model::Result<std::string> out;
  work_off_all({&octets, 1}, resolver, other,
               [&out](std::size_t /*number*/, model::Result<std::string> said) { out = std::move(said); });
  return out;
}

void JudgePool::work_off_all(std::span<const ingest::Bytes> items, verify::dns::Resolver* resolver,
                             const ReaderPool::Answer& other, const ReaderPool::Done& done) {
  auto limits = limits_of_an_item;
  limits.max_questions *= items.size();
  limits.max_time *= static_cast<std::int64_t>(items.size());
  std::optional<verify::dns::LimitedResolver> limited;
  if (resolver != nullptr) limited.emplace(*resolver, limits);
  const auto answer = [&](char kind, std::string_view octets) -> std::optional<std::string> {
    if (kind == questions_kind) return limited ? answered(octets, *limited) : std::nullopt;
    return other ? other(kind, octets) : std::nullopt;
  };
  pool_->work_off_all(items, answer, done);
}

model::Error JudgePool::senseless() { return {"reader-died", "the process that read it gave an invalid answer", {}}; }

}  // namespace ruaudit::jobs
