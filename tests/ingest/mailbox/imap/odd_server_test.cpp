// IMAP sessions against servers that are odd in one way and otherwise do what they should: no mail waits for that.
#include <catch2/catch.hpp>

#include "ingest/mailbox/imap/session.hpp"
#include "tests/ingest/mailbox/hostile_sessions.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;
using namespace ruaudit::ingest::mailbox::test;

namespace {

// The lines of a session, without their tags.
struct Said {
  std::vector<std::string> commands;
  Script reply;
  ScriptedReply operator()(const std::string& line) {
    commands.push_back(line.empty() ? line : line.substr(line.find(' ') + 1));
    return reply(line);
  }
  [[nodiscard]] bool has(const std::string& command) const {
    return std::find(commands.begin(), commands.end(), command) != commands.end();
  }
};

std::string ok(const std::string& line) { return tag_of(line) + " OK done\r\n"; }

}  // namespace

TEST_CASE("a description that cannot be read says nothing of its mail, and those of the others what they say") {
  for (const std::string flags : {"(a{b)", "(\\Seen", "(a\"b)", ")"}) {
    CAPTURE(flags);
    const ScriptedServer server(imap("UID FETCH", [&](const std::string& line) {
      return ScriptedReply{"* 1 FETCH (UID 1 RFC822.SIZE 7 FLAGS (x))\r\n* 2 FETCH (UID 2 RFC822.SIZE 8 FLAGS " +
                           flags + ")\r\n* 3 FETCH (UID 3 RFC822.SIZE 9)\r\n" + ok(line)};
    }));
    auto session = ImapSession::open(endpoint_of(server), password());
    REQUIRE(session);
    REQUIRE(session->select("INBOX", Access::read_only));
    const auto outcome = session->fetch_facts(std::vector<Uid>{1, 2, 3});
    REQUIRE(outcome);
    CHECK(outcome->facts.front().octets == 7);
    CHECK(outcome->facts.back().uid == 3);
    CHECK(outcome->facts.back().octets == 9);
    CHECK(outcome->refused.empty());
  }
}

TEST_CASE("a server that gives no more octets today, by its own word, gives them another time") {
  for (const std::string code : {"UNAVAILABLE", "LIMIT", "INUSE", "THROTTLED", "OVERQUOTA"}) {
    CAPTURE(code);
    const ScriptedServer server(imap("UID FETCH", [&](const std::string& line) {
      return ScriptedReply{tag_of(line) + " NO [" + code + "] x\r\n"};
    }));
    Counted counted;
    auto session = ImapSession::open(endpoint_of(server), password());
    REQUIRE(session);
    REQUIRE(session->select("INBOX", Access::read_only));
    const auto outcome = session->fetch(three, counted);
    REQUIRE(outcome);
    CHECK(outcome->missing == std::vector<Uid>{1, 2, 3});
    CHECK(outcome->temporary == outcome->missing);
    const auto facts = session->fetch_facts(std::vector<Uid>{1, 2, 3});
    REQUIRE(facts);
    CHECK(facts->is_refusal_temporary);
  }
}

TEST_CASE("a MOVE that is announced but not known is a copy and an expunge") {
  Said said{{}, [](const std::string& line) -> ScriptedReply {
              if (line.empty()) return {"* OK [CAPABILITY IMAP4rev1 MOVE UIDPLUS] hello\r\n"};
              if (asks(line, "CAPABILITY")) return {"* CAPABILITY IMAP4rev1 MOVE UIDPLUS\r\n" + ok(line)};
              if (asks(line, "SELECT")) return {"* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n" + ok(line)};
              if (asks(line, "UID MOVE")) return {tag_of(line) + " BAD what\r\n"};
              return {ok(line)};
            }};
  const ScriptedServer server([&](const std::string& line) { return said(line); });
  auto session = ImapSession::open(endpoint_of(server), password());
  REQUIRE(session);
  REQUIRE(session->select("INBOX", Access::read_write));
  const auto outcome = session->move(std::vector<Uid>{1, 2}, "done");
  REQUIRE(outcome);
  CHECK(outcome->method == MoveMethod::copy_and_expunge);
  CHECK(said.has("UID COPY 1:2 \"done\""));
  CHECK(said.has("UID EXPUNGE 1:2"));
}

TEST_CASE("a MOVE that is refused is not made a copy") {
  Said said{{}, [](const std::string& line) -> ScriptedReply {
              if (line.empty()) return {"* OK [CAPABILITY IMAP4rev1 MOVE UIDPLUS] hello\r\n"};
              if (asks(line, "CAPABILITY")) return {"* CAPABILITY IMAP4rev1 MOVE UIDPLUS\r\n" + ok(line)};
              if (asks(line, "UID MOVE")) return {tag_of(line) + " NO [OVERQUOTA] full\r\n"};
              return {ok(line)};
            }};
  const ScriptedServer server([&](const std::string& line) { return said(line); });
  auto session = ImapSession::open(endpoint_of(server), password());
  REQUIRE(session);
  const auto outcome = timed([&] { return session->move(std::vector<Uid>{1}, "done"); });
  CHECK(outcome.code == "mailbox-command-refused");
  CHECK_FALSE(said.has("UID COPY 1 \"done\""));
}

