// An IMAP connection (RFC 3501, RFC 9051) as the ingest of reports needs it: log in, folders, UIDs, streaming fetches
// that never set \Seen, acknowledging moves that never expunge another's mail, IDLE. In: an Endpoint and a
// CredentialSource. Out: values and the chunks of mails. Nothing is stored and nothing is decided here. Folder names
// are UTF-8 with '/' between levels: the server's separator, namespace prefix and modified UTF-7 are put in and taken
// out here; a name that holds the server's own separator or prefix already is left as it is. After an Error with the
// code "mailbox-connection-lost", "mailbox-timeout", "mailbox-stopped" or "mailbox-answer-..." the connection is
// unusable: open another.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/connection.hpp"
#include "ingest/mailbox/endpoint.hpp"
#include "ingest/mailbox/mail_receiver.hpp"
#include "ingest/mailbox/stop.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

using Uid = std::uint32_t;

struct FolderEntry {
  std::string name;                // UTF-8, the server's separator between levels
  char separator = 0;              // 0: the folder has no levels
  std::vector<std::string> flags;  // "\\Noselect", "\\Trash", ...
  [[nodiscard]] bool selectable() const;
  bool operator==(const FolderEntry&) const = default;
};

enum class Access { read_only, read_write };  // EXAMINE, SELECT

struct FolderState {
  std::uint32_t uid_validity = 0;
  std::uint32_t uid_next = 0;  // 0: not told
  std::uint32_t exists = 0;
  std::vector<std::string> permanent_flags;
  bool read_only = false;  // by the server's word, also after SELECT
  bool operator==(const FolderState&) const = default;
};

struct UidRange {
  Uid first = 1;
  Uid last = 0xffffffff;
  bool operator==(const UidRange&) const = default;
};

struct MailFacts {
  Uid uid = 0;
  std::uint64_t octets = 0;  // RFC822.SIZE
  std::vector<std::string> flags;
  std::optional<std::int64_t> internal_date;  // UTC epoch seconds
  bool operator==(const MailFacts&) const = default;
};

// How the moved mails left the folder. expunge_left: they are copied and flagged \Deleted, but the server offers
// neither MOVE nor UIDPLUS, or expunges nothing, so that is left to the owner of the folder. delete_left: they are
// copied, but the server flags nothing as deleted.
enum class MoveMethod { move, copy_and_expunge, expunge_left, delete_left };

struct UidPair {
  Uid from = 0;
  Uid to = 0;
  bool operator==(const UidPair&) const = default;
};

struct MoveOutcome {
  MoveMethod method = MoveMethod::move;
  std::vector<UidPair> moved;  // by COPYUID; empty when the server does not tell
  bool operator==(const MoveOutcome&) const = default;
};

enum class FlagChange { add, remove };

enum class IdleEnd { changed, deadline, woken };  // changed: mails came or went

// A mail of which the server says neither facts nor that it refuses them may not be there any more.
struct FactsOutcome {
  std::vector<MailFacts> facts;       // ascending by UID; a size that was not told is 0
  std::vector<Uid> refused;           // not told of, because the server broke off: ask again one by one
  std::string refusal;                // the server's words, or empty
  bool is_refusal_temporary = false;  // by the server's word // RFC 5530 section 3
};

class ImapSession {
 public:
  // Connects and reads the capabilities; nobody is logged in yet. For tests of a source step by step.
  static model::Result<ImapSession> connect(const Endpoint& endpoint, Stop stop = {});
  // connect and login.
  static model::Result<ImapSession> open(const Endpoint& endpoint, const CredentialSource& source, Stop stop = {});
  ImapSession(ImapSession&&) noexcept;
  ImapSession& operator=(ImapSession&&) noexcept;
  ~ImapSession();

  // PLAIN, else LOGIN; XOAUTH2 or OAUTHBEARER as the credentials say. A refused token is renewed once. Codes
  // "mailbox-login-refused", "mailbox-login-method" (nothing usable is announced).
  model::Result<void> login(const CredentialSource& source);
  [[nodiscard]] const std::string& login_method() const;  // "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "PREAUTH"
  [[nodiscard]] const ConnectionFacts& connection() const;
  [[nodiscard]] const std::vector<std::string>& capabilities() const;  // upper case, without the ignored ones
  [[nodiscard]] bool has(std::string_view capability) const;
  [[nodiscard]] const std::string& namespace_prefix() const;  // of the personal namespace, UTF-8: "", "INBOX."
  [[nodiscard]] char separator() const;                       // of the personal namespace; 0: none
  // The name as list() gives it: with the server's separator and the prefix of the personal namespace.
  [[nodiscard]] std::string server_name(std::string_view name) const;

  // The folders whose names match the pattern ('*' any text, '%' any text within one level).
  model::Result<std::vector<FolderEntry>> list(std::string_view pattern);
  // Error "mailbox-folder-missing" when there is none.
  model::Result<FolderState> select(std::string_view folder, Access access);
  // Also when it exists already.
  model::Result<void> create(std::string_view folder);

  // The UIDs of the selected folder within the range, ascending; since (UTC epoch seconds): only mails that arrived on
  // that day or later, with a day to spare for time zones. Asked from the newest down in windows, so that answers stay
  // short and a mail that another client expunges in the meantime hides no other.
  model::Result<std::vector<Uid>> search_uids(std::optional<std::int64_t> since = {}, UidRange range = {});
  // Facts of those of the UIDs that exist, ascending.
  model::Result<FactsOutcome> fetch_facts(std::span<const Uid> uids);
  // Streams the mails by BODY.PEEK[], in batches (Endpoint::batch) that are asked for ahead.
  model::Result<FetchOutcome> fetch(std::span<const WantedMail> wanted, MailReceiver& receiver);

  // Error "mailbox-folder-missing" when the server says that the target does not exist; nothing has moved then.
  model::Result<MoveOutcome> move(std::span<const Uid> uids, std::string_view folder);
  // Flags \Deleted and expunges these UIDs alone; expunge_left without UIDPLUS.
  model::Result<MoveOutcome> remove(std::span<const Uid> uids);
  model::Result<void> store_flags(std::span<const Uid> uids, FlagChange change, std::string_view flag);

  // Waits for a change of the selected folder, at most `patience` (RFC 2177: below 29 minutes). Error "mailbox-no-idle"
  // when the server does not offer it.
  model::Result<IdleEnd> idle(std::chrono::milliseconds patience, int wake_descriptor = -1);
  // Keeps the connection alive. The number of mails in the selected folder by the server's last word.
  model::Result<std::uint32_t> noop();
  model::Result<void> logout();

 private:
  struct State;
  explicit ImapSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::ingest::mailbox
