#include "jobs/judge/batch.hpp"

#include <fmt/format.h>

#include <atomic>

#include "jobs/judge/batch_line.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/threads/ordered_work.hpp"
#include "verify/explain/json.hpp"

namespace ruaudit::jobs {
namespace {

namespace evaluate = verify::evaluate;

// The next line without its end; a line beyond max_line is cut there, which its JSON does not survive.
std::optional<std::string> next_line(std::istream& in) {
  std::string line;
  auto* const octets = in.rdbuf();
  int c = octets->sbumpc();
  if (c == EOF) return std::nullopt;
  for (; c != EOF && c != '\n'; c = octets->sbumpc())
    if (line.size() <= max_line) line += static_cast<char>(c);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

class Batch {
 public:
  explicit Batch(const BatchPlan& plan) : plan_(plan) {}

  std::string answer(const std::string& line) {
    if (line.find_first_not_of(" \t") == std::string::npos) return {};
    if (line.size() > max_line)
      return error("null", {"batch-line", fmt::format("the line has more than {} octets", max_line), ""});
    try {
      auto parsed = parse_batch_line(line, plan_.defaults);
      return parsed ? judge_line(std::move(*parsed)) : error(parsed.error().id, parsed.error().error);
    } catch (const std::exception& e) {  // memory; the other lines can still be judged
      return error("null", {"batch-line", e.what(), ""});
    }
  }

  [[nodiscard]] std::size_t errors() const { return errors_; }

 private:
  std::string error(const std::string& id, const model::Error& fault) {
    ++errors_;
    return verify::explain::error_json(id, fault);
  }

  std::string judge_line(BatchLine line) {
    std::optional<verify::dns::ZoneResolver> own;
    if (line.zone) own.emplace(std::move(*line.zone), epoch_now);
    verify::dns::Resolver& resolver = own ? *own : *plan_.resolver;
    auto done = judge_reading(line, 0, resolver);
    for (std::size_t i = 1; i < line.messages.size() && done && has_changed_body(*done); ++i)
      if (auto other = judge_reading(line, i, resolver); other && passes_dkim(*other)) done = std::move(other);
    if (!done) return error(line.id, done.error());
    return verify::explain::to_json(
        *done, {.checks = line.request.options.checks, .id = line.id, .unknown_members = line.unknown_members});
  }

  model::Result<evaluate::MessageEvaluation> judge_reading(BatchLine& line, std::size_t number,
                                                           verify::dns::Resolver& resolver) {
    if (number < line.messages.size()) line.request.message = std::move(line.messages[number]);
    return judge(line.request, resolver, caches_);
  }

  static bool passes_dkim(const evaluate::MessageEvaluation& done) {
    return done.dkim && done.dkim->summary == model::DkimResult::pass;
  }
  static bool has_changed_body(const evaluate::MessageEvaluation& done) {
    return done.dkim && done.dkim->summary == model::DkimResult::fail;
  }

  const BatchPlan& plan_;
  evaluate::Caches caches_{};
  std::atomic<std::size_t> errors_{0};
};

}  // namespace

std::size_t run_batch(std::istream& in, Console& console, const BatchPlan& plan) {
  Batch batch(plan);
  OrderedWork work(plan.threads);
  work.run([&] { return next_line(in); }, [&](const std::string& line) { return batch.answer(line); },
           [&](const std::string& answer, bool is_idle) {
             if (!answer.empty()) console.out << answer << '\n';
             if (is_idle) console.out.flush();
           });
  return batch.errors();
}

}  // namespace ruaudit::jobs
