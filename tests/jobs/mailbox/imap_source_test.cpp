// Which folders are visited, and how a visit ends, by the word of a server that says what the test wants.
#include "jobs/mailbox/imap_source.hpp"

#include <catch2/catch.hpp>

#include "tests/ingest/mailbox/scripted_server.hpp"

namespace ruaudit::jobs::test {
namespace {

namespace mb = ingest::mailbox;
using ruaudit::test::ScriptedReply;
using ruaudit::test::ScriptedServer;

// Levels are separated by dots, and all folders stand below INBOX.
ScriptedReply reply(const std::string& line) {
  if (line.empty()) return {.octets = "* OK [CAPABILITY IMAP4rev1 SASL-IR NAMESPACE AUTH=PLAIN] hello\r\n"};
  const auto asks = [&line](const char* command) { return line.find(command) != std::string::npos; };
  const std::string done = line.substr(0, line.find(' ')) + " OK done\r\n";
  if (asks(" CAPABILITY")) return {.octets = "* CAPABILITY IMAP4rev1 NAMESPACE\r\n" + done};
  if (asks(" NAMESPACE")) return {.octets = "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n" + done};
  if (asks(" LOGOUT")) return {.octets = "* BYE\r\n", .hangs_up = true};
  std::string listed;
  if (asks(" LIST "))
    for (const std::string name :
         {"Inbox", "INBOX.Reports", "INBOX.Reports.Done", "INBOX.Broken", "INBOX.Processed", "INBOX.Trash"})
      listed += "* LIST () \".\" " + name + "\r\n";
  return {.octets = listed + done};
}

ImapSource source_of(const ScriptedServer& server, const config::Mailbox& mailbox) {
  mb::Endpoint endpoint;
  endpoint.security = mb::Security::plaintext;
  endpoint.host = "127.0.0.1";
  endpoint.port = server.port();
  const auto password = [](mb::Freshness) -> model::Result<mb::Credentials> {
    return mb::Password{"reports", "secret"};
  };
  auto session = mb::ImapSession::open(endpoint, password);
  REQUIRE(session);
  return {std::move(*session), mailbox, {}};
}

}  // namespace

TEST_CASE("folders: where mails are moved to is not read, nor what is excepted, however the server names it") {
  const ScriptedServer server(reply);
  config::Mailbox mailbox;
  mailbox.folders = {"*"};
  mailbox.folders_except = {"Trash"};
  mailbox.done = {config::Disposal::move, "Reports/Done"};
  mailbox.failed = {config::Disposal::move, "INBOX.Broken"};
  auto source = source_of(server, mailbox);
  CHECK(source.folders().value() == std::vector<std::string>{"Inbox", "INBOX.Reports", "INBOX.Processed"});
}

TEST_CASE("folders: a flag is no folder, and a folder that is named in two ways is visited once") {
  const ScriptedServer server(reply);
  config::Mailbox mailbox;
  mailbox.folders = {"Processed", "INBOX", "INBOX.Processed", "*"};
  mailbox.folders_except = {"Reports", "Reports/*", "Broken", "Trash"};
  mailbox.done = {config::Disposal::flag, "Processed"};
  auto source = source_of(server, mailbox);
  CHECK(source.folders().value() == std::vector<std::string>{"Processed", "INBOX"});
}

TEST_CASE("close: a server that hangs up at the log-out takes nothing back") {
  const ScriptedServer server(reply);
  CHECK(source_of(server, {}).close());
}

}  // namespace ruaudit::jobs::test
