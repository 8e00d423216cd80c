#include "assess/records/answers.hpp"

#include <algorithm>

#include "assess/records/text.hpp"
#include "verify/dns/name.hpp"

namespace ruaudit::assess::records {

dns::Answer Answers::with_spf(dns::Answer answer, const std::string& text) const {
  std::erase_if(answer.txt, [](const dns::TxtRecord& record) { return holds_ignoring_case(record.text(), "spf"); });
  answer.txt.push_back({{text}});
  answer.status = dns::Status::noerror;
  return answer;
}

dns::Answer Answers::one(const dns::Question& question) {
  const auto name = dns::folded_name(question.name);
  dns::Answer answer;
  answer.question = question;
  if (const auto text = texts_.find(name); question.type == dns::RecordType::TXT && text != texts_.end()) {
    answer.status = dns::Status::noerror;
    answer.txt.push_back({{text->second}});
    return answer;
  }
  answer.status = dns::Status::bad_name;
  if (!dns::canonical_name(name)) return answer;
  if (const auto known = answers_.find({question.type, name}); known != answers_.end()) {
    answer = known->second;
    answer.question = question;
  } else {
    open_.insert({question.type, name});
    answer.status = dns::Status::not_recorded;
    return answer;
  }
  const auto spf = spf_.find(name);
  const bool takes_place = question.type == dns::RecordType::TXT && spf != spf_.end();
  return takes_place ? with_spf(std::move(answer), spf->second) : answer;
}

std::vector<dns::Answer> Answers::query_all(std::span<const dns::Question> questions) {
  std::vector<dns::Answer> answers;
  answers.reserve(questions.size());
  for (const auto& question : questions) answers.push_back(one(question));
  return answers;
}

void Answers::add(dns::Answer answer) {
  Key key{answer.question.type, dns::folded_name(answer.question.name)};
  answers_.insert_or_assign(std::move(key), std::move(answer));
}

void Answers::put_text(const std::string& name, std::string text) { texts_[dns::folded_name(name)] = std::move(text); }
void Answers::put_spf(const std::string& name, std::string text) { spf_[dns::folded_name(name)] = std::move(text); }

std::vector<dns::Question> Answers::take_open() {
  std::vector<dns::Question> questions;
  for (const auto& [type, name] : open_) questions.push_back({name, type});
  open_.clear();
  return questions;
}

bool Answers::is_silent() const {
  return std::all_of(answers_.begin(), answers_.end(), [](const auto& entry) {
    const auto status = entry.second.status;
    return status == dns::Status::timeout || status == dns::Status::bad_name;
  });
}

std::vector<std::string> texts_of(const dns::Answer& answer) {
  std::vector<std::string> texts;
  for (const auto& record : answer.txt) texts.push_back(record.text());
  return texts;
}

}  // namespace ruaudit::assess::records
