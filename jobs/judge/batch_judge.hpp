// One line of `ruaudit verify --batch` judged: the line and the file that it names enter, a line of JSON leaves. The
// octets of both are hostile. For several threads at once.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "jobs/judge/batch_line.hpp"
#include "verify/dns/limited_resolver.hpp"

namespace ruaudit::jobs {

// Of the command's options, what every line has in common: evaluate::Options and Envelope without their pointers.
struct BatchOptions {
  verify::evaluate::Envelope envelope{};
  std::optional<std::int64_t> at{};
  std::int64_t now = 0;
  verify::evaluate::Checks checks{};
  verify::dmarc::Rules rules = verify::dmarc::Rules::rfc9989;
  verify::dkim::Legacy legacy = verify::dkim::Legacy::refuse;
  verify::dkim::BodyPart body = verify::dkim::BodyPart::present;
  std::string spf_local{}, spf_guess{};
  std::vector<std::string> trusted_hosts{};
};
[[nodiscard]] BatchOptions batch_options(const VerifyRequest& defaults);
[[nodiscard]] VerifyRequest batch_defaults(const BatchOptions& options, const verify::suffix::PublicSuffixList* list);

struct BatchOrder {
  std::string line{};
  std::optional<std::string> file{};  // the octets of message_file
  std::optional<model::Error> file_error{};
};

struct BatchAnswer {
  std::string text{};  // a line without its end; empty: the line was blank
  bool is_error = false;
};

// The answer to a line that could not be judged.
[[nodiscard]] BatchAnswer batch_error(const std::string& id, const model::Error& fault);

class BatchJudge {
 public:
  // `clock`: by which the time that a line may ask DNS for is measured.
  explicit BatchJudge(VerifyRequest defaults, verify::dns::SteadyClock clock = std::chrono::steady_clock::now)
      : defaults_(std::move(defaults)), clock_(std::move(clock)) {}

  // `resolver` answers the questions of lines without a zone.
  BatchAnswer judge(BatchOrder order, verify::dns::Resolver& resolver);

 private:
  BatchAnswer judge_line(BatchLine line, verify::dns::Resolver& shared);
  model::Result<verify::evaluate::MessageEvaluation> judge_reading(BatchLine& line, std::size_t number,
                                                                   verify::dns::Resolver& resolver);
  VerifyRequest defaults_;
  verify::dns::SteadyClock clock_;
  verify::evaluate::Caches caches_{};
};

}  // namespace ruaudit::jobs
