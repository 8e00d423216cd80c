#include "jobs/judge/batch.hpp"

#include <fmt/format.h>

#include <atomic>

#include "jobs/judge/batch_head.hpp"
#include "jobs/judge/judge_wire.hpp"
#include "jobs/threads/ordered_work.hpp"

namespace ruaudit::jobs {
namespace {

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
  explicit Batch(const BatchPlan& plan)
      : plan_(plan),
        pool_(plan.judging, JudgeWork::batch, wire::encoded(batch_options(plan.defaults))),
        judge_(plan.defaults) {}

  // Nothing to say: the line was blank, or the run is to end.
  std::string answer(std::string line) {
    if (line.find_first_not_of(" \t") == std::string::npos || has_ended()) return {};
    BatchAnswer answer = answer_or_error(std::move(line));
    if (answer.is_error) ++errors_;
    return std::move(answer.text);
  }

  model::Result<void> prepare() { return pool_.prepare(); }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  [[nodiscard]] const std::optional<model::Error>& fault() const { return fault_; }

 private:
  BatchAnswer answer_or_error(std::string line) {
    if (line.size() > max_line)
      return batch_error("null", {"batch-line", fmt::format("the line has more than {} octets", max_line), ""});
    try {
      const BatchHead head = batch_head(line);
      return answer_order(order_of(std::move(line), head), head.id);
    } catch (const std::exception& e) {  // memory; the other lines can still be judged
      return batch_error("null", {"batch-line", e.what(), ""});
    }
  }

  static BatchOrder order_of(std::string line, const BatchHead& head) {
    BatchOrder order{.line = std::move(line), .file = {}, .file_error = {}};
    if (!head.message_file) return order;
    if (auto octets = read_octets(*head.message_file, max_message))
      order.file = std::move(*octets);
    else
      order.file_error = octets.error();
    return order;
  }

  BatchAnswer answer_order(const BatchOrder& order, const std::string& id) {
    if (!pool_.is_confined()) return judge_.judge(order, *plan_.resolver);
    const auto said = pool_.work_off(wire::encoded(order), plan_.resolver);
    if (!said && !is_of_one_item(said.error())) return end_with(said.error());
    if (!said) return batch_error(id, said.error());
    auto answer = wire::decoded<BatchAnswer>(*said);
    return answer && is_of_line(answer->text, id) ? std::move(*answer) : batch_error(id, JudgePool::senseless());
  }

  // One line that begins with the id, or with null: of a line that was refused as a whole. An id that is too long to
  // look at is "null" here.
  static bool is_of_line(const std::string& text, const std::string& id) {
    const std::string_view begin = R"({"id":)";
    if (!text.starts_with(begin) || text.find('\n') != std::string::npos) return false;
    const auto rest = std::string_view(text).substr(begin.size());
    return id == "null" || rest.starts_with(id + ',') || rest.starts_with("null,");
  }

  BatchAnswer end_with(const model::Error& error) {
    const std::lock_guard lock(mutex_);
    if (!fault_) fault_ = error;
    has_ended_ = true;
    return {};
  }

  const BatchPlan& plan_;
  JudgePool pool_;
  BatchJudge judge_;
  std::atomic<std::size_t> errors_{0};
  std::atomic<bool> has_ended_{false};
  std::mutex mutex_;
  std::optional<model::Error> fault_;
};

}  // namespace

model::Result<std::size_t> run_batch(std::istream& in, Console& console, const BatchPlan& plan) {
  Batch batch(plan);
  TRY_VOID(batch.prepare());
  OrderedWork work(plan.threads);
  work.run([&] { return batch.has_ended() ? std::nullopt : next_line(in); },
           [&](std::string line) { return batch.answer(std::move(line)); },
           [&](const std::string& answer, bool is_idle) {
             if (!answer.empty()) console.out << answer << '\n';
             if (is_idle) console.out.flush();
           });
  if (batch.fault()) return model::failure(*batch.fault());
  return batch.errors();
}

}  // namespace ruaudit::jobs
