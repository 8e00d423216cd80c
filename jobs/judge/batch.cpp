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

// What is judged together goes to a process together: a change of process costs half as much as judging a mail.
constexpr Bunch bunch_of_lines{.lines = 32};

// A line that is at a process, or on its way to one.
struct SentLine {
  std::size_t number = 0;  // among those that were given
  std::string id;
  bool has_answer = false;
};

class Batch {
 public:
  using Answered = OrderedWork::Answered;

  explicit Batch(const BatchPlan& plan)
      : plan_(plan),
        pool_(plan.judging, JudgeWork::batch, wire::encoded(batch_options(plan.defaults))),
        judge_(plan.defaults) {}

  // A line without an answer: it was blank, or the run is to end.
  void answer(std::vector<std::string> lines, const Answered& answered) {
    std::vector<SentLine> sent;
    std::vector<ingest::Bytes> orders;
    std::size_t octets = 0;
    for (std::size_t i = 0; i < lines.size() && !has_ended(); ++i) {
      if (lines[i].find_first_not_of(" \t") == std::string::npos) continue;
      auto order = order_or_answer(std::move(lines[i]), i, sent, answered);
      if (!order) continue;
      octets += order->size();
      orders.push_back(std::move(*order));
      if (octets <= bunch_of_lines.octets) continue;  // the files that lines name count, too
      send(orders, sent, answered);
      octets = 0;
    }
    send(orders, sent, answered);
  }

  [[nodiscard]] Bunch bunch() const { return pool_.is_confined() ? bunch_of_lines : Bunch{}; }
  model::Result<void> prepare() { return pool_.prepare(); }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  [[nodiscard]] const std::optional<model::Error>& fault() const { return fault_; }

 private:
  // Nothing: the line has its answer.
  std::optional<ingest::Bytes> order_or_answer(std::string line, std::size_t number, std::vector<SentLine>& sent,
                                               const Answered& answered) {
    if (line.size() > max_line) {
      tell(batch_error("null", {"batch-line", fmt::format("the line has more than {} octets", max_line), ""}), number,
           answered);
      return std::nullopt;
    }
    try {
      BatchHead head = batch_head(line);
      BatchOrder order = order_of(std::move(line), head);
      if (!pool_.is_confined()) {
        tell(judge_.judge(std::move(order), *plan_.resolver), number, answered);
        return std::nullopt;
      }
      auto octets = ingest::Bytes::from_string(wire::encoded(order));
      sent.push_back({.number = number, .id = std::move(head.id)});
      return octets;
    } catch (const std::exception& e) {  // memory; the other lines can still be judged
      tell(batch_error("null", {"batch-line", e.what(), ""}), number, answered);
      return std::nullopt;
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

  void send(std::vector<ingest::Bytes>& orders, std::vector<SentLine>& sent, const Answered& answered) {
    try {
      const auto done = [&](std::size_t i, const model::Result<std::string>& said) {
        if (!said && !is_of_one_item(said.error())) return end_with(said.error());
        tell(answer_of(said, sent[i].id), sent[i].number, answered);
        sent[i].has_answer = true;
      };
      if (!orders.empty()) pool_.work_off_all(orders, plan_.resolver, {}, done);
    } catch (const std::exception& e) {  // memory, as above
      for (const SentLine& line : sent)
        if (!line.has_answer) tell(batch_error(line.id, {"batch-line", e.what(), ""}), line.number, answered);
    }
    orders.clear();
    sent.clear();
  }

  static BatchAnswer answer_of(const model::Result<std::string>& said, const std::string& id) {
    if (!said) return batch_error(id, said.error());
    auto answer = wire::decoded<BatchAnswer>(*said);
    return answer && is_of_line(answer->text, id) ? std::move(*answer) : batch_error(id, JudgePool::senseless());
  }

  void tell(BatchAnswer answer, std::size_t number, const Answered& answered) {
    if (answer.is_error) ++errors_;
    answered(number, std::move(answer.text));
  }

  // One line that begins with the id, or with null: of a line that was refused as a whole. An id that is too long to
  // look at is "null" here.
  static bool is_of_line(const std::string& text, const std::string& id) {
    const std::string_view begin = R"({"id":)";
    if (!text.starts_with(begin) || text.find('\n') != std::string::npos) return false;
    const auto rest = std::string_view(text).substr(begin.size());
    return id == "null" || rest.starts_with(id + ',') || rest.starts_with("null,");
  }

  void end_with(const model::Error& error) {
    const std::lock_guard lock(mutex_);
    if (!fault_) fault_ = error;
    has_ended_ = true;
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
  OrderedWork work(plan.threads, batch.bunch());
  work.run([&] { return batch.has_ended() ? std::nullopt : next_line(in); },
           [&](std::vector<std::string> lines, const OrderedWork::Answered& answered) {
             batch.answer(std::move(lines), answered);
           },
           [&](const std::string& answer, bool is_idle) {
             if (!answer.empty()) console.out << answer << '\n';
             if (is_idle) console.out.flush();
           });
  if (batch.fault()) return model::failure(*batch.fault());
  return batch.errors();
}

}  // namespace ruaudit::jobs
