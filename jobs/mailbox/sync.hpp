// One visit of a mailbox that loses nothing: what is pending from before is acknowledged, the folder's messages are
// compared with the ledger, those without a row are fetched in rounds and stored, and only what is committed to the
// disk is acknowledged. Every step may be interrupted anywhere: the ledger is the checkpoint, and storing is
// idempotent. Mails that never arrive, or that crash the program, are counted across runs, fetched in small groups and
// then one at a time, and given up after Mailbox::max_attempts. Memory grows only by 40 octets per message in the
// mailbox.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <unordered_set>

#include "config/configuration.hpp"
#include "jobs/mailbox/acknowledgement.hpp"
#include "jobs/mailbox/round.hpp"
#include "store/ledger/mailbox_state.hpp"

namespace ruaudit::jobs {

enum class VisitMode : std::uint8_t { take_in, look_only };  // look_only: nothing is fetched, stored or acknowledged

struct SyncPlan {
  config::Mailbox mailbox;
  VisitMode mode = VisitMode::take_in;
  ReadingOptions reading;
  CommitPolicy commit{.items = 1000, .octets = std::size_t{16} << 20U, .durability = store::Durability::durable};
  std::size_t round_messages = 2000;
};

struct SyncCounts {
  IngestCounts ingest;
  std::int64_t listed = 0;          // messages in the folders
  std::int64_t fresh = 0;           // of these without a row in the ledger
  std::int64_t gone = 0;            // listed, but expunged before they were fetched
  std::int64_t refused = 0;         // listed, but the server did not deliver them
  std::int64_t given_up = 0;        // tried too often
  std::int64_t acknowledged = 0;    // moved, flagged, deleted, or found to need nothing
  std::int64_t unacknowledged = 0;  // the action failed; it is tried again
  std::int64_t checked = 0;         // of those read: they have a row, and were fetched to see that they are the same
  SyncCounts& operator+=(const SyncCounts& other);
};

enum class NoteLevel : std::uint8_t { error, warning, info, debug };

struct SyncObserver {
  NoticeSink part;  // on the writing thread
  std::function<void(NoteLevel, const std::string&)> note;
  std::function<void()> progress;  // between rounds and actions: the visit is alive
  std::function<bool()> stop_requested;
  TurnTaker turn{};
};

class MailboxSync {
 public:
  // All must outlive the object; `database` is used by this thread and the writing thread in turn.
  static model::Result<MailboxSync> create(const SyncPlan& plan, store::Database& database,
                                           const verify::suffix::PublicSuffixList& list, const SyncObserver& observer);

  // All folders, then close(). After an error counts() still tells what was done before it.
  model::Result<void> visit(MailSource& source);
  // The source's folders. That some of them cannot be named is told at the end of the visit.
  model::Result<std::vector<std::string>> folders(MailSource& source);
  // One folder; the source stays open. That a folder cannot be read is told at the end of the visit.
  model::Result<void> visit_folder(MailSource& source, const std::string& folder);
  // After all folders: the error of this machine's that kept mails from coming in, else that of the first folder that
  // could not be read.
  [[nodiscard]] model::Result<void> end_of_visit() const;
  // Ends the source; actions that count at its end are then done.
  model::Result<void> close(MailSource& source);
  [[nodiscard]] const SyncCounts& counts() const { return counts_; }
  // True where a source was left before its end, so that its actions count: after close() it is to be visited again.
  [[nodiscard]] bool has_more() const { return has_more_; }

 private:
  MailboxSync(const SyncPlan& plan, store::Database& database, const verify::suffix::PublicSuffixList& list,
              const SyncObserver& observer, store::MailboxState state, store::KnownItems known);
  model::Result<void> sync_folder(MailSource& source, const std::string& folder);
  model::Result<void> take_in(MailSource& source, std::vector<ListedMail> fresh);
  model::Result<void> read_attempts(std::span<const ListedMail> fresh);
  [[nodiscard]] store::Attempt former_attempt(const std::string& uid) const;
  [[nodiscard]] bool counts_again(const std::string& uid, bool is_temporary) const;
  model::Result<void> rounds(MailSource& source, std::span<const ListedMail> mails, std::size_t size);
  model::Result<void> round(MailSource& source, std::span<const ListedMail> mails, bool is_giving_up = false);
  void count_not_arrived(const NotArrived& rest);
  model::Result<void> settle(std::span<const ListedMail> mails, const RoundResult& result);
  model::Result<void> acknowledge_pending(MailSource& source);
  model::Result<void> acknowledge_with_care(MailSource& source, const config::Disposition& action,
                                            std::span<const store::PendingMessage> messages);
  model::Result<void> acknowledge(MailSource& source, const config::Disposition& action,
                                  std::span<const store::PendingMessage> messages);
  model::Result<void> acknowledge_one_by_one(MailSource& source, const config::Disposition& action,
                                             std::span<const store::PendingMessage> pending);
  model::Result<void> acknowledging_ended(std::span<const std::int64_t> keys, const model::Error& end);
  void note_what_is_left(ActionEnd end, std::size_t number) const;
  model::Result<std::vector<ListedMail>> without_row(std::vector<ListedMail> listed);
  model::Result<std::vector<ListedMail>> find_suspects(std::span<const ListedMail> listed);
  model::Result<bool> has_lost_pending(std::span<const ListedMail> listed);
  void note_checked(const RoundResult& result);
  [[nodiscard]] bool is_to_be_closed(const MailSource& source) const;
  model::Result<void> in_turn(const std::function<model::Result<void>()>& write) const;
  model::Result<void> begin_folder();
  void note(NoteLevel level, const std::string& text) const;
  [[nodiscard]] bool should_stop() const;

  const SyncPlan& plan_;
  const SyncObserver& observer_;
  AcknowledgementRules rules_;
  store::MailboxState state_;
  store::KnownItems known_;
  store::Database& database_;
  std::unique_ptr<ReaderHost> reader_;
  store::MailboxFolder folder_;
  std::string source_name_;
  store::Attempts former_;                                // of the messages of folder_, before this visit
  std::unordered_set<std::int64_t> actions_until_close_;  // ledger keys
  std::unordered_set<std::string> unproven_;  // UIDs of messages with a row, to be fetched before anything is done with
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  bool has_more_ = false;
  std::optional<model::Error> local_error_;   // kept a mail from coming in; the visit continues and ends with it
  std::optional<model::Error> folder_error_;  // of the first folder that could not be read
  SyncCounts counts_;
};

// "imap://user@mail.example/INBOX", "maildir:/var/mail/reports": for people and for the ledger's source column.
std::string source_name(const config::Mailbox& mailbox, std::string_view folder);
// The name that stays when security or the section's name change: "imap://user@host:993".
std::string mailbox_identity(const config::Mailbox& mailbox);
// The same as the ledger knows it: without the port as long as rows of an older version wait for being renamed.
model::Result<std::string> ledger_identity(store::MailboxState& state, const config::Mailbox& mailbox);

}  // namespace ruaudit::jobs
