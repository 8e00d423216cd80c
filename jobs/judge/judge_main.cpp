// The confined judge: lines, samples or mails from the socket, what they are into it. It has no other way to anywhere.
#include <memory>

#include "jobs/confined/asked_dns.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/serve.hpp"
#include "jobs/judge/judge_wire.hpp"

namespace ruaudit::jobs {
namespace {

// No parent sends what cannot be read.
template <class Value>
Value taken(std::string_view octets) {
  auto value = wire::decoded<Value>(octets);
  if (!value) std::_Exit(EXIT_FAILURE);
  return std::move(*value);
}

// What samples that take turns ask of their sources, at once.
class ParentHistories {
 public:
  explicit ParentHistories(Serving& serving) : serving_(serving) {}
  verify::failure::SourceHistory ask(const HistoryQuestion& question) {
    Wish wish{&question};
    wishes_.push_back(&wish);
    serving_.turns.wait();
    return std::move(wish.answer);
  }
  void serve() {
    if (wishes_.empty()) return;
    std::vector<HistoryQuestion> questions;
    for (const Wish* wish : wishes_) questions.push_back(*wish->question);
    auto answers =
        taken<std::vector<verify::failure::SourceHistory>>(serving_.parent.ask(history_kind, wire::encoded(questions)));
    if (answers.size() != questions.size()) std::_Exit(EXIT_FAILURE);
    for (std::size_t i = 0; i < answers.size(); ++i) wishes_[i]->answer = std::move(answers[i]);
    wishes_.clear();
  }

 private:
  struct Wish {
    const HistoryQuestion* question;
    verify::failure::SourceHistory answer{};
  };
  Serving& serving_;
  std::vector<Wish*> wishes_;
};

struct JudgeTools {
  verify::suffix::PublicSuffixList list;
  Serving& serving;
  ParentResolver resolver{serving.parent, serving.turns};
  ParentHistories histories{serving};
};
using SharedTools = std::shared_ptr<JudgeTools>;

// What no process of ours says of one item alone: it would end the run.
model::Error planted_error() { return {"suffix-list", "the process that read it says that it has no list", {}}; }

using ItemJudge = std::function<std::string(std::string item)>;

ItemJudge batch_work(const SharedTools& tools, const std::string& options) {
  auto judge = std::make_shared<BatchJudge>(batch_defaults(taken<BatchOptions>(options), &tools->list),
                                            [tools] { return tools->serving.turns.now(); });
  return [tools, judge](std::string item) {
    const bool says_nothing = is_fault_planted(item, "empty");
    auto order = taken<BatchOrder>(item);
    item = {};
    if (says_nothing) return wire::encoded(BatchAnswer{});
    return wire::encoded(judge->judge(std::move(order), tools->resolver));
  };
}

ItemJudge sample_work(const SharedTools& tools, const std::string& text) {
  const auto options = taken<SampleOptions>(text);
  auto judge = std::make_shared<SampleJudge>(options, tools->list);
  const AskHistory history = [tools](const HistoryQuestion& question) { return tools->histories.ask(question); };
  return [=, may_ask = options.may_ask](const std::string& item) {
    if (is_fault_planted(item, "error")) return wire::encoded(SampleFinding{.error = planted_error()});
    return wire::encoded(judge->judge(taken<SampleTask>(item), may_ask ? &tools->resolver : nullptr, history));
  };
}

ItemJudge carrier_work(const SharedTools& tools, const std::string& text) {
  const auto options = taken<CarrierOptions>(text);
  auto judge = std::make_shared<CarrierJudge>(options, tools->list);
  return [=, may_ask = options.may_ask](const std::string& item) {
    if (is_fault_planted(item, "error")) return wire::encoded(CarrierFinding{.error = planted_error()});
    return wire::encoded(judge->judge(taken<CarrierTask>(item), may_ask ? &tools->resolver : nullptr));
  };
}

ItemJudge judgement(const JudgeSetup& setup, const SharedTools& tools) {
  switch (setup.work) {
    case JudgeWork::samples:
      return sample_work(tools, setup.options);
    case JudgeWork::carriers:
      return carrier_work(tools, setup.options);
    case JudgeWork::batch:
      break;
  }
  return batch_work(tools, setup.options);
}

model::Result<ItemWork> make_judge(std::string_view octets, Serving& serving) {
  const auto setup = taken<JudgeSetup>(octets);
  TRY(auto list, setup.suffix_list_file.empty() ? verify::suffix::PublicSuffixList::system()
                                                : verify::suffix::PublicSuffixList::load(setup.suffix_list_file));
  const SharedTools tools(new JudgeTools{std::move(list), serving});
  return ItemWork{judgement(setup, tools), [tools] {
                    tools->resolver.serve();
                    tools->histories.serve();
                  }};
}

}  // namespace

void run_judge() { serve_items(make_judge); }

}  // namespace ruaudit::jobs
