#include "jobs/confined/asked_dns.hpp"

#include <cstdlib>

#include "jobs/confined/model_wire.hpp"

namespace ruaudit::jobs {

namespace dns = verify::dns;

namespace {

// Every octet counts: an answer holds its question as it was asked.
std::string memory_key(const dns::Question& question) {
  return std::to_string(static_cast<unsigned>(question.type)) + ' ' + question.name;
}

}  // namespace

std::vector<dns::Answer> ParentResolver::query_all(std::span<const dns::Question> questions) {
  const auto now = std::chrono::steady_clock::now();
  if (now - since_ > memory || remembered_.size() > most_remembered) {
    remembered_.clear();
    since_ = now;
  }
  std::vector<dns::Answer> answers(questions.size());
  std::vector<dns::Question> open;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (const auto known = remembered_.find(memory_key(questions[i])); known != remembered_.end()) {
      answers[i] = known->second;
    } else {
      open.push_back(questions[i]);
      places.push_back(i);
    }
  }
  if (open.empty()) return answers;
  auto fresh = ask(open);
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    remembered_.insert_or_assign(memory_key(open[i]), fresh[i]);
    answers[places[i]] = std::move(fresh[i]);
  }
  return answers;
}

std::vector<dns::Answer> ParentResolver::ask(const std::vector<dns::Question>& questions) {
  const auto said = parent_.ask(questions_kind, wire::encoded(questions));
  auto answers = wire::decoded<std::vector<dns::Answer>>(said);
  if (!answers || answers->size() != questions.size()) std::_Exit(EXIT_FAILURE);  // no parent says that
  return std::move(*answers);
}

std::optional<std::string> answered(std::string_view questions, dns::Resolver& resolver) {
  constexpr std::size_t most = 1000;
  const auto asked = wire::decoded<std::vector<dns::Question>>(questions);
  if (!asked || asked->size() > most) return std::nullopt;
  return wire::encoded(resolver.query_all(*asked));
}

}  // namespace ruaudit::jobs
