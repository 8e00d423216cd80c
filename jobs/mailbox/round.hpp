// One round of a visit: fetches the given messages on a thread of its own, parses them on the caller's and stores them
// on the writing thread; all three run at once, joined by queues that are bounded in octets. When it returns, whatever
// arrived is committed and on the disk. Nothing is acknowledged here.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "jobs/ingest/counts.hpp"
#include "jobs/ingest/item_reader.hpp"
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

struct RoundTools {
  store::Database& database;
  store::KnownItems& known;
  const verify::suffix::PublicSuffixList& list;
  const ReadingOptions& reading;
  const CommitPolicy& commit;
  NoticeSink notice;
  std::function<bool()> stop_requested;
};

struct RoundResult {
  IngestCounts counts;
  std::vector<std::string> arrived;         // in the order of their arrival
  std::optional<NotArrived> not_arrived;    // nothing when fetching ended early
  std::optional<model::Error> fetch_error;  // the source's; what arrived before it is stored
  std::optional<model::Error> store_error;  // the database's; nothing since the last commit is stored
};

RoundResult run_round(MailSource& source, const RoundPlan& plan, const RoundTools& tools);

}  // namespace ruaudit::jobs
