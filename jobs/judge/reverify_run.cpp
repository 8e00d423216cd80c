#include "jobs/judge/reverify_run.hpp"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "jobs/judge/failure_result.hpp"
#include "jobs/judge/judge_wire.hpp"
#include "jobs/threads/workers.hpp"
#include "model/calendar.hpp"
#include "model/fail_point.hpp"
#include "store/failure/cut.hpp"
#include "store/failure/queries.hpp"
#include "store/failure/reader.hpp"

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;
namespace failure = verify::failure;
using model::Result;

constexpr std::size_t batch_samples = 64;
constexpr std::size_t batch_octets = std::size_t{64} << 20U;
constexpr std::size_t max_histories = 50'000;

SampleOptions sample_options(const ReverifyPlan& plan, bool may_ask) {
  return {.now = plan.now, .dns = plan.dns, .may_ask = may_ask};
}

class Run {
 public:
  Run(const ReverifyPlan& plan, store::Database& database, dns::Resolver* live,
      const verify::suffix::PublicSuffixList& list)
      : plan_(plan),
        database_(database),
        list_(list),
        live_(live),
        pool_(plan.judging, JudgeWork::samples, wire::encoded(sample_options(plan, live != nullptr))),
        judge_(sample_options(plan, live != nullptr), list),
        last_(plan.after_key) {}

  Result<ReverifyCounts> run(const ReverifyObserver& observer) {
    while (!observer.stop_requested || !observer.stop_requested()) {
      TRY(const auto tasks, next_batch());
      if (tasks.empty()) break;
      TRY_VOID(work(tasks));
      if (observer.progress) observer.progress(counts_);
    }
    TRY(const auto cut, store::cut_due_samples(database_));
    counts_.cut = cut.samples;
    return counts_;
  }

 private:
  Result<std::optional<std::int64_t>> next_key() {
    const std::int64_t since = plan_.since.value_or(INT64_MIN);
    return plan_.is_for_all ? store::next_failure(database_, last_, since)
                            : store::next_unverified(database_, last_, since);
  }

  Result<std::vector<SampleTask>> next_batch() {
    std::vector<SampleTask> tasks;
    std::size_t octets = 0;
    while (tasks.size() < batch_samples && octets < batch_octets) {
      TRY(const auto key, next_key());
      if (!key) break;
      last_ = *key;
      TRY(auto stored, store::load_failure(database_, *key));
      if (!is_repeatable(stored)) {
        ++counts_.not_repeatable;
        continue;
      }
      octets += stored.report.sample.octets.size();
      TRY(auto task, task_of(std::move(stored)));
      tasks.push_back(std::move(task));
    }
    return tasks;
  }

  // Redacted octets and none at all verify nothing: the former result is the better one.
  static bool is_repeatable(const store::StoredFailure& stored) {
    if (!stored.is_verified || stored.state == store::SampleState::kept) return true;
    const bool keeps_header =
        stored.policy == store::SamplePolicy::headers || stored.policy == store::SamplePolicy::full;
    return stored.state == store::SampleState::pending_verification ||
           (stored.state == store::SampleState::cut && keeps_header);
  }

  Result<SampleTask> task_of(store::StoredFailure stored) {
    SampleTask task{.stored = std::move(stored)};
    if (!task.stored.is_verified) return task;
    const std::int64_t key = task.stored.failure_key;
    TRY(auto answers, store::stored_answers(database_, key));
    if (answers) task.former = FormerDns{.time = answers->dns_time, .answers = std::move(answers->answers)};
    TRY_VOID(add_known(key, task));
    return task;
  }

  // What was found when the body was still there.
  Result<void> add_known(std::int64_t key, SampleTask& task) {
    TRY(const auto hashes, store::kept_body_hashes(database_, key));
    TRY(const auto rows, store::read_failures(database_, {.failure_key = key}));
    for (const auto& one : hashes) task.bodies.push_back({one.domain, one.selector, one.body_hash.value_or("")});
    if (rows.empty() || !rows.front().result) return {};
    const auto& result = *rows.front().result;
    add_known_additions(result.details, task.bodies);
    if (result.arc) task.arc_passed = *result.arc == "pass";
    return {};
  }

