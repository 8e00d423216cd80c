// What the database knows about mailboxes besides the mails themselves: which messages have a ledger row, which of them
// wait for their acknowledgement, how often a message was asked for that never arrived, and how the last visit of each
// source ended. The ledger is the checkpoint: there is no "highest UID", so a message that could not be fetched is
// asked for again, and \Seen means nothing. Works on the connection it is given, between transactions of the writer.
// Memory: one row at a time, except where a limit is an argument.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "store/ledger/ledger.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// A folder as the ledger names it. A maildir and POP3 have uidvalidity 0.
struct MailboxFolder {
  std::string mailbox;
  std::string folder;
  std::int64_t uidvalidity = 0;
};

enum class Acknowledgement : std::uint8_t { none, pending, done, failed };

struct PendingMessage {
  std::int64_t ledger_key = 0;
  std::string uid;
  // Of a mail whose octets were known under another name: what happened to those.
  Outcome outcome = Outcome::stored;
  std::int64_t attempts = 0;
};

// A message of the ledger by its name.
struct NamedMessage {
  std::int64_t ledger_key = 0;
  std::int64_t size = 0;  // octets as received; 0: it never came
  Acknowledgement acknowledgement = Acknowledgement::none;
  std::int64_t attempts = 0;    // at its acknowledgement, or to see whether the name is still its own
  std::int64_t seen_count = 1;  // how often these octets came
  std::optional<std::int64_t> last_attempt;
};

// How often a message was asked for that has no ledger row, and when that counted last.
struct Attempt {
  std::int64_t count = 0;
  std::int64_t last = 0;  // epoch seconds
  bool operator==(const Attempt&) const = default;
};
using Attempts = std::map<std::string, Attempt, std::less<>>;  // by UID

// How one visit of a source ended; nothing = well.
struct Visit {
  std::string source;
  std::int64_t now = 0;
  std::int64_t stored_messages = 0;  // ledger rows written by it
  std::optional<model::Error> error;
};

struct SourceState {
  std::string source;
  std::int64_t last_attempt = 0;
  std::optional<std::int64_t> last_success;
  std::int64_t failures = 0;      // visits that failed since the last that did not
  std::int64_t messages = 0;      // of all visits
  std::string error_code, error;  // of the last visit, empty when it succeeded
};

class MailboxState {
 public:
  // `database` must outlive the object.
  static model::Result<MailboxState> create(Database& database);
  MailboxState(MailboxState&&) noexcept;
  MailboxState& operator=(MailboxState&&) noexcept;
  ~MailboxState();

  model::Result<bool> is_known(const MailboxFolder& folder, std::string_view uid);
  // What is known of the message that has this name.
  model::Result<std::optional<NamedMessage>> find(const MailboxFolder& folder, std::string_view uid);
  // Messages that are known and fetched once more, to see whether their names are still theirs: counted as attempts.
  model::Result<void> begin_check(std::span<const std::int64_t> ledger_keys);

  [[nodiscard]] model::Result<bool> has_mailbox(std::string_view name);
  // Its messages and attempts take over the new name; one that is there under both keeps its new row.
  model::Result<void> rename_mailbox(std::string_view former, std::string_view name);

  // Messages of other UIDVALIDITYs have no name any more by which they could be acknowledged or asked for.
  model::Result<void> forget_other_validities(const MailboxFolder& folder);

  model::Result<Attempts> attempts(const MailboxFolder& folder);
  // Counts one attempt for each, before anything is asked for, so that a mail that ends the program is noticed.
  model::Result<void> begin_attempts(const MailboxFolder& folder, std::span<const std::string> uids, std::int64_t now);
  // After the attempt: `not_counted` get back what they had (`former`, as attempts() gave it before); messages with a
  // ledger row are forgotten.
  model::Result<void> settle_attempts(const MailboxFolder& folder, std::span<const std::string> not_counted,
                                      const Attempts& former);
  model::Result<void> forget_attempt(const MailboxFolder& folder, std::string_view uid);

  // At most `limit` messages after ledger key `after` whose state is pending, or failed before `failed_before`.
  model::Result<std::vector<PendingMessage>> pending(const MailboxFolder& folder, std::int64_t after,
                                                     std::int64_t failed_before, std::size_t limit);
  model::Result<void> set_acknowledgement(std::span<const std::int64_t> ledger_keys, Acknowledgement state);
  // One more attempt; the state becomes failed with the `max_attempts`th.
  model::Result<void> count_failed_acknowledgement(std::span<const std::int64_t> ledger_keys, std::int64_t max_attempts,
                                                   std::int64_t now);

  model::Result<void> record_visit(const Visit& visit);

 private:
  struct Statements;
  explicit MailboxState(std::unique_ptr<Statements> statements);
  std::unique_ptr<Statements> statements_;
};

// All sources that were ever visited, by name.
model::Result<std::vector<SourceState>> source_states(Database& database);

struct AcknowledgementCounts {
  std::int64_t pending = 0, failed = 0;
  std::int64_t unfetched = 0;  // messages that were asked for and have not come
  std::int64_t withheld = 0;   // those of them that were asked for at least three times
};
model::Result<AcknowledgementCounts> count_acknowledgements(Database& database);

}  // namespace ruaudit::store

namespace ruaudit::model {
template <>
inline constexpr EnumText<store::Acknowledgement> enum_table<store::Acknowledgement>[] = {
    {store::Acknowledgement::none, "none"},
    {store::Acknowledgement::pending, "pending"},
    {store::Acknowledgement::done, "done"},
    {store::Acknowledgement::failed, "failed"}};
}  // namespace ruaudit::model
