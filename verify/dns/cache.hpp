// Answers kept for their TTL (RFC 1035 section 3.2.1), negative ones for the TTL that the SOA gives (RFC 2308 section
// 5), failures for a few seconds (RFC 9520 section 3.2). One AnswerCache serves many resolvers and threads: its key is
// name, type and resolver. Threads that ask the same question at once share one lookup. Memory is bounded by
// max_entries; the entry used longest ago goes first. The clock is a parameter.
#pragma once
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

struct CacheLimits {
  std::size_t max_entries = 20'000;
  std::uint32_t max_ttl = 86'400;           // seconds
  std::uint32_t max_negative_ttl = 10'800;  // RFC 2308 section 5: one to three hours
  std::uint32_t failure_ttl = 5;            // RFC 9520 section 3.2: at most five minutes
};

struct CacheCounters {
  std::uint64_t hits = 0;    // answered from the cache
  std::uint64_t shared = 0;  // waited for another thread's lookup
  std::uint64_t misses = 0;  // passed on
};

class AnswerCache {
 public:
  explicit AnswerCache(Clock clock, const CacheLimits& limits = {}) : clock_(std::move(clock)), limits_(limits) {}

  // What `inner`, known by `resolver`, answers, or answered within the TTL; the TTL told is what is left of it.
  [[nodiscard]] std::vector<Answer> query_all(Resolver& inner, const std::string& resolver,
                                              std::span<const Question> questions);
  // The same where all of it was answered within the TTL; else nothing, and nothing is asked.
  [[nodiscard]] std::optional<std::vector<Answer>> known(const std::string& resolver,
                                                         std::span<const Question> questions);
  [[nodiscard]] CacheCounters counters() const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    std::string key;
    Answer answer;
    std::int64_t expires = 0;
  };
  struct Flight {  // a lookup under way; those who wait share it
    std::optional<Answer> answer;
  };
  struct Plan;
  void plan(Plan& plan, const std::string& resolver, std::span<const Question> questions);
  [[nodiscard]] static std::string key_of(const std::string& resolver, const Question& question);
  void land(Plan& plan, std::vector<Answer> fresh);
  [[nodiscard]] std::optional<Answer> fresh_entry(const std::string& key, std::int64_t now);
  void store(const std::string& key, const Answer& answer, std::int64_t now);
  [[nodiscard]] std::uint32_t keep_for(const Answer& answer) const;

  Clock clock_;
  CacheLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable landed_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
  CacheCounters counters_;
};

// A Resolver that asks `inner` through a cache; both must outlive it.
class CachingResolver final : public Resolver {
 public:
  CachingResolver(Resolver& inner, AnswerCache& cache, std::string resolver)
      : inner_(inner), cache_(cache), resolver_(std::move(resolver)) {}
  [[nodiscard]] std::vector<Answer> query_all(std::span<const Question> questions) override {
    return cache_.query_all(inner_, resolver_, questions);
  }

 private:
  Resolver& inner_;
  AnswerCache& cache_;
  std::string resolver_;
};

}  // namespace ruaudit::verify::dns
