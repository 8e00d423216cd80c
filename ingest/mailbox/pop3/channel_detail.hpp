// Commands and their replies on one POP3 connection, pipelined or one by one. After an error every further command
// fails with "mailbox-connection-lost".
#pragma once
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mailbox/connection.hpp"
#include "ingest/mailbox/pop3/response.hpp"

namespace ruaudit::ingest::mailbox {

// What happens with the replies; each part may be empty. Calls come in the order of the commands.
struct ReplyHandler {
  std::function<model::Result<void>(const Pop3Status&)> status;
  std::function<model::Result<void>(std::string_view)> line;
  std::function<model::Result<void>(std::string_view)> mail_chunk;
  std::function<model::Result<void>()> end;
};

class Pop3Channel : private Pop3Events {
 public:
  Pop3Channel(const Endpoint& endpoint, Connection connection);
  // An empty command sends an empty line.
  model::Result<void> send(std::string_view command, ReplyKind kind);
  void expect_greeting() { reader_.expect(ReplyKind::status); }
  // Reads until the next reply is complete; its status.
  model::Result<Pop3Status> finish(const ReplyHandler& handler = {});
  model::Result<Pop3Status> run(std::string_view command, ReplyKind kind = ReplyKind::status,
                                const ReplyHandler& handler = {});
  [[nodiscard]] const ConnectionFacts& facts() const { return connection_.facts(); }

 private:
  model::Result<void> status(const Pop3Status& status) override;
  model::Result<void> line(std::string_view line) override;
  model::Result<void> mail_chunk(std::string_view octets) override;
  model::Result<void> end() override;
  model::Result<void> read_some(WaitBudget& budget);
  model::Result<void> usable() const;
  model::Error break_off(const model::Error& error);
  [[nodiscard]] WaitBudget new_budget() const;

  Endpoint endpoint_;
  Connection connection_;
  Pop3Reader reader_;
  std::vector<char> room_;
  const ReplyHandler* handler_ = nullptr;
  Pop3Status current_;
  std::deque<Pop3Status> complete_;
  bool is_broken_ = false;
};

model::Error refused(std::string_view what, const Pop3Status& status);

}  // namespace ruaudit::ingest::mailbox
