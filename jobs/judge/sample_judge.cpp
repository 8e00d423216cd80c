#include "jobs/judge/sample_judge.hpp"

#include <algorithm>

#include "jobs/judge/failure_result.hpp"
#include "model/failure_sample.hpp"
#include "model/ip_address.hpp"
#include "verify/dns/limited_resolver.hpp"
#include "verify/failure/conclude.hpp"

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;
namespace failure = verify::failure;

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

model::Result<dns::Evidence> evidence_of(const std::optional<FormerDns>& former) {
  dns::Evidence evidence;
  if (!former) return evidence;
  evidence.time = former->time;
  for (const auto& text : former->answers) {
    TRY(auto answer, dns::parse_answer(text));
    evidence.answers.push_back(std::move(answer));
  }
  return evidence;
}

template <class... Known>
bool is_one_of(const std::optional<std::string>& word, const Known&... known) {
  return !word || ((*word == known) || ...);
}

template <class Enumeration>
bool is_word(const std::string& word) {
  return model::parse_enum<Enumeration>(word).has_value();
}

bool is_flag(const std::optional<std::int64_t>& value) { return !value || *value == 0 || *value == 1; }

}  // namespace

struct SampleJudge::Seen {
  failure::Examination then{};
  std::optional<failure::Examination> today{};
  std::vector<dns::Answer> answers{};
  std::int64_t dns_time = 0;
};

SampleFinding SampleJudge::judge(const SampleTask& task, dns::Resolver* live, const AskHistory& history) {
  auto seen = look(task, live);
  if (!seen) return {.error = seen.error()};
  auto& facts = seen->then.facts;
  if (const auto key = failure::history_key(facts))
    facts.history = history({.header_from = key->header_from, .source = key->source.to_string(), .at = facts.at});
  const auto conclusion = failure::conclude(facts);
  const JudgedSample sample{
      .stored = task.stored,
      .examination = seen->then,
      .conclusion = conclusion,
      .answers = seen->answers,
      .today = seen->today ? differences(facts, seen->today->facts) : std::vector<failure::EvidenceLine>{},
      .now = options_.now,
      .dns_time = seen->dns_time};
  return {.error = {}, .result = failure_result(sample), .verdict = conclusion.verdict};
}

model::Result<SampleJudge::Seen> SampleJudge::look(const SampleTask& task, dns::Resolver* live) {
  Seen seen;
  const auto sample = model::repaired_sample(task.stored.report);
  TRY(auto evidence, evidence_of(task.former));
  dns::RecordedResolver recorded(std::move(evidence));
  const bool may_ask = live != nullptr && options_.dns != DnsOfSample::stored;
  if (!task.former || options_.dns == DnsOfSample::today) {
    seen.dns_time = options_.now;
    seen.then = examine(task, sample.octets, may_ask ? *live : recorded, seen.answers);
    return seen;
  }
  seen.dns_time = task.former->time;
  if (!may_ask) {
    seen.then = examine(task, sample.octets, recorded, seen.answers);
    return seen;
  }
  RecordedFirst nearest(recorded, *live);
  seen.then = examine(task, sample.octets, nearest, seen.answers);
  std::vector<dns::Answer> answers_of_today;
  seen.today = examine(task, sample.octets, *live, answers_of_today);
  seen.then.facts.authorised_today = seen.today->facts.authorised_then;
  return seen;
}

failure::Examination SampleJudge::examine(const SampleTask& task, const std::string& octets, dns::Resolver& source,
                                          std::vector<dns::Answer>& answers) {
  dns::LimitedResolver limited(source, {});
  dns::RecordingResolver recording(limited);
  const failure::ExamineOptions options{
      .now = task.stored.at, .list = &list_, .bodies = task.bodies, .arc_passed = task.arc_passed};
  auto examination = failure::examine(task.stored.report, octets, options, recording, caches_);
  answers = recording.answers();
  return examination;
}

model::FailureResult lost_result(const store::StoredFailure& stored, std::int64_t now, const model::Error& error) {
  model::FailureResult out;
  out.failure_key = stored.failure_key;
  out.verified_at = out.dns_time = now;
  out.judged_at = stored.at;
  out.tool_version = RUAUDIT_VERSION;
  out.conclusion = model::to_text(failure::Verdict::indeterminate);
  out.mechanism = model::to_text(failure::Mechanism::none);
  out.confidence = model::to_text(failure::Confidence::low);
  out.reason = error.code;
  out.summary = "The sample could not be judged: " + error.message + ".";
  out.details = R"({"signatures":[],"sections":[]})";
  return out;
}

bool is_sensible(const HistoryQuestion& question) {
  constexpr std::int64_t farthest = std::int64_t{1} << 40;  // seconds from the epoch
  constexpr std::size_t longest_name = 1024;
  return question.header_from.size() <= longest_name && model::IpAddress::parse(question.source) &&
         question.at > -farthest && question.at < farthest;
}

bool tell_answers(model::FailureResult& result) {
  for (auto& kept : result.answers) {
    const auto answer = dns::parse_answer(kept.evidence);
    if (!answer) return false;
    kept = kept_answer(*answer);
  }
  return true;
}

bool holds_together(const model::FailureResult& result) {
  const auto is_of_signature = [](const model::KeptSignature& one) {
    return one.field == "dkim-signature" || one.field == "arc-message-signature" || one.field == "arc-seal";
  };
  if (!std::all_of(result.signatures.begin(), result.signatures.end(), is_of_signature)) return false;
  const auto is_dmarc = [](const std::optional<std::string>& word) {
    return is_one_of(word, "none", "pass", "fail", "temperror", "permerror");
  };
  return is_dmarc(result.dmarc) && is_dmarc(result.dmarc_7489) &&
         is_one_of(result.policy, "none", "quarantine", "reject") &&
         (!result.spf || is_word<model::SpfResult>(*result.spf)) &&
         (!result.dkim || is_word<model::DkimResult>(*result.dkim)) && is_one_of(result.arc, "none", "pass", "fail") &&
         is_flag(result.spf_aligned) && is_flag(result.dkim_aligned) && is_word<failure::Verdict>(result.conclusion) &&
         is_word<failure::Mechanism>(result.mechanism) && is_word<failure::Confidence>(result.confidence) &&
         is_word<failure::Reason>(result.reason);
}

}  // namespace ruaudit::jobs
