// The commit of one sealing of a month, and what becomes of it where another sealing of that month commits at the same
// moment. The insert is conditional, so that of two the later one inserts nothing; only where both ask before either
// has inserted, both are there. Then each looks at both: a sealing goes that has nothing which the other has not, and
// where that is so of both, the one with the higher number. What is looked at no longer changes, so that both come to
// the same decision, and one is always left. If each has something of its own both stay, and what counts is the same
// (cluster/schema/counted.hpp); the month is sealed once more by the next run.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "cluster/rows/batch_rows.hpp"
#include "cluster/server/client.hpp"
#include "cluster/ship/attempt.hpp"

namespace ruaudit::cluster {

// The batches of one sealing have numbers that begin alike.
inline constexpr unsigned seal_run_bits = 20;
constexpr std::uint64_t seal_run_of(std::uint64_t batch) { return batch >> seal_run_bits; }

class SealNumbers {
 public:
  std::uint64_t next() { return run_ << seal_run_bits | ++used_; }

 private:
  std::uint64_t run_ = seal_run_of(new_batch_number());
  std::uint64_t used_ = 0;
};

struct SealCoverage {
  std::uint64_t run = 0;
  bool is_covered = false;  // the other has everything that it has
};
// Whether `one` goes because of `other`.
bool gives_way(const SealCoverage& one, const SealCoverage& other);

struct SealOfMonth {
  std::uint32_t month = 0;
  std::string old_batches;  // "1,2,3"
  std::map<std::uint64_t, BatchRow> made;
};

class SealCommit {
 public:
  SealCommit(Client& client, const Place& place, SealOfMonth seal);
  void add(std::uint64_t batch, std::uint64_t reports, std::uint64_t records);

  model::Result<void> run();
  // Of the old batches one is sealed already: another sealing came first, perhaps while this one was reading.
  model::Result<bool> is_overtaken();
  // False: another sealing came first. Errors: "cluster-lost" (an old batch was taken out of the sums meanwhile),
  // "cluster-paused" (the new ones were collected as dead); then nothing has changed.
  model::Result<bool> look_back();

 private:
  using Batches = std::set<std::uint64_t>;
  struct Run {
    Batches batches;
    std::uint64_t reports = 0;
  };
  using Runs = std::map<std::uint64_t, Run>;

  model::Result<Runs> committed_runs();
  model::Result<bool> compare(Runs runs);
  model::Result<bool> is_covered(const Run& one, const Run& other);
  model::Result<bool> explain();
  model::Result<void> give_up(const Run& run);
  [[nodiscard]] Batches made_batches() const;

  Client& client_;
  const Place& place_;
  SealOfMonth seal_;
};

}  // namespace ruaudit::cluster
