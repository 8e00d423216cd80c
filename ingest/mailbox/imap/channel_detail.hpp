// Commands and their answers on one IMAP connection: tags, pipelining, unsolicited responses. The session's
// commands are built on it. After an error every further command fails with "mailbox-connection-lost".
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/mailbox/connection.hpp"
#include "ingest/mailbox/imap/response.hpp"
#include "ingest/mailbox/imap/value.hpp"

namespace ruaudit::ingest::mailbox {

// What happens with the answer to a command; each part may be empty.
struct AnswerHandler {
  std::function<model::Result<void>(const ImapResponse&)> untagged;
  std::function<model::Result<void>(std::uint64_t)> body_begin;
  std::function<model::Result<void>(std::string_view)> body_chunk;
};

class ImapChannel : private ImapEvents {
 public:
  ImapChannel(const Endpoint& endpoint, Connection connection);

  // Sends "tag command CRLF"; the tag.
  model::Result<std::string> send(std::string_view command);
  model::Result<void> send_line(std::string_view line);
  // Reads until the command with this tag is answered.
  model::Result<ImapStatus> finish(const std::string& tag, const AnswerHandler& handler = {});
  // Reads until the server asks for more ("+ text"), or answers the command: then nothing.
  model::Result<std::optional<std::string>> continuation(const std::string& tag);
  // send and finish.
  model::Result<ImapStatus> run(std::string_view command, const AnswerHandler& handler = {});
  // The same; NO and BAD are the error "mailbox-command-refused".
  model::Result<ImapStatus> run_ok(std::string_view command, const AnswerHandler& handler = {});
  // The greeting: the first status the server sends.
  model::Result<ImapStatus> greeting();
  // Handles what has come, without waiting; then waits for more at most `patience` unless the folder has changed.
  model::Result<Readable> listen(std::chrono::milliseconds patience, int wake_descriptor);

  [[nodiscard]] const ConnectionFacts& facts() const { return connection_.facts(); }
  [[nodiscard]] const std::vector<std::string>& capabilities() const { return capabilities_; }
  [[nodiscard]] bool has(std::string_view capability) const;
  void forget_capabilities() { capabilities_.clear(); }
  // Counts octets of mails that nobody asked for; error "mailbox-unasked" when they are too many.
  model::Result<void> count_unasked(std::uint64_t octets);
  [[nodiscard]] const AnswerLimits& limits() const { return endpoint_.limits; }
  [[nodiscard]] std::uint32_t exists() const { return exists_; }
  // Whether the server has said how many mails the selected folder holds.
  [[nodiscard]] bool is_counted() const { return is_counted_; }
  void forget_folder() {
    exists_ = 0;
    is_counted_ = false;
    uid_validity_.clear();
  }
  [[nodiscard]] bool folder_changed() const { return folder_changed_; }
  void forget_change() { folder_changed_ = false; }

 private:
  model::Result<void> line(const ImapLine& line) override;
  model::Result<void> body_begin(std::uint64_t octets) override;
  model::Result<void> body_chunk(std::string_view octets) override;
  model::Result<void> take_response(const ImapResponse& response);
  model::Result<void> take_status(const ImapStatus& status);
  void take_count(const ImapCount& count);
  void take_capabilities(const std::vector<std::string>& names);
  void take_capability(const std::string& name);
  model::Result<void> read_some(WaitBudget& budget);
  model::Result<void> feed(std::string_view octets);
  model::Result<void> usable() const;
  model::Error break_off(const model::Error& error);
  [[nodiscard]] WaitBudget new_budget() const;

  Endpoint endpoint_;
  Connection connection_;
  ImapReader reader_;
  std::vector<char> room_;
  std::string tag_prefix_;
  std::uint32_t tag_number_ = 0;
  std::vector<std::string> pending_;  // tags sent, not answered
  std::map<std::string, ImapStatus> answered_;
  const AnswerHandler* handler_ = nullptr;
  std::optional<std::string> continuation_;
  std::optional<ImapStatus> greeting_;
  std::string bye_;  // why the server hangs up
  std::vector<std::string> capabilities_;
  std::uint32_t exists_ = 0;
  std::string uid_validity_;  // of the selected folder, as sent
  bool is_counted_ = false;
  std::uint64_t unasked_octets_ = 0;
  bool folder_changed_ = false;
  bool has_sent_mail_ = false;  // by this connection
  bool is_broken_ = false;
};

model::Error refused(std::string_view what, const ImapStatus& status);
// Whether the server says that another time may help: of a login or of what is fetched. RFC 5530 section 3
bool is_temporary(const ImapStatus& status);

}  // namespace ruaudit::ingest::mailbox
