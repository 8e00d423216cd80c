// A mailbox that is being visited, whatever serves it: IMAP, POP3, a maildir, or a made-up one in tests. One folder is
// open at a time. Called from one thread at a time. In: names of folders and messages. Out: mails as octets, each
// named as the ledger names it. Sources store nothing and decide nothing. After an error whose code is_connection_end()
// the source is unusable.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "ingest/bytes.hpp"
#include "model/result.hpp"
#include "store/ledger/mailbox_state.hpp"

namespace ruaudit::jobs {

struct ListedMail {
  std::string uid;
  std::uint64_t octets = 0;  // 0: not known
  // After many attempts: a body that is shorter than the server announced is taken as it is.
  bool is_taken_short = false;
  bool is_named_by_number = false;  // the server may call another mail the same tomorrow
};

// A mail that arrived, or why it never will: such a message is there, but is not to be asked for again.
struct ArrivedMail {
  std::string uid;
  std::int64_t received = 0;  // epoch seconds; 0: not known
  model::Result<ingest::Bytes> octets;
};

// False: no more are wanted.
using MailSink = std::function<bool(ArrivedMail)>;

// Of the messages asked for those that were not handed to the sink.
struct NotArrived {
  std::vector<std::string> gone;     // not there any more
  std::vector<std::string> refused;  // there, but not given: to be asked for again another time
  std::string refusal;               // the server's words, or empty
  // Of the refused those that the server gives another time, by its own word, however often they were asked for.
  std::vector<std::string> temporary;
  // Not asked for one by one any more, because the server gave none of several others for now.
  std::vector<std::string> put_off;
  // Not kept for a reason of this machine's (a full disk): no fault of the message, to be asked for again.
  std::vector<std::string> unspooled;
  std::optional<model::Error> local_error;  // that reason
};

// at_once: an action counts when acknowledge() has returned. at_close: when close() has.
enum class ActionsCount : std::uint8_t { at_once, at_close };

// left_marked: marked as deleted, after a copy was made if they were to be moved, but the server lets nobody expunge
// single messages. left_copied: copied, but the server lets nobody mark them as deleted.
enum class ActionEnd : std::uint8_t { complete, left_marked, left_copied };

enum class WaitEnd : std::uint8_t { changed, deadline, stopped };

class MailSource {
 public:
  virtual ~MailSource() = default;

  virtual model::Result<std::vector<std::string>> folders() = 0;
  // Why the last folders() may not have told all of them.
  [[nodiscard]] virtual std::optional<model::Error> folders_error() const { return std::nullopt; }
  // The name of the mailbox in the result is left empty.
  virtual model::Result<store::MailboxFolder> open(const std::string& folder) = 0;
  // The messages of the open folder; since (epoch seconds): only those that came on that day or later.
  virtual model::Result<std::vector<ListedMail>> list(std::optional<std::int64_t> since) = 0;
  // What people should know of the last list(): messages that the server cannot name.
  [[nodiscard]] virtual std::string list_remark() const { return {}; }
  virtual model::Result<NotArrived> fetch(std::span<const ListedMail> mails, const MailSink& sink) = 0;
  // The action is not `nothing`. Messages that are gone are no error: what was to be done with them is done.
  virtual model::Result<ActionEnd> acknowledge(const config::Disposition& action,
                                               std::span<const std::string> uids) = 0;
  [[nodiscard]] virtual ActionsCount actions_count() const { return ActionsCount::at_once; }
  virtual model::Result<void> close() = 0;
  // Waits in the open folder for something new; error "mailbox-no-idle" where only asking again helps.
  virtual model::Result<WaitEnd> wait(std::chrono::milliseconds patience) = 0;
};

// Of a mail above Mailbox::max_message_octets, which is not asked for.
model::Error too_large_error();

// Whether the sizes that its server tells are known to be estimates, by the configuration.
bool has_estimated_sizes(const config::Mailbox& mailbox);

// What happened and what helps: "the server opened the folder read-only (give this user the right to change it)".
std::string with_hint(const model::Error& error);

// True for errors after which another connection may help: lost, timed out, stopped, an answer beyond the limits.
bool is_connection_end(const model::Error& error);

}  // namespace ruaudit::jobs
