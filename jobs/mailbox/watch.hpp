// One mailbox of the watcher, on a thread of its own: visits it, waits for new mail (IDLE, inotify, or the poll
// interval), visits it again; after a failure it reconnects with growing pauses. All mailboxes are visited in parallel;
// they take turns when they write: one database, one writer. Waiting for one's turn is a sign of life. Ends soon after
// the stop descriptor becomes readable; a visit in progress ends after the current mail.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>

#include "config/configuration.hpp"
#include "jobs/judge/judging.hpp"
#include "jobs/mailbox/visit.hpp"
#include "jobs/process/log.hpp"
#include "store/care/ingest_lock.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

// What all mailboxes of a watcher share.
struct WatchShared {
  std::string database_path;
  const verify::suffix::PublicSuffixList& list;
  config::General general;
  Log& log;
  ingest::mailbox::Stop stop;
  std::timed_mutex turn;         // held while the database is written to
  std::string suffix_list_file;  // empty: the system's
};

class WatchMailbox {
 public:
  // `shared` must outlive the object.
  WatchMailbox(config::Mailbox mailbox, WatchShared& shared) : mailbox_(std::move(mailbox)), shared_(shared) {}

  // Until stop. Call on a thread of its own.
  void run();

  [[nodiscard]] const std::string& name() const { return mailbox_.name; }
  // False when the thread should have shown a sign of life by now: something hangs.
  [[nodiscard]] bool is_alive() const;

 private:
  using Millis = std::chrono::milliseconds;
  using Opener = std::function<model::Result<std::unique_ptr<MailSource>>()>;
  // While it is there no other mailbox and no other program writes to the database.
  struct Turn {
    std::unique_lock<std::timed_mutex> among_mailboxes;
    store::IngestLock among_programs;
  };
  // Error "mailbox-stopped" when a stop came first.
  model::Result<std::shared_ptr<void>> wait_for_turn();
  // The database, for this thread. Failures to get it are counted and logged.
  model::Result<store::Database> open_database();
  std::optional<model::Error> visit_locked(MailSource& source, store::Database& database);
  void begin_visit() { deadline_ = visit_deadline(mailbox_); }
  [[nodiscard]] ingest::mailbox::Stop stop() const { return {shared_.stop.descriptor, &deadline_}; }
  // Visits and waits as long as the connection holds; how long to rest before the next one.
  Millis serve_connection(const Opener& open);
  // Before the next visit, by how many waits in a row were short and told of nothing new.
  Millis rest_after_wait(std::chrono::steady_clock::duration waited);
  Millis write_down(const model::Error& unreached);
  // One turn: nothing when it succeeded.
  std::optional<model::Error> visit(MailSource& source);
  std::optional<model::Error> visit_in_turn(MailSource& source, store::Database& database, const SyncPlan& plan,
                                            SyncCounts& counts);
  Millis visit_mbox();
  void ask_name_servers(store::Database& database, bool has_news);
  bool authenticate(store::Database& database, bool is_told);
  Judging judging();
  bool verify_failures(store::Database& database, bool is_told);
  void enrich_sources(store::Database& database);
  void conclude(store::Database& database, const VisitResult& result);
  Millis rest_after_failure();
  Millis rest_after_exception(const model::Error& error);
  Millis poll_interval() const { return std::chrono::seconds(mailbox_.poll_interval_seconds); }
  void mark_alive_for(Millis time);
  [[nodiscard]] SyncPlan plan() const;
  SyncObserver observer();

  config::Mailbox mailbox_;
  WatchShared& shared_;
  unsigned failures_ = 0;      // in a row
  unsigned fruitless_ = 0;     // short waits in a row that told of nothing new
  bool has_news_ = false;      // of the last visit
  bool has_more_ = false;      // it is to be continued at once
  bool waits_for_dns_ = true;  // an earlier run may have left something
  bool has_told_of_waiting_ = false;
  std::atomic<std::int64_t> deadline_{0};     // of the visit; see ingest::mailbox::Stop
  std::atomic<std::int64_t> alive_until_{0};  // milliseconds of the steady clock; 0: not started
};

}  // namespace ruaudit::jobs
