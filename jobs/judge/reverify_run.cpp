#include "jobs/judge/reverify_run.hpp"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "jobs/judge/failure_result.hpp"
#include "jobs/threads/workers.hpp"
#include "model/calendar.hpp"
#include "model/fail_point.hpp"
#include "model/failure_sample.hpp"
#include "store/failure/cut.hpp"
#include "store/failure/queries.hpp"
#include "store/failure/reader.hpp"
#include "verify/dns/limited_resolver.hpp"
#include "verify/failure/conclude.hpp"
#include "verify/failure/examine.hpp"

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;
namespace failure = verify::failure;
using model::Result;

constexpr std::size_t batch_samples = 64;
constexpr std::size_t batch_octets = std::size_t{64} << 20U;
constexpr std::size_t max_histories = 50'000;

// Answers what is recorded, and asks for the rest.
class RecordedFirst final : public dns::Resolver {
 public:
  RecordedFirst(dns::Resolver& recorded, dns::Resolver& live) : recorded_(recorded), live_(live) {}
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    auto answers = recorded_.query_all(questions);
    std::vector<dns::Question> open;
    for (const auto& answer : answers)
      if (answer.status == dns::Status::not_recorded) open.push_back(answer.question);
    if (open.empty()) return answers;
    auto fresh = live_.query_all(open);
    std::size_t next = 0;
    for (auto& answer : answers)
      if (answer.status == dns::Status::not_recorded) answer = std::move(fresh[next++]);
    return answers;
  }

 private:
  dns::Resolver& recorded_;
  dns::Resolver& live_;
};

struct Job {
  store::StoredFailure stored;
  std::optional<dns::Evidence> former{};  // the DNS it was judged by before
  std::vector<failure::KnownBody> bodies{};
  std::optional<bool> arc_passed{};
};

struct Done {
  failure::Examination then{};
  std::optional<failure::Examination> today{};
  std::vector<dns::Answer> answers{};
  std::int64_t dns_time = 0;
  std::optional<model::Error> error{};
};

class Judge {
 public:
  Judge(const ReverifyPlan& plan, dns::Resolver* live, const verify::suffix::PublicSuffixList& list)
      : plan_(plan), live_(live), list_(list) {}

  Done judge(const Job& job) {
    try {
      pass_fail_point();
      return examine_job(job);
    } catch (const std::exception& e) {  // memory
      Done done;
      done.error = model::Error{"reverify", e.what(), ""};
      return done;
    }
  }

 private:
  void pass_fail_point() {
    const std::lock_guard lock(mutex_);
    RUAUDIT_FAIL_POINT("reverify.verify");
  }

  Done examine_job(const Job& job) {
    Done done;
    const auto sample = model::repaired_sample(job.stored.report);
    dns::RecordedResolver recorded(job.former.value_or(dns::Evidence{}));
    if (!job.former || plan_.dns == DnsOfSample::today) {
      dns::Resolver& source = live_ != nullptr && plan_.dns != DnsOfSample::stored ? *live_ : recorded;
      done.dns_time = plan_.now;
      done.then = examine(job, sample.octets, source, done.answers);
      return done;
    }
    done.dns_time = job.former->time;
    if (live_ == nullptr || plan_.dns == DnsOfSample::stored) {
      done.then = examine(job, sample.octets, recorded, done.answers);
      return done;
    }
    RecordedFirst nearest(recorded, *live_);
    done.then = examine(job, sample.octets, nearest, done.answers);
    std::vector<dns::Answer> answers_of_today;
    done.today = examine(job, sample.octets, *live_, answers_of_today);
    done.then.facts.authorised_today = done.today->facts.authorised_then;
    return done;
  }

  failure::Examination examine(const Job& job, const std::string& octets, dns::Resolver& source,
                               std::vector<dns::Answer>& answers) {
    dns::LimitedResolver limited(source, {});
    dns::RecordingResolver recording(limited);
    const failure::ExamineOptions options{
        .now = job.stored.at, .list = &list_, .bodies = job.bodies, .arc_passed = job.arc_passed};
    auto examination = failure::examine(job.stored.report, octets, options, recording, caches_);
    answers = recording.answers();
    return examination;
  }

  const ReverifyPlan& plan_;
  dns::Resolver* live_;
  const verify::suffix::PublicSuffixList& list_;
  verify::evaluate::Caches caches_{};
  std::mutex mutex_;
};

class Run {
 public:
  Run(const ReverifyPlan& plan, store::Database& database, dns::Resolver* live,
      const verify::suffix::PublicSuffixList& list)
      : plan_(plan), database_(database), list_(list), judge_(plan, live, list), last_(plan.after_key) {}

