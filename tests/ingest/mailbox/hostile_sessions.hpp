// What tests of servers that break the protocol have in common: an IMAP server that is honest but for one command, a
// receiver that notes what it gets, and how long a session took.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/endpoint.hpp"
#include "ingest/mailbox/mail_receiver.hpp"
#include "tests/ingest/mailbox/scripted_server.hpp"

namespace ruaudit::ingest::mailbox::test {

using ruaudit::test::ScriptedReply;
using ruaudit::test::ScriptedServer;
using namespace std::chrono_literals;

struct Counted : MailReceiver {
  Reception begin(std::uint64_t) override { return Reception::go_on; }
  Reception chunk(std::string_view octets) override {
    current += octets;
    return is_full ? Reception::stop : Reception::go_on;
  }
  Reception end(std::uint32_t number) override {
    numbers.push_back(number);
    mails.push_back(std::exchange(current, {}));
    return Reception::go_on;
  }
  void discard() override {
    ++discarded;
    current.clear();
  }
  std::vector<std::uint32_t> numbers;
  std::vector<std::string> mails;
  std::string current;
  int discarded = 0;
  bool is_full = false;
};

inline std::string tag_of(const std::string& line) { return line.substr(0, line.find(' ')); }

inline bool asks(const std::string& line, const std::string& command) {
  return line.find(" " + command) != std::string::npos;
}

using Script = std::function<ScriptedReply(const std::string&)>;

// An honest IMAP server in every command but the one the test is about.
inline Script imap(const std::string& special, const Script& reply) {
  return [=](const std::string& line) -> ScriptedReply {
    if (special.empty() ? line.empty() : asks(line, special)) return reply(line);
    if (line.empty()) return {.octets = "* OK [CAPABILITY IMAP4rev1 SASL-IR IDLE AUTH=PLAIN AUTH=XOAUTH2] hello\r\n"};
    const auto done = tag_of(line) + " OK done\r\n";
    if (asks(line, "CAPABILITY")) return {.octets = "* CAPABILITY IMAP4rev1 IDLE\r\n" + done};
    if (asks(line, "EXAMINE")) return {.octets = "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n" + done};
    return {.octets = done};
  };
}

inline Endpoint endpoint_of(const ScriptedServer& server, Protocol protocol = Protocol::imap) {
  Endpoint endpoint;
  endpoint.protocol = protocol;
  endpoint.security = Security::plaintext;
  endpoint.host = "127.0.0.1";
  endpoint.port = server.port();
  endpoint.timeouts.answer = 1000ms;
  endpoint.timeouts.connect = 2000ms;
  return endpoint;
}

inline CredentialSource password() {
  return [](Freshness) -> model::Result<Credentials> { return Password{"reports", "hidden-secret"}; };
}

struct Outcome {
  std::string code;
  std::string message;
  std::chrono::milliseconds took{};
};

template <class Act>
Outcome timed(Act act) {
  const auto begin = std::chrono::steady_clock::now();
  Outcome outcome;
  const auto result = act();
  outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  if (!result) {
    outcome.code = result.error().code;
    outcome.message = result.error().message;
  }
  return outcome;
}

inline const std::vector<WantedMail> three{{1, 0}, {2, 0}, {3, 0}};

}  // namespace ruaudit::ingest::mailbox::test
