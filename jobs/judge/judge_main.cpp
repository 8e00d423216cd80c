// The confined judge: lines, samples or mails from the socket, what they are into it. It has no other way to anywhere.
#include <memory>

#include "jobs/confined/asked_dns.hpp"
#include "jobs/confined/serve.hpp"
#include "jobs/judge/judge_wire.hpp"

namespace ruaudit::jobs {
namespace {

struct JudgeTools {
  verify::suffix::PublicSuffixList list;
  ParentSocket& parent;
  ParentResolver resolver{parent};
};
using SharedTools = std::shared_ptr<JudgeTools>;

// No parent sends what cannot be read.
template <class Value>
Value taken(std::string_view octets) {
  auto value = wire::decoded<Value>(octets);
  if (!value) std::_Exit(EXIT_FAILURE);
  return std::move(*value);
}

ItemWork batch_work(const SharedTools& tools, const std::string& options) {
  auto judge = std::make_shared<BatchJudge>(batch_defaults(taken<BatchOptions>(options), &tools->list));
  return [tools, judge](std::string_view item) {
    return wire::encoded(judge->judge(taken<BatchOrder>(item), tools->resolver));
  };
}

ItemWork sample_work(const SharedTools& tools, const std::string& text) {
  const auto options = taken<SampleOptions>(text);
  auto judge = std::make_shared<SampleJudge>(options, tools->list);
  const AskHistory history = [tools](const HistoryQuestion& question) {
    return taken<verify::failure::SourceHistory>(tools->parent.ask(history_kind, wire::encoded(question)));
  };
  return [=, may_ask = options.may_ask](std::string_view item) {
    return wire::encoded(judge->judge(taken<SampleTask>(item), may_ask ? &tools->resolver : nullptr, history));
  };
}

ItemWork carrier_work(const SharedTools& tools, const std::string& text) {
  const auto options = taken<CarrierOptions>(text);
  auto judge = std::make_shared<CarrierJudge>(options, tools->list);
  return [=, may_ask = options.may_ask](std::string_view item) {
    return wire::encoded(judge->judge(taken<CarrierTask>(item), may_ask ? &tools->resolver : nullptr));
  };
}

model::Result<ItemWork> make_judge(std::string_view octets, ParentSocket& parent) {
  const auto setup = taken<JudgeSetup>(octets);
  TRY(auto list, setup.suffix_list_file.empty() ? verify::suffix::PublicSuffixList::system()
                                                : verify::suffix::PublicSuffixList::load(setup.suffix_list_file));
  const SharedTools tools(new JudgeTools{std::move(list), parent});
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

}  // namespace

void run_judge() { serve_items(make_judge); }

}  // namespace ruaudit::jobs
