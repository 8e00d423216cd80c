#include "verify/dns/limited_resolver.hpp"

#include <algorithm>

namespace ruaudit::verify::dns {

LimitedResolver::LimitedResolver(Resolver& inner, const QueryLimits& limits, SteadyClock clock)
    : inner_(inner), clock_(std::move(clock)), deadline_(clock_() + limits.max_time), left_(limits.max_questions) {}

std::vector<Answer> LimitedResolver::query_all(std::span<const Question> questions) {
  const bool in_time = clock_() < deadline_;
  std::size_t allowed = 0;
  {
    const std::lock_guard lock(mutex_);
    allowed = in_time ? std::min(left_, questions.size()) : 0;
    left_ -= allowed;
  }
  auto answers = allowed == 0 ? std::vector<Answer>{} : inner_.query_all(questions.first(allowed));
  for (const auto& question : questions.subspan(allowed)) {
    auto& answer = answers.emplace_back();
    answer.question = question;
    answer.status = Status::timeout;
    answer.detail = in_time ? "not asked: too many questions" : "not asked: the time for this evaluation is over";
  }
  return answers;
}

}  // namespace ruaudit::verify::dns
