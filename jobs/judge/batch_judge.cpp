#include "jobs/judge/batch_judge.hpp"

#include "jobs/process/clock.hpp"
#include "verify/explain/json.hpp"

namespace ruaudit::jobs {
namespace {

bool passes_dkim(const verify::evaluate::MessageEvaluation& done) {
  return done.dkim && done.dkim->summary == model::DkimResult::pass;
}
bool has_changed_body(const verify::evaluate::MessageEvaluation& done) {
  return done.dkim && done.dkim->summary == model::DkimResult::fail;
}

}  // namespace

BatchOptions batch_options(const VerifyRequest& defaults) {
  const auto& from = defaults.options;
  return {.envelope = defaults.envelope,
          .at = from.at,
          .now = from.now,
          .checks = from.checks,
          .rules = from.rules,
          .legacy = from.legacy,
          .body = from.body,
          .spf_local = from.spf_local,
          .spf_guess = from.spf_guess,
          .trusted_hosts = from.trust.hosts};
}

VerifyRequest batch_defaults(const BatchOptions& options, const verify::suffix::PublicSuffixList* list) {
  VerifyRequest out{.message = {}, .envelope = options.envelope, .options = {}};
  auto& to = out.options;
  to.at = options.at;
  to.now = options.now;
  to.checks = options.checks;
  to.rules = options.rules;
  to.legacy = options.legacy;
  to.body = options.body;
  to.spf_local = options.spf_local;
  to.spf_guess = options.spf_guess;
  to.trust.hosts = options.trusted_hosts;
  to.list = list;
  return out;
}

BatchAnswer batch_error(const std::string& id, const model::Error& fault) {
  return {.text = verify::explain::error_json(id, fault), .is_error = true};
}

BatchAnswer BatchJudge::judge(BatchOrder order, verify::dns::Resolver& resolver) {
  // Only the file that was read before is at hand; a line asks once.
  const auto read = [&order](const std::string& /*path*/) -> model::Result<std::string> {
    if (order.file) return std::move(*order.file);
    if (order.file_error) return model::failure(*order.file_error);
    return model::failure("batch-line", "message_file is not a readable path");
  };
  auto parsed = parse_batch_line(order.line, defaults_, read);
  return parsed ? judge_line(std::move(*parsed), resolver) : batch_error(parsed.error().id, parsed.error().error);
}

BatchAnswer BatchJudge::judge_line(BatchLine line, verify::dns::Resolver& shared) {
  std::optional<verify::dns::ZoneResolver> own;
  if (line.zone) own.emplace(std::move(*line.zone), epoch_now);
  verify::dns::Resolver& resolver = own ? *own : shared;
  auto done = judge_reading(line, 0, resolver);
  for (std::size_t i = 1; i < line.messages.size() && done && has_changed_body(*done); ++i)
    if (auto other = judge_reading(line, i, resolver); other && passes_dkim(*other)) done = std::move(other);
  if (!done) return batch_error(line.id, done.error());
  return {.text = verify::explain::to_json(
              *done, {.checks = line.request.options.checks, .id = line.id, .unknown_members = line.unknown_members}),
          .is_error = false};
}

model::Result<verify::evaluate::MessageEvaluation> BatchJudge::judge_reading(BatchLine& line, std::size_t number,
                                                                             verify::dns::Resolver& resolver) {
  if (number < line.messages.size()) line.request.message = std::move(line.messages[number]);
  return jobs::judge(line.request, resolver, caches_, clock_);
}

}  // namespace ruaudit::jobs
