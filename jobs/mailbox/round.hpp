// One round of a visit: fetches the given messages on a thread of its own, parses them on the caller's and stores them
// on the writing thread, joined by queues that are bounded in octets. What arrived is stored in portions, and the
// database is only locked while a portion is written: a slow server does not keep others from it. When the round
// returns, whatever arrived is committed and on the disk. Nothing is acknowledged here.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "jobs/ingest/counts.hpp"
#include "jobs/ingest/item_reading.hpp"
#include "jobs/ingest/write_worker.hpp"
#include "jobs/mailbox/mail_source.hpp"
#include "store/ledger/known_items.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct RoundPlan {
  std::string source;  // as the ledger and messages show it: source_name()
  store::MailboxFolder folder;
  std::span<const ListedMail> mails;
  bool needs_acknowledgement = false;
  // Messages that were tried often enough: they get a ledger row that says so and are not asked for.
  bool is_giving_up = false;
};

// What is held while the database is written to, so that no other mailbox and no other program writes; released by the
// destructor. Empty: the caller holds it all the time.
using TurnTaker = std::function<model::Result<std::shared_ptr<void>>()>;
model::Result<std::shared_ptr<void>> take_turn(const TurnTaker& taker);

struct RoundTools {
  store::Database& database;
  store::KnownItems& known;
  ReaderHost& reader;
  const ReadingOptions& reading;
  const CommitPolicy& commit;
  NoticeSink notice;
  std::function<bool()> stop_requested;
  TurnTaker turn;
  std::function<void(const model::Error&)> warning;
};

struct RoundResult {
  IngestCounts counts;
  std::vector<std::string> arrived;         // in the order of their arrival
  std::vector<std::string> postponed;       // of these: left unknown for a reason of this machine's
  std::optional<NotArrived> not_arrived;    // nothing when fetching ended early
  std::optional<model::Error> fetch_error;  // the source's; what arrived before it is stored
  std::optional<model::Error> store_error;  // the database's; nothing since the last commit is stored
};

RoundResult run_round(MailSource& source, const RoundPlan& plan, const RoundTools& tools);

}  // namespace ruaudit::jobs
