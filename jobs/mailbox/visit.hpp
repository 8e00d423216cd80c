// A whole visit of one configured mailbox: connects, syncs every folder (jobs/mailbox/sync.hpp), connects again after a
// lost connection as long as that helps, and records how it ended (table source_state). An mbox is locked and read as a
// whole. Nothing here waits for new mail.
#pragma once
#include <chrono>

#include "ingest/mailbox/stop.hpp"
#include "jobs/ingest/run.hpp"
#include "jobs/mailbox/sync.hpp"
#include "store/care/ingest_lock.hpp"

namespace ruaudit::jobs {

struct VisitTools {
  store::Database& database;
  const verify::suffix::PublicSuffixList& list;
  const SyncObserver& observer;
  ingest::mailbox::Stop stop;
  std::chrono::milliseconds patience{60'000};  // with another program that visits the same mailbox
};

struct VisitResult {
  SyncCounts counts;                  // also of a visit that failed: what was done is done
  std::optional<model::Error> error;  // why it did not come to its end
};

using SourceOpener = std::function<model::Result<std::unique_ptr<MailSource>>()>;

// Opens sources by `open`; open_source() for a configured mailbox.
VisitResult visit_mailbox(const SyncPlan& plan, const VisitTools& tools, const SourceOpener& open);
VisitResult visit_mailbox(const SyncPlan& plan, const VisitTools& tools);

// Held during a visit: two programs that visit one mailbox at once would ask for the same mails. Error
// "mailbox-in-use"; "mailbox-stopped" when a stop came first.
model::Result<store::IngestLock> lock_visit(const SyncPlan& plan, const std::string& database_path,
                                            std::chrono::milliseconds patience, ingest::mailbox::Stop stop);

// When the time of a visit that begins now is over, in the form of Stop::deadline.
std::int64_t visit_deadline(const config::Mailbox& mailbox);

// True for a visit that a stop ended: neither a success nor a failure.
bool is_cut_off(const VisitResult& result, ingest::mailbox::Stop stop);

// Records how it ended, now; not for one that was interrupted.
void record_visit(store::Database& database, const SyncPlan& plan, const VisitResult& result,
                  const TurnTaker& turn = {});

// "12 new mails: 10 reports stored (812 records), 1 duplicate; 11 acknowledged"
std::string visit_line(const SyncCounts& counts);

// Doubles from one second up to five minutes, each with up to half of it more or less at random, so that many clients
// of one server do not come back all at once.
std::chrono::milliseconds retry_pause(unsigned failures, std::uint32_t chance);

// Sleeps that long (24 days at most), or until the stop descriptor is readable.
void pause_unless_stopped(std::chrono::milliseconds time, ingest::mailbox::Stop stop);

}  // namespace ruaudit::jobs
