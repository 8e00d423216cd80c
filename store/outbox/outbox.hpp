// What a cluster is still to be told: a row for every aggregate or TLS report that was stored, changed or removed since
// it was last shipped, and for every failure report that was stored or verified. Triggers write it, in the transaction
// of the change itself and whichever command makes it; they are in the file from keep_outbox() on. Without a cluster
// there are neither triggers nor rows.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/content/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

inline constexpr const char* drop_outbox_triggers_sql =
    "DROP TRIGGER IF EXISTS outbox_insert; DROP TRIGGER IF EXISTS outbox_update; DROP TRIGGER IF EXISTS outbox_delete;"
    "DROP TRIGGER IF EXISTS outbox_tls_insert; DROP TRIGGER IF EXISTS outbox_tls_update;"
    "DROP TRIGGER IF EXISTS outbox_tls_delete; DROP TRIGGER IF EXISTS outbox_failure_insert;"
    "DROP TRIGGER IF EXISTS outbox_failure_result";

// From now on every change is noted. Nothing happens where that is so. Reports that are there already are left to
// enqueue_all(), except TLS reports beside triggers that noted aggregate reports alone: those are noted now.
model::Result<void> keep_outbox(Database& database);
// The opposite: triggers, rows and the ingester's number go.
model::Result<void> drop_outbox(Database& database);

// The random number, not 0, by which the cluster knows this file. Made by keep_outbox().
model::Result<std::uint64_t> ingester_number(const Database& database);

struct OutboxState {
  bool is_kept = false;
  std::int64_t reports = 0;  // rows, those of reports that are gone too
  std::int64_t records = 0;
  std::int64_t oldest = 0;  // epoch seconds of the oldest change; 0 where there is none
};
model::Result<OutboxState> outbox_state(const Database& database);

struct OutboxRow {
  std::int64_t seq = 0;
  std::int64_t report_key = 0;
  Digest identity_key{};      // of a TLS report the key of its group, of a failure report the beginning of its identity
  std::int64_t since = 0;     // epoch seconds of the change; 0: from enqueue_all()
  bool is_gone = false;       // the rest is then empty
  bool is_elsewhere = false;  // of the cluster: this shard is told that the report is not here (any more)
  bool is_tls = false;
  bool is_dated = false;  // false: its day is that of its arrival
  std::string day;
  std::int64_t records = 0;  // of a TLS report its policies and failures
};
// Which rows: of reports that are there, or of those that are gone while nothing else of the same report waits. A
// version that took the place of another must be told first, or for a moment neither would count.
enum class OutboxPart : std::uint8_t { present, gone };
// The oldest of them behind `seq`, at most `most`.
model::Result<std::vector<OutboxRow>> outbox_rows(const Database& database, OutboxPart part, std::int64_t behind,
                                                  std::int64_t most);

// The seq of the newest row; 0 where there is none.
model::Result<std::int64_t> last_outbox_seq(const Database& database);

// They are told. A report that has changed meanwhile has a newer row, which stays.
model::Result<void> forget_outbox_rows(Database& database, std::span<const std::int64_t> seqs);

// Every stored report is to be told, or told again: its row says 0 for the time of the change. Yields how many rows
// were added.
model::Result<std::int64_t> enqueue_all(Database& database);

// Rows whose report is older than `day`, or gone: db prune would take away what is not shipped yet.
model::Result<std::int64_t> count_unshipped_before(const Database& database, const std::string& day);

}  // namespace ruaudit::store
