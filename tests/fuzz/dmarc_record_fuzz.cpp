// The DMARC check over hostile records: the first line is the author's domain, the second an identifier that passed,
// the others are records, handed out by the length of the name asked for. Checked: defaults and bounds of the record,
// the bound on queries, and that nothing passes without an aligned identifier.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "verify/dmarc/destinations.hpp"
#include "verify/dmarc/evaluation.hpp"

namespace {

using namespace ruaudit::verify;
using namespace ruaudit::verify::dmarc;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n' && lines.size() < 40)
      lines.emplace_back();
    else
      lines.back() += c;
  }
  while (lines.size() < 3) lines.emplace_back();
  return lines;
}

class LinesResolver final : public dns::Resolver {
 public:
  explicit LinesResolver(const std::vector<std::string>& lines) : lines_(lines) {}
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    std::vector<dns::Answer> answers;
    for (const auto& question : questions) {
      ++queries;
      auto& answer = answers.emplace_back();
      answer.question = question;
      answer.status = question.name.size() % 7 == 6 ? dns::Status::servfail : dns::Status::noerror;
      if (answer.is_found()) answer.txt.push_back({{lines_[2 + question.name.size() % (lines_.size() - 2)]}});
    }
    return answers;
  }
  std::size_t queries = 0;

 private:
  const std::vector<std::string>& lines_;
};

void check_record(const std::string& text) {
  for (const auto rules : {Rules::rfc9989, Rules::rfc7489}) {
    const auto record = parse_record(text, rules);
    require(is_record(text) || (!record.p && record.faults.empty()));
    require(record.pct >= 0 && record.pct <= 100 && !record.fo.empty());
    require(record.rua.size() <= 100 && record.ruf.size() <= 100 && record.faults.size() <= 100);
    require(!record.is_policy_valid || record.p.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lines = lines_of({reinterpret_cast<const char*>(data), size});
  for (const auto& line : lines) check_record(line);
  static const auto list = suffix::PublicSuffixList::parse("com\nco.uk\n");
  const auto from = "x@" + lines[0];
  const std::string_view values[] = {from};
  const Input input{.from_values = values, .dkim = {{ruaudit::model::DkimResult::pass, lines[1]}}};
  for (const auto rules : {Rules::rfc9989, Rules::rfc7489}) {
    LinesResolver resolver(lines);
    const auto done = evaluate(input, {.rules = rules, .list = &*list}, resolver);
    require(resolver.queries <= 17);
    require((done.result == DmarcResult::pass) == done.is_dkim_aligned);
    require(done.result == DmarcResult::fail || done.applied == ruaudit::model::Policy::none);
    if (!done.policy_domain) continue;
    static_cast<void>(check_destinations(
        {.policy_domain = *done.policy_domain, .uris = done.record->rua, .rules = rules, .list = &*list}, resolver));
    require(resolver.queries <= 17 + 8 + 9 * max_destinations);
  }
  return 0;
}