  Result<ReverifyCounts> run(const ReverifyObserver& observer) {
    while (!observer.stop_requested || !observer.stop_requested()) {
      TRY(const auto jobs, next_batch());
      if (jobs.empty()) break;
      TRY_VOID(work(jobs));
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

  Result<std::vector<Job>> next_batch() {
    std::vector<Job> jobs;
    std::size_t octets = 0;
    while (jobs.size() < batch_samples && octets < batch_octets) {
      TRY(const auto key, next_key());
      if (!key) break;
      last_ = *key;
      TRY(auto stored, store::load_failure(database_, *key));
      if (!is_repeatable(stored)) {
        ++counts_.not_repeatable;
        continue;
      }
      octets += stored.report.sample.octets.size();
      TRY(auto job, job_of(std::move(stored)));
      jobs.push_back(std::move(job));
    }
    return jobs;
  }

  // Redacted octets and none at all verify nothing: the former result is the better one.
  static bool is_repeatable(const store::StoredFailure& stored) {
    if (!stored.is_verified || stored.state == store::SampleState::kept) return true;
    const bool keeps_header =
        stored.policy == store::SamplePolicy::headers || stored.policy == store::SamplePolicy::full;
    return stored.state == store::SampleState::pending_verification ||
           (stored.state == store::SampleState::cut && keeps_header);
  }

  Result<Job> job_of(store::StoredFailure stored) {
    Job job{.stored = std::move(stored)};
    if (!job.stored.is_verified) return job;
    const std::int64_t key = job.stored.failure_key;
    TRY(const auto answers, store::stored_answers(database_, key));
    if (answers) {
      dns::Evidence evidence{.time = answers->dns_time};
      for (const auto& text : answers->answers) {
        TRY(auto answer, dns::parse_answer(text));
        evidence.answers.push_back(std::move(answer));
      }
      job.former = std::move(evidence);
    }
    TRY_VOID(add_known(key, job));
    return job;
  }

  // What was found when the body was still there.
  Result<void> add_known(std::int64_t key, Job& job) {
    TRY(const auto hashes, store::kept_body_hashes(database_, key));
    TRY(const auto rows, store::read_failures(database_, {.failure_key = key}));
    for (const auto& one : hashes) job.bodies.push_back({one.domain, one.selector, one.body_hash.value_or("")});
    if (rows.empty() || !rows.front().result) return {};
    const auto& result = *rows.front().result;
    add_known_additions(result.details, job.bodies);
    if (result.arc) job.arc_passed = *result.arc == "pass";
    return {};
  }

  Result<void> work(const std::vector<Job>& jobs) {
    std::vector<Done> done(jobs.size());
    in_parallel(jobs.size(), plan_.threads, [&](std::size_t at) { done[at] = judge_.judge(jobs[at]); });
    std::vector<store::FailureResult> results;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (done[i].error) return model::failure(*done[i].error);
      TRY(auto result, conclude(jobs[i], done[i]));
      results.push_back(std::move(result));
    }
    return store::write_failure_results(database_, results);
  }

  Result<store::FailureResult> conclude(const Job& job, Done& done) {
    TRY(done.then.facts.history, history(done.then.facts));
    const auto conclusion = failure::conclude(done.then.facts);
    ++counts_.verified;
    ++counts_.by_verdict[static_cast<std::size_t>(conclusion.verdict)];
    const JudgedSample sample{
        .stored = job.stored,
        .examination = done.then,
        .conclusion = conclusion,
        .answers = done.answers,
        .today = done.today ? differences(done.then.facts, done.today->facts) : std::vector<failure::EvidenceLine>{},
        .now = plan_.now,
        .dns_time = done.dns_time};
    return failure_result(sample);
  }

  Result<failure::SourceHistory> history(const failure::SampleFacts& facts) {
    const auto key = failure::history_key(facts);
    if (!key) return failure::SourceHistory{};
    const std::string last_day = model::day_text(facts.at);
    const std::string source = key->source.to_string();
    const std::string name = last_day + ' ' + source + ' ' + key->header_from;
    if (const auto known = histories_.find(name); known != histories_.end()) return known->second;
    const std::string first_day = model::day_text(facts.at - failure::history_days * model::seconds_per_day);
    const auto author = model::Domain::parse(key->header_from);
    TRY(const auto days,
        store::source_days(database_,
                           {.source = source,
                            .header_from = key->header_from,
                            .organizational = author ? list_.organizational_domain(*author).text() : key->header_from,
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
  Judge judge_;
  std::int64_t last_;
  ReverifyCounts counts_;
  std::map<std::string, failure::SourceHistory> histories_;
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
  if (counts.not_repeatable > 0)
    line += fmt::format("; {} cannot be verified again: too little is kept of the sample", counts.not_repeatable);
  return line;
}

}  // namespace ruaudit::jobs
