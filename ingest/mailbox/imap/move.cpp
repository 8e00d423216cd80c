// The acknowledging half of ImapSession: moving, deleting and flagging exactly the mails named.
#include <algorithm>

#include "ingest/mailbox/imap/session_detail.hpp"
#include "ingest/mailbox/imap/uid_set.hpp"
#include "ingest/mailbox/server_text.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;

constexpr std::size_t move_window = 200;

std::vector<Uid> sorted_unique(std::span<const Uid> uids) {
  std::vector<Uid> sorted(uids.begin(), uids.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

// "COPYUID validity from to", sets of equal length. // RFC 4315 section 3
void take_copies(const ImapStatus& status, MoveOutcome& outcome) {
  if (status.code != "COPYUID") return;
  std::string_view text = status.arguments;
  text.remove_prefix(std::min(text.find(' '), text.size() - 1) + 1);
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return;
  const auto from = parse_uid_set(text.substr(0, blank), move_window);
  const auto to = parse_uid_set(text.substr(blank + 1), move_window);
  if (!from || !to || from->size() != to->size()) return;
  for (std::size_t i = 0; i < from->size(); ++i) outcome.moved.push_back({(*from)[i], (*to)[i]});
}

// MOVE and COPY to a folder that is not there: NO [TRYCREATE]. // RFC 3501 section 6.4.7
model::Error not_moved(std::string_view verb, std::string_view folder, const ImapStatus& status) {
  auto error = refused(std::string(verb) + " to folder \"" + quoted_for_message(folder) + "\"", status);
  if (status.code == "TRYCREATE" || status.code == "NONEXISTENT")
    return {"mailbox-folder-missing", error.message, "create the folder, or let it be created"};
  return error;
}

class Mover {
 public:
  Mover(ImapChannel& channel, MoveOutcome& outcome) : channel_(channel), outcome_(outcome) {}

  Result<ImapStatus> send_to(std::string_view verb, std::string_view set, const std::string& argument) {
    const auto take = [this](const ImapResponse& response) -> Result<void> {
      if (const auto* status = std::get_if<ImapStatus>(&response)) take_copies(*status, outcome_);
      return {};
    };
    TRY(auto status, channel_.run("UID " + std::string(verb) + " " + std::string(set) + " " + argument,
                                  {.untagged = take, .body_begin = {}, .body_chunk = {}}));
    if (status.condition == Condition::ok) take_copies(status, outcome_);
    return status;
  }

  // Flags and, where it can be limited to these UIDs, expunges: a plain EXPUNGE would also take the mails that others
  // have flagged. // RFC 4315 section 2.1
  Result<void> expunge(const std::string& set) {
    TRY_VOID(channel_.run_ok("UID STORE " + set + " +FLAGS.SILENT (\\Deleted)"));
    is_flagged_ = true;
    if (outcome_.method == MoveMethod::copy_and_expunge) TRY_VOID(channel_.run_ok("UID EXPUNGE " + set));
    return {};
  }

  // The same where the mails are copied: a refusal is told by the method, because another attempt would copy again.
  Result<void> remove_copied(const std::string& set) {
    const auto expunged = expunge(set);
    if (expunged) return {};
    if (expunged.error().code != "mailbox-command-refused") return failure(expunged.error());
    outcome_.method = is_flagged_ ? MoveMethod::expunge_left : MoveMethod::delete_left;
    return {};
  }

 private:
  ImapChannel& channel_;
  MoveOutcome& outcome_;
  bool is_flagged_ = false;
};

bool is_flag(std::string_view flag) {
  const auto atom = flag.starts_with('\\') ? flag.substr(1) : flag;
  return !atom.empty() && std::all_of(atom.begin(), atom.end(), [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("(){%*\"\\]").find(c) == std::string_view::npos;
  });
}

}  // namespace

Result<MoveOutcome> ImapSession::move(std::span<const Uid> uids, std::string_view folder) {
  auto& channel = state_->channel;
  TRY(const auto argument, state_->folder_argument(folder));
  MoveOutcome outcome;
  bool has_move = channel.has("MOVE");
  const auto copying = channel.has("UIDPLUS") ? MoveMethod::copy_and_expunge : MoveMethod::expunge_left;
  outcome.method = has_move ? MoveMethod::move : copying;
  const auto sorted = sorted_unique(uids);
  for (std::span<const Uid> rest(sorted); !rest.empty(); rest = rest.subspan(std::min(move_window, rest.size()))) {
    const auto set = uid_set_text(rest.first(std::min(move_window, rest.size())));
    Mover mover(channel, outcome);
    // RFC 6851 section 3.1
    TRY(auto status, mover.send_to(has_move ? "MOVE" : "COPY", set, argument));
    // Announced, but not known to the server: nothing has been done. // RFC 3501 section 7.1.3
    if (has_move && status.condition == Condition::bad) {
      has_move = false;
      outcome.method = copying;
      TRY(status, mover.send_to("COPY", set, argument));
    }
    if (status.condition != Condition::ok) return failure(not_moved(has_move ? "MOVE" : "COPY", folder, status));
    if (!has_move) TRY_VOID(mover.remove_copied(set));
  }
  return outcome;
}

Result<MoveOutcome> ImapSession::remove(std::span<const Uid> uids) {
  auto& channel = state_->channel;
  MoveOutcome outcome;
  const bool has_uidplus = channel.has("UIDPLUS");
  outcome.method = has_uidplus ? MoveMethod::copy_and_expunge : MoveMethod::expunge_left;
  const auto sorted = sorted_unique(uids);
  for (std::span<const Uid> rest(sorted); !rest.empty(); rest = rest.subspan(std::min(move_window, rest.size())))
    TRY_VOID(Mover(channel, outcome).expunge(uid_set_text(rest.first(std::min(move_window, rest.size())))));
  return outcome;
}

Result<void> ImapSession::store_flags(std::span<const Uid> uids, FlagChange change, std::string_view flag) {
  if (!is_flag(flag))
    return failure("mailbox-flag", "\"" + quoted_for_message(flag) + "\" cannot be a flag",
                   "use letters, digits and $, or one of \\Seen, \\Flagged, \\Answered, \\Deleted");
  const auto sorted = sorted_unique(uids);
  const std::string verb = change == FlagChange::add ? " +FLAGS.SILENT (" : " -FLAGS.SILENT (";
  for (std::span<const Uid> rest(sorted); !rest.empty(); rest = rest.subspan(std::min(move_window, rest.size())))
    TRY_VOID(state_->channel.run_ok("UID STORE " + uid_set_text(rest.first(std::min(move_window, rest.size()))) + verb +
                                    std::string(flag) + ")"));
  return {};
}

}  // namespace ruaudit::ingest::mailbox