  Result<void> work(const std::vector<SampleTask>& tasks) {
    TRY_VOID(pool_.prepare());
    std::vector<Result<SampleFinding>> found(tasks.size(), SampleFinding{});
    if (pool_.is_confined()) {
      const auto bunches = bunches_of(tasks);
      in_parallel(bunches.size(), plan_.threads, [&](std::size_t at) { judge_elsewhere(bunches[at], tasks, found); });
    } else {
      in_parallel(tasks.size(), plan_.threads, [&](std::size_t at) { found[at] = judge_here(tasks[at]); });
    }
    if (history_fault_) return model::failure(*history_fault_);
    std::vector<store::FailureResult> results;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (!found[i] && !is_of_one_item(found[i].error())) return model::failure(found[i].error());
      if (!found[i]) {
        add_lost(tasks[i], found[i].error(), results);
        continue;
      }
      ++counts_.verified;
      ++counts_.by_verdict[static_cast<std::size_t>(found[i]->verdict)];
      results.push_back(std::move(found[i]->result));
    }
    return store::write_failure_results(database_, results);
  }

  // What a former run found is the better result.
  void add_lost(const SampleTask& task, const model::Error& error, std::vector<store::FailureResult>& results) {
    ++counts_.lost;
    if (plan_.judging.warning)
      plan_.judging.warning({error.code, fmt::format("failure report {}: {}", task.stored.failure_key, error.message),
                             task.stored.is_verified ? "its earlier result is kept" : "it is indeterminate"});
    if (!task.stored.is_verified) results.push_back(lost_result(task.stored, plan_.now, error));
  }

  // Tasks that a process gets together.
  struct BunchOfTasks {
    std::size_t first = 0, count = 0;
  };
  static std::vector<BunchOfTasks> bunches_of(const std::vector<SampleTask>& tasks) {
    constexpr std::size_t most = 16, most_octets = std::size_t{256} << 10U;
    std::vector<BunchOfTasks> bunches;
    std::size_t octets = 0;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      octets += tasks[i].stored.report.sample.octets.size();
      if (bunches.empty() || bunches.back().count == most || octets > most_octets) {
        bunches.push_back({i, 0});
        octets = tasks[i].stored.report.sample.octets.size();
      }
      ++bunches.back().count;
    }
    return bunches;
  }

  Result<SampleFinding> judge_here(const SampleTask& task) {
    try {
      pass_fail_point();
      auto found =
          judge_.judge(task, live_, [this](const HistoryQuestion& question) { return history_or_fault(question); });
      if (found.error) return model::failure(*found.error);
      return found;
    } catch (const std::exception& e) {  // memory
      return model::failure("reverify", e.what());
    }
  }

  void pass_fail_point() {
    const std::lock_guard lock(mutex_);
    RUAUDIT_FAIL_POINT("reverify.verify");
  }

  void judge_elsewhere(const BunchOfTasks& bunch, const std::vector<SampleTask>& tasks,
                       std::vector<Result<SampleFinding>>& found) {
    std::vector<bool> is_found(bunch.count);
    try {
      std::vector<ingest::Bytes> items;
      for (std::size_t i = 0; i < bunch.count; ++i) {
        pass_fail_point();
        items.push_back(ingest::Bytes::from_string(wire::encoded(tasks[bunch.first + i])));
      }
      pool_.work_off_all(
          items, live_, history_answers(bunch.count), [&](std::size_t i, const Result<std::string>& said) {
            found[bunch.first + i] = said ? finding_in(*said, tasks[bunch.first + i]) : model::failure(said.error());
            is_found[i] = true;
          });
    } catch (const std::exception& e) {  // memory
      for (std::size_t i = 0; i < bunch.count; ++i)
        if (!is_found[i]) found[bunch.first + i] = model::failure("reverify", e.what());
    }
  }

  ReaderPool::Answer history_answers(std::size_t samples) {
    constexpr std::size_t most_of_one = 8;  // a sample has one; a process that ended is asked again
    return [this, left = samples * most_of_one](char kind,
                                                std::string_view octets) mutable -> std::optional<std::string> {
      const auto questions = kind == history_kind ? wire::decoded<std::vector<HistoryQuestion>>(octets) : std::nullopt;
      if (!questions || questions->size() > left) return std::nullopt;
      left -= questions->size();
      std::vector<failure::SourceHistory> answers;
      for (const auto& question : *questions) {
        if (!is_sensible(question)) return std::nullopt;
        answers.push_back(history_or_fault(question));
      }
      return wire::encoded(answers);
    };
  }

  // What names the row is said here: the process cannot write to another's.
  Result<SampleFinding> finding_in(const std::string& said, const SampleTask& task) const {
    auto found = wire::decoded<SampleFinding>(said);
    if (found && found->error) return model::failure("reader-died", found->error->message);
    if (!found || !holds_together(found->result) || !tell_answers(found->result))
      return model::failure(JudgePool::senseless());
    found->result.failure_key = task.stored.failure_key;
    found->result.verified_at = plan_.now;
    found->result.tool_version = RUAUDIT_VERSION;
    return std::move(*found);
  }

  // Asked by any thread while the others work.
  failure::SourceHistory history_or_fault(const HistoryQuestion& question) {
    const std::lock_guard lock(mutex_);
    auto found = history(question);
    if (found) return std::move(*found);
    if (!history_fault_) history_fault_ = found.error();
    return {};
  }

  Result<failure::SourceHistory> history(const HistoryQuestion& question) {
    const std::string last_day = model::day_text(question.at);
    const std::string name = last_day + ' ' + question.source + ' ' + question.header_from;
    if (const auto known = histories_.find(name); known != histories_.end()) return known->second;
    const std::string first_day = model::day_text(question.at - failure::history_days * model::seconds_per_day);
    const auto author = model::Domain::parse(question.header_from);
    TRY(const auto days,
        store::source_days(
            database_, {.source = question.source,
                        .header_from = question.header_from,
                        .organizational = author ? list_.organizational_domain(*author).text() : question.header_from,
                        .first_day = first_day,
                        .last_day = last_day}));
    if (histories_.size() >= max_histories) histories_.clear();
    const failure::SourceHistory found{days.messages,         days.spf_aligned,       days.dkim_aligned,
                                       days.last_aligned_day, days.unproved_messages, days.unproved_aligned,
                                       days.own_days,         days.own_messages,      days.own_reporters};
    return histories_.emplace(name, found).first->second;
  }

  const ReverifyPlan& plan_;
  store::Database& database_;
  const verify::suffix::PublicSuffixList& list_;
  dns::Resolver* live_;
  JudgePool pool_;
  SampleJudge judge_;
  std::int64_t last_;
  ReverifyCounts counts_;
  std::mutex mutex_;  // of what follows, and of the database while several threads ask it
  std::map<std::string, failure::SourceHistory> histories_;
  std::optional<model::Error> history_fault_;
};

}  // namespace

Result<ReverifyCounts> reverify(const ReverifyPlan& plan, store::Database& database, dns::Resolver* resolver,
                                const verify::suffix::PublicSuffixList& list, const ReverifyObserver& observer) {
  return Run(plan, database, resolver, list).run(observer);
}

std::string closing_line(const ReverifyCounts& counts) {
  std::string line = fmt::format("{} {} verified", counts.verified, counts.verified == 1 ? "sample" : "samples");
  const char* before = ": ";
  for (std::size_t i = 0; i < counts.by_verdict.size(); ++i) {
    if (counts.by_verdict[i] == 0) continue;
    line += fmt::format("{}{} {}", before, counts.by_verdict[i], model::to_text(static_cast<failure::Verdict>(i)));
    before = ", ";
  }
  if (counts.lost > 0)
    line += fmt::format("; {} {} the process that read it", counts.lost,
                        counts.lost == 1 ? "sample ended" : "samples ended");
  if (counts.not_repeatable > 0)
    line += fmt::format("; {} cannot be verified again: too little is kept of the sample", counts.not_repeatable);
  return line;
}

}  // namespace ruaudit::jobs
