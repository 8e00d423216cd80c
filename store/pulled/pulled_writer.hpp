// The judging database: a database whose reports come out of a cluster instead of mails. Of every report it holds the
// versions that the cluster has, in the order in which the ingesters saw them, judged by the same code as those of one
// ingester (docs/identity.md); each has a ledger row, which names the cluster's key. What is judged on it (classes,
// findings, labels) lives in it.
//
//   create( begin( held* rewrite( begin_copy add_record* end_copy | copy_tls )* end_report remember* forget* )* commit
//   )*
#pragma once
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/content/digest.hpp"
#include "store/outbox/failure_reader.hpp"
#include "store/outbox/report_reader.hpp"
#include "store/outbox/tls_reader.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// What a judging database says of itself; `cluster` is empty where it never was one.
struct PulledState {
  std::string cluster;         // whose reports these are
  std::int64_t pulled_at = 0;  // epoch seconds of the last pull that came to its end; 0: none did
};
model::Result<PulledState> pulled_state(const Database& database);

// Makes an empty database the judging one of `cluster`. Errors: "cluster-other" (it is that of another),
// "cluster-not-judging" (it has reports of its own).
model::Result<void> begin_judging(Database& database, const std::string& cluster);
// A pull came to its end.
model::Result<void> set_pulled(Database& database, std::int64_t now);

using BatchNumbers = std::vector<std::uint64_t>;
// The batches of a shard that it holds, in their order.
model::Result<BatchNumbers> pulled_batches(const Database& database, std::size_t shard);
// The reports of which one of the batches brought rows; of TLS reports the keys of their groups.
model::Result<std::vector<Digest>> reports_of_batches(const Database& database, const std::set<std::uint64_t>& batches);
model::Result<std::int64_t> count_pulled_reports(const Database& database);

// A copy's key: as report_key in the views of the cluster, identity and batch in hexadecimal.
std::string pulled_key(const Digest& identity_key, std::uint64_t batch);

class PulledWriter {
 public:
  // `database` must outlive the writer; the caller holds the IngestLock.
  static model::Result<PulledWriter> create(Database& database);
  PulledWriter(PulledWriter&&) noexcept;
  PulledWriter& operator=(PulledWriter&&) noexcept;
  ~PulledWriter();  // rolls back what is not committed

  model::Result<void> begin();
  // Keys of the copies that are here of a report, in their order; of TLS reports, of a group.
  struct Held {
    std::vector<std::string> keys;
    bool is_failure = false;  // then only the copy that counts is here
  };
  model::Result<Held> held(const Digest& identity_key);
  // The report is to be rewritten, copy by copy, or, without one, to go.
  model::Result<void> rewrite(const Digest& identity_key);
  struct Copy {
    std::string key, source;
    // Epoch seconds; a copy with this key that was here before keeps its time.
    std::int64_t taken_in = 0;
  };
  model::Result<void> begin_copy(const ShippedReport& report, Copy copy);
  model::Result<void> add_record(const ShippedRecord& record);
  model::Result<void> end_copy();
  // A whole copy of a TLS report. Error "cluster-incomplete": its rows are not what they were.
  model::Result<void> copy_tls(const ShippedTlsReport& report, Copy copy);
  // What is known of a failure report; of one that was here its number stays.
  model::Result<void> copy_failure(const ShippedFailure& failure, Copy copy);
  model::Result<void> end_report();

  model::Result<void> remember(std::size_t shard, std::uint64_t batch);
  model::Result<void> forget(std::size_t shard, std::uint64_t batch);
  model::Result<void> commit();
  void rollback();

 private:
  struct State;
  explicit PulledWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