TEST_CASE("a server that refuses to name its namespaces is asked for its separator, and needs not tell that either") {
  for (const bool tells : {true, false}) {
    const ScriptedServer server([&](const std::string& line) -> ScriptedReply {
      if (line.empty()) return {"* OK [CAPABILITY IMAP4rev1 NAMESPACE] hello\r\n"};
      if (asks(line, "CAPABILITY")) return {"* CAPABILITY IMAP4rev1 NAMESPACE\r\n" + ok(line)};
      if (asks(line, "NAMESPACE")) return {tag_of(line) + " BAD what\r\n"};
      if (asks(line, "LIST") && tells) return {"* LIST (\\Noselect) \".\" \"\"\r\n" + ok(line)};
      if (asks(line, "LIST")) return {tag_of(line) + " NO what\r\n"};
      return {ok(line)};
    });
    const auto session = ImapSession::open(endpoint_of(server), password());
    REQUIRE(session);
    CHECK(session->separator() == (tells ? '.' : '\0'));
    CHECK(session->namespace_prefix().empty());
  }
}

TEST_CASE("a server that overlooks the initial response is given it when it asks") {
  const ScriptedServer server([](const std::string& line) -> ScriptedReply {
    static std::string tag;
    if (line.empty()) return {"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n"};
    if (asks(line, "AUTHENTICATE")) {
      tag = tag_of(line);
      return {"+ \r\n"};
    }
    if (line == "AHJlcG9ydHMAaGlkZGVuLXNlY3JldA==") return {tag + " OK in\r\n"};
    return {line.find(' ') == std::string::npos ? tag + " NO no\r\n" : ok(line)};
  });
  CHECK(ImapSession::open(endpoint_of(server), password()));
}

TEST_CASE("a PLAIN that is announced but not known is a LOGIN, unless that is disabled; a refused one is none") {
  struct Case {
    std::string answer, more;
    bool is_in;
  };
  for (const auto& one : {Case{"BAD what", "", true}, Case{"BAD what", " LOGINDISABLED", false},
                          Case{"NO [AUTHENTICATIONFAILED] no", "", false}}) {
    CAPTURE(one.answer, one.more);
    const ScriptedServer server([&](const std::string& line) -> ScriptedReply {
      if (line.empty()) return {"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN" + one.more + "] hello\r\n"};
      if (asks(line, "AUTHENTICATE")) return {tag_of(line) + " " + one.answer + "\r\n"};
      return {ok(line)};
    });
    const auto session = ImapSession::open(endpoint_of(server), password());
    CHECK(session.has_value() == one.is_in);
    if (session) CHECK(session->login_method() == "LOGIN");
    if (!session) CHECK(session.error().code == "mailbox-login-refused");
  }
}

TEST_CASE("a listed folder is selected by the name that the server gives it") {
  Said said{{}, [](const std::string& line) -> ScriptedReply {
              if (line.empty()) return {"* OK [CAPABILITY IMAP4rev1] hello\r\n"};
              if (asks(line, "CAPABILITY")) return {"* CAPABILITY IMAP4rev1\r\n" + ok(line)};
              if (asks(line, "LIST \"\" \"\"")) return {"* LIST (\\Noselect) \".\" \"\"\r\n" + ok(line)};
              if (asks(line, "LIST"))
                return {
                    "* LIST () \".\" \"a/b\"\r\n* LIST () \".\" \"x&y\"\r\n* LIST () \".\" \"z\xC3\xA4\"\r\n"
                    "* LIST () \".\" {4}\r\nq\r\nx\r\n* LIST () \".\" \"Gel&APY-scht\"\r\n" +
                    ok(line)};
              return {"* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n" + ok(line)};
            }};
  const ScriptedServer server([&](const std::string& line) { return said(line); });
  auto session = ImapSession::open(endpoint_of(server), password());
  REQUIRE(session);
  CHECK(session->select("a/b", Access::read_only));
  CHECK(said.commands.back() == "EXAMINE \"a.b\"");  // not listed: a level
  const auto listed = session->list("*");
  REQUIRE(listed);
  REQUIRE(listed->size() == 5);
  for (const auto& [name, wire] : std::vector<std::pair<std::string, std::string>>{
           {"a/b", "a/b"}, {"x&y", "x&y"}, {"z\xC3\xA4", "z\xC3\xA4"}, {"Gel\xC3\xB6scht", "Gel&APY-scht"}}) {
    CHECK(session->select(name, Access::read_only));
    CHECK(said.commands.back() == "EXAMINE \"" + wire + "\"");
  }
  const auto commands = said.commands.size();
  CHECK(timed([&] { return session->select("q\r\nx", Access::read_only); }).code == "mailbox-folder-name");
  CHECK(said.commands.size() == commands);
}
