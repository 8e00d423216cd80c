#include "jobs/confined/asked_dns.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>

#include "jobs/confined/model_wire.hpp"

namespace ruaudit::jobs {

namespace dns = verify::dns;

namespace {

constexpr std::size_t most_questions_at_once = 1000;  // of a frame

// What an answer may be kept by goes on, whatever the machine's clock is set to.
std::int64_t seconds_gone() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

ParentResolver::ParentResolver(ParentSocket& parent) : parent_(parent), cache_(seconds_gone) {}
ParentResolver::ParentResolver(ParentSocket& parent, Turns& turns)
    : parent_(parent), turns_(&turns), cache_(seconds_gone) {}

std::vector<dns::Answer> ParentResolver::remembered(std::span<const dns::Question> questions) {
  return cache_.query_all(parent_, {}, questions);
}

std::vector<dns::Answer> ParentResolver::query_all(std::span<const dns::Question> questions) {
  if (turns_ == nullptr) return remembered(questions);
  if (auto answers = cache_.known({}, questions)) return std::move(*answers);
  Wish wish{.questions = questions};
  wishes_.push_back(&wish);
  turns_->wait();
  return std::move(wish.answers);
}

void ParentResolver::serve() {
  std::vector<dns::Question> questions;
  for (const Wish* wish : wishes_) questions.insert(questions.end(), wish->questions.begin(), wish->questions.end());
  auto answers = remembered(questions);
  auto next = std::make_move_iterator(answers.begin());
  for (Wish* wish : wishes_) {
    const auto end = next + static_cast<std::ptrdiff_t>(wish->questions.size());
    wish->answers.assign(next, end);
    next = end;
  }
  wishes_.clear();
}

std::vector<dns::Answer> ParentResolver::Parent::query_all(std::span<const dns::Question> questions) {
  std::vector<dns::Answer> all;
  while (all.size() < questions.size()) {
    const auto rest = questions.subspan(all.size());
    const auto some = rest.first(std::min(rest.size(), most_questions_at_once));
    const auto said = socket_.ask(questions_kind, wire::encoded(std::vector<dns::Question>(some.begin(), some.end())));
    auto answers = wire::decoded<std::vector<dns::Answer>>(said);
    if (!answers || answers->size() != some.size()) std::_Exit(EXIT_FAILURE);  // no parent says that
    std::move(answers->begin(), answers->end(), std::back_inserter(all));
  }
  return all;
}

std::optional<std::string> answered(std::string_view questions, dns::Resolver& resolver) {
  const auto asked = wire::decoded<std::vector<dns::Question>>(questions);
  if (!asked || asked->size() > most_questions_at_once) return std::nullopt;
  return wire::encoded(resolver.query_all(*asked));
}

}  // namespace ruaudit::jobs
