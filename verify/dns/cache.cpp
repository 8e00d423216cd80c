#include "verify/dns/cache.hpp"

#include <algorithm>

#include "verify/dns/name.hpp"

namespace ruaudit::verify::dns {

// How each question of one call is answered: at once, by our own lookup, or by a flight, ours or another thread's.
struct AnswerCache::Plan {
  std::vector<std::optional<Answer>> ready{};
  std::vector<std::shared_ptr<Flight>> flights{};  // parallel to ready, null where ready
  std::vector<Question> asked{};
  std::vector<std::string> keys{};  // of asked
};

std::uint32_t AnswerCache::keep_for(const Answer& answer) const {
  switch (answer.status) {
    case Status::noerror:
      return std::min(answer.ttl, limits_.max_ttl);
    case Status::nodata:
    case Status::nxdomain:
      return std::min(answer.ttl, limits_.max_negative_ttl);
    case Status::bad_name:
    case Status::not_recorded:
      return 0;
    default:
      return limits_.failure_ttl;
  }
}

std::optional<Answer> AnswerCache::fresh_entry(const std::string& key, std::int64_t now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  const auto entry = found->second;
  if (entry->expires <= now) {
    by_key_.erase(found);
    entries_.erase(entry);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  Answer answer = entry->answer;
  answer.ttl = static_cast<std::uint32_t>(std::min<std::int64_t>(entry->expires - now, answer.ttl));
  return answer;
}

void AnswerCache::store(const std::string& key, const Answer& answer, std::int64_t now) {
  const auto seconds = keep_for(answer);
  if (seconds == 0 || limits_.max_entries == 0) return;
  if (const auto old = by_key_.find(key); old != by_key_.end()) {
    entries_.erase(old->second);
    by_key_.erase(old);
  }
  while (entries_.size() >= limits_.max_entries) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({key, answer, now + seconds});
  by_key_[key] = entries_.begin();
}

std::string AnswerCache::key_of(const std::string& resolver, const Question& question) {
  return std::string(model::to_text(question.type)) + ' ' + resolver + ' ' + folded_name(question.name);
}

std::optional<std::vector<Answer>> AnswerCache::known(const std::string& resolver,
                                                      std::span<const Question> questions) {
  std::vector<Answer> answers;
  const std::lock_guard lock(mutex_);
  const auto now = clock_();
  for (const auto& question : questions) {
    auto found = fresh_entry(key_of(resolver, question), now);
    if (!found) return std::nullopt;
    answers.push_back(std::move(*found));
    answers.back().question = question;
  }
  counters_.hits += questions.size();
  return answers;
}

void AnswerCache::plan(Plan& plan, const std::string& resolver, std::span<const Question> questions) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_();
  for (const auto& question : questions) {
    auto key = key_of(resolver, question);
    plan.flights.emplace_back();
    plan.ready.push_back(fresh_entry(key, now));
    if (plan.ready.back()) {
      ++counters_.hits;
      continue;
    }
    auto& flight = flights_[key];
    if (flight) {
      ++counters_.shared;
    } else {
      ++counters_.misses;
      flight = std::make_shared<Flight>();
      plan.asked.push_back(question);
      plan.keys.push_back(std::move(key));
    }
    plan.flights.back() = flight;
  }
}

void AnswerCache::land(Plan& plan, std::vector<Answer> fresh) {
  fresh.resize(plan.keys.size());
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    for (std::size_t i = 0; i < plan.keys.size(); ++i) {
      store(plan.keys[i], fresh[i], now);
      flights_[plan.keys[i]]->answer = std::move(fresh[i]);
      flights_.erase(plan.keys[i]);
    }
  }
  landed_.notify_all();
}

std::vector<Answer> AnswerCache::query_all(Resolver& inner, const std::string& resolver,
                                           std::span<const Question> questions) {
  Plan todo;
  plan(todo, resolver, questions);
  if (!todo.asked.empty()) land(todo, inner.query_all(todo.asked));
  std::vector<Answer> answers;
  answers.reserve(questions.size());
  std::unique_lock lock(mutex_);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& flight = todo.flights[i];
    if (flight) landed_.wait(lock, [&flight] { return flight->answer.has_value(); });
    answers.push_back(flight ? *flight->answer : std::move(*todo.ready[i]));
    answers.back().question = questions[i];
  }
  return answers;
}

CacheCounters AnswerCache::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

std::size_t AnswerCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace ruaudit::verify::dns
