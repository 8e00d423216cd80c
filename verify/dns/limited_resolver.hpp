// Bounds what one evaluation may ask of DNS: a number of questions and a time. Past either, questions are answered
// `timeout` with the reason and nothing leaves, so that hostile mail cannot hold a worker (RFC 7208 section 4.6.4).
#pragma once
#include <chrono>
#include <mutex>

#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

struct QueryLimits {
  std::size_t max_questions = 500;
  std::chrono::milliseconds max_time{60'000};  // from construction
};

class LimitedResolver final : public Resolver {
 public:
  // `inner` must outlive it.
  LimitedResolver(Resolver& inner, const QueryLimits& limits, SteadyClock clock = std::chrono::steady_clock::now);
  [[nodiscard]] std::vector<Answer> query_all(std::span<const Question> questions) override;

 private:
  Resolver& inner_;
  SteadyClock clock_;
  std::chrono::steady_clock::time_point deadline_;
  std::mutex mutex_;
  std::size_t left_;
};

}  // namespace ruaudit::verify::dns
