// One run of reverify: stored failure reports in, each judged at its own time by several threads, in processes without
// rights, results written in short transactions. Whatever is committed is done: a run that is killed continues where it
// stopped. One of the places that know several stages: store -> verify/failure -> store.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "jobs/judge/judging.hpp"
#include "jobs/judge/sample_judge.hpp"
#include "store/sqlite/database.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/failure/conclusion.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

struct ReverifyPlan {
  std::int64_t now = 0;
  bool is_for_all = false;  // also samples that have a result
  DnsOfSample dns = DnsOfSample::nearest;
  std::optional<std::int64_t> since{};  // arrival of the sample
  std::int64_t after_key = 0;           // only reports stored behind this one
  unsigned threads = 16;
  Judging judging{};
};

struct ReverifyCounts {
  std::int64_t verified = 0;
  std::array<std::int64_t, 5> by_verdict{};  // in the order of verify::failure::Verdict
  std::int64_t not_repeatable = 0;           // the sample was cut so far that only its former result is left
  std::int64_t lost = 0;                     // samples that ended the process that read them
  std::int64_t cut = 0;                      // samples reduced to what --samples permits
};

struct ReverifyObserver {
  std::function<void(const ReverifyCounts&)> progress;  // after each transaction
  std::function<bool()> stop_requested;                 // asked between transactions
};

// `resolver` may be null with DnsOfSample::stored only. Errors are those that end the run; DNS errors are results.
model::Result<ReverifyCounts> reverify(const ReverifyPlan& plan, store::Database& database,
                                       verify::dns::Resolver* resolver, const verify::suffix::PublicSuffixList& list,
                                       const ReverifyObserver& observer);

// "212 samples verified: 30 own_sender_broken, 12 forgery; 3 could not be repeated"
std::string closing_line(const ReverifyCounts& counts);

}  // namespace ruaudit::jobs
