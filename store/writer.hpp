// Writes items and reports into the database, on the write thread. Calls come in this order:
//
//   begin( begin_item( add_chunk* (begin_report append* (end_report | reject_report) | add_failure | add_part)*
//   end_item )* commit )*
//
// A TLS report has append_tls and end_tls for append and end_report.
//
// A report that fits one batch is judged (new, duplicate, ...) before a row of it is written; a longer one is written
// inside a savepoint and taken back when its end shows that it is not to be kept. The item's ledger row is written in
// either case. Rolling back (also by the destructor) leaves the database and the caches as they were at begin().
// Memory is bounded: caches of interned ids (intern_cache.hpp) and roll-up deltas (rollup.hpp).
#pragma once
#include <cstdint>
#include <memory>

#include "store/aggregate/encoded_report.hpp"
#include "store/content/original.hpp"
#include "store/failure/encoder.hpp"
#include "store/failure/sample_policy.hpp"
#include "store/ledger/ledger.hpp"
#include "store/sqlite/database.hpp"
#include "store/tls/encoded_report.hpp"

namespace ruaudit::store {

// durable: the commit is on the disk when it returns; needed before anything is acknowledged to a mailbox.
enum class Durability : std::uint8_t { consistent, durable };

enum class ItemState : std::uint8_t { fresh, known };

struct PartResult {
  Outcome outcome = Outcome::stored;
  std::int64_t report_key = 0;  // the report (of any kind) it became, repeats or gave way to; 0 = none
};

struct ItemResult {
  std::int64_t ledger_key = 0;
  Outcome outcome = Outcome::not_a_report;
};

class Writer {
 public:
  // `database` must outlive the writer.
  static model::Result<Writer> create(Database& database);
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();

  // Starts a transaction; checks the free space first ("disk-low"). Waits for another writer ("database-busy").
  model::Result<void> begin(Durability durability = Durability::consistent);
  model::Result<void> commit();
  void rollback();

  // known: the same octets have a ledger row already; its seen_count and last_seen are updated (a mailbox message met
  // for the first time gets a row of its own), and nothing else is to be called for this item, not even end_item().
  model::Result<ItemState> begin_item(const Item& item);
  // Instead of begin_item(): the item of this ledger row is read again. Its parts, and the reports that no other item
  // brought, are taken away; the original and the row stay. end_item() writes the new outcome.
  model::Result<void> begin_reprocessed_item(std::int64_t ledger_key);
  // Chunks of the original in order. discard_original() takes back those of this item, e.g. to keep the headers only.
  model::Result<void> add_chunk(Extent extent, const EncodedChunk& chunk);
  model::Result<void> discard_original();

  model::Result<void> begin_report(const Part& part);
  // The batch is emptied and may be recycled, or has been moved from.
  model::Result<void> append(EncodedBatch& batch);
  model::Result<PartResult> end_report(const EncodedHeader& header);
  model::Result<void> append_tls(const TlsBatch& batch);
  model::Result<PartResult> end_tls(const TlsHeader& header);
  // The text could not be read as a report: nothing of it is kept but its ledger row.
  model::Result<void> reject_report(const Finding& finding);

  // A failure report; stored, or a duplicate of one that is there. All of its octets are kept until it is verified
  // (store/failure/cut.hpp), then what the policy permits.
  model::Result<PartResult> add_failure(const Part& part, const EncodedFailure& failure, SampleOrder samples);

  // Any other payload: outcome kept, rejected or not_a_report.
  model::Result<void> add_part(const Part& part, Outcome outcome, const Finding& finding);

  model::Result<ItemResult> end_item();

 private:
  struct State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
