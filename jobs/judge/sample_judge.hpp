// One stored failure report judged: its sample, the DNS it was judged by before, and what is known of its source enter,
// the row that the store keeps leaves. The octets are hostile. For several threads at once.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/failure_result.hpp"
#include "store/failure/reader.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/evaluate/evaluate.hpp"
#include "verify/failure/conclusion.hpp"
#include "verify/failure/examine.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

// What DNS a sample is judged by.
enum class DnsOfSample : std::uint8_t {
  nearest,  // stored answers where it was verified before, and today's beside them; else today's
  stored,   // stored answers alone: nothing is asked
  today,    // today's alone
};

struct SampleOptions {
  std::int64_t now = 0;
  DnsOfSample dns = DnsOfSample::nearest;
  bool may_ask = true;  // there is a resolver
};

struct FormerDns {  // that it was judged by before
  std::int64_t time = 0;
  std::vector<std::string> answers{};  // JSON
};

struct SampleTask {
  store::StoredFailure stored{};
  std::optional<FormerDns> former{};
  std::vector<verify::failure::KnownBody> bodies{};
  std::optional<bool> arc_passed{};
};

// What the aggregate rows tell of a source.
struct HistoryQuestion {
  std::string header_from{};
  std::string source{};  // address
  std::int64_t at = 0;
};
using AskHistory = std::function<verify::failure::SourceHistory(const HistoryQuestion&)>;

struct SampleFinding {
  std::optional<model::Error> error{};  // that every sample would meet; then the rest means nothing
  model::FailureResult result{};
  verify::failure::Verdict verdict = verify::failure::Verdict::indeterminate;
};

class SampleJudge {
 public:
  // `list` must outlive the object.
  SampleJudge(const SampleOptions& options, const verify::suffix::PublicSuffixList& list)
      : options_(options), list_(list) {}

  // `live` may be null.
  SampleFinding judge(const SampleTask& task, verify::dns::Resolver* live, const AskHistory& history);

 private:
  struct Seen;
  model::Result<Seen> look(const SampleTask& task, verify::dns::Resolver* live);
  verify::failure::Examination examine(const SampleTask& task, const std::string& octets, verify::dns::Resolver& source,
                                       std::vector<verify::dns::Answer>& answers);

  SampleOptions options_;
  const verify::suffix::PublicSuffixList& list_;
  verify::evaluate::Caches caches_{};
};

// The result of a sample that ended the process that read it.
[[nodiscard]] model::FailureResult lost_result(const store::StoredFailure& stored, std::int64_t now,
                                               const model::Error& error);
// What follows may come from a process that has been taken over.
// Whether the words of a result are those that the store knows.
[[nodiscard]] bool holds_together(const model::FailureResult& result);
// Says again what each DNS answer is the answer to. False: one cannot be read.
[[nodiscard]] bool tell_answers(model::FailureResult& result);
[[nodiscard]] bool is_sensible(const HistoryQuestion& question);

}  // namespace ruaudit::jobs
