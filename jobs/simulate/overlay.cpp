#include "jobs/simulate/overlay.hpp"

#include "model/domain.hpp"

namespace ruaudit::jobs {

namespace dns = verify::dns;

Overlay::Texts::const_iterator Overlay::find(const std::string& name) const {
  const auto domain = model::Domain::parse(name);
  return domain ? texts_.find(domain->text()) : texts_.end();
}

std::vector<dns::Answer> Overlay::query_all(std::span<const dns::Question> questions) {
  std::vector<dns::Answer> answers(questions.size());
  std::vector<dns::Question> open;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& question = questions[i];
    const auto at = question.type == dns::RecordType::TXT ? find(question.name) : texts_.end();
    if (at == texts_.end()) {
      open.push_back(question);
      places.push_back(i);
      continue;
    }
    answers[i].question = question;
    answers[i].status = dns::Status::noerror;
    answers[i].txt = {{.strings = {at->second}}};
    answers[i].resolver = "change";
  }
  if (open.empty()) return answers;
  auto asked = inner_.query_all(open);
  for (std::size_t i = 0; i < places.size() && i < asked.size(); ++i) answers[places[i]] = std::move(asked[i]);
  return answers;
}

}  // namespace ruaudit::jobs
