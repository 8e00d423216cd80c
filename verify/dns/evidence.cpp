#include "verify/dns/evidence.hpp"

#include "verify/dns/name.hpp"

namespace ruaudit::verify::dns {
namespace {

std::string key_of(const Question& question) {
  return std::string(model::to_text(question.type)) + ' ' + folded_name(question.name);
}

}  // namespace

std::vector<Answer> RecordingResolver::query_all(std::span<const Question> questions) {
  std::vector<Question> unknown;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& question : questions)
      if (!positions_.contains(key_of(question))) unknown.push_back(question);
  }
  auto fresh = unknown.empty() ? std::vector<Answer>{} : inner_.query_all(unknown);
  const std::lock_guard lock(mutex_);
  for (auto& answer : fresh)
    if (positions_.try_emplace(key_of(answer.question), answers_.size()).second) answers_.push_back(std::move(answer));
  std::vector<Answer> answers;
  answers.reserve(questions.size());
  for (const auto& question : questions) {
    answers.push_back(answers_[positions_.at(key_of(question))]);
    answers.back().question = question;
  }
  return answers;
}

std::vector<Answer> RecordingResolver::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

RecordedResolver::RecordedResolver(Evidence evidence) : evidence_(std::move(evidence)) {
  for (std::size_t i = 0; i < evidence_.answers.size(); ++i)
    positions_.try_emplace(key_of(evidence_.answers[i].question), i);
}

std::vector<Answer> RecordedResolver::query_all(std::span<const Question> questions) {
  std::vector<Answer> answers;
  answers.reserve(questions.size());
  for (const auto& question : questions) {
    auto& answer = answers.emplace_back();
    answer.status = canonical_name(question.name) ? Status::not_recorded : Status::bad_name;
    if (const auto known = positions_.find(key_of(question)); known != positions_.end())
      answer = evidence_.answers[known->second];
    else if (answer.status == Status::not_recorded)
      answer.detail = "the evidence holds no answer to this question";
    answer.question = question;
  }
  return answers;
}

}  // namespace ruaudit::verify::dns
