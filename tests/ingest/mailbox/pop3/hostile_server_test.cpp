// POP3 sessions against servers that break the protocol: bounded time and memory, a clear error, no mail that is not
// whole.
#include <catch2/catch.hpp>

#include "ingest/mailbox/pop3/session.hpp"
#include "tests/ingest/mailbox/hostile_sessions.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;
using namespace ruaudit::ingest::mailbox::test;

namespace {

ScriptedServer pop3_list(std::string ids, std::string sizes) {
  return ScriptedServer([=](const std::string& line) -> ScriptedReply {
    if (line == "CAPA") return {"+OK\r\nUSER\r\nUIDL\r\n.\r\n"};
    if (line == "UIDL") return {"+OK\r\n" + ids + ".\r\n"};
    if (line == "LIST") return {"+OK\r\n" + sizes + ".\r\n"};
    return {"+OK\r\n"};
  });
}

}  // namespace

TEST_CASE("a line of a POP3 list that makes no sense says nothing of the other mails") {
  struct Case {
    std::string ids, sizes;
    std::vector<Pop3Mail> want;
    std::vector<std::uint32_t> nameless{};
  };
  for (const auto& one : {
           Case{"1 a\r\n2\r\n3 c\r\n", "1 5\r\n2 6\r\n3 7\r\n", {{1, "a", 5}, {3, "c", 7}}, {2}},
           Case{"1 a\r\n3 c\r\n", "1 5\r\n2 6\r\n3 7\r\n", {{1, "a", 5}, {3, "c", 7}}, {2}},
           Case{"2 b\r\n1 a\r\n", "1 5\r\n2 6\r\n", {{1, "a", 5}, {2, "b", 6}}},
           Case{"1 a\r\n1 b\r\n0 c\r\nx\r\n", "1 5\r\nx\r\n\r\n", {{1, "a", 5}}},
           Case{"1 \x1b\r\n2 a b \r\n", "1 5\r\n2 6\r\n", {{1, "%1b", 5}, {2, "a%20b", 6}}},
           Case{"1 a%\r\n2 a%41\r\n3 a%2\r\n", "", {{1, "a%", 0}, {2, "a%41", 0}, {3, "a%2", 0}}},
           Case{"1 a b%\r\n2 a%20b\r\n", "", {{1, "a%20b%25", 0}, {2, "a%2520b", 0}}},
           Case{"1 a%\x1b\r\n2 a%25%1b\r\n", "", {{1, "a%25%1b", 0}, {2, "a%2525%251b", 0}}},
           Case{"1 a\r\n2 b\r\n", "1 -1\r\n2\r\n", {{1, "a", 0}, {2, "b", 0}}},
           Case{"1 a\r\n", "1 18446744073709551615\r\n", {{1, "a", 0}}},
           Case{"1 a\r\n2 b\r\n", "1 4294967295\r\n2 4294967294\r\n", {{1, "a", 0}, {2, "b", 4294967294}}},
       }) {
    CAPTURE(one.ids, one.sizes);
    const auto server = pop3_list(one.ids, one.sizes);
    auto session = Pop3Session::open(endpoint_of(server, Protocol::pop3), password());
    REQUIRE(session);
    const auto listed = session->list();
    REQUIRE(listed);
    CHECK(listed->mails == one.want);
    CHECK(listed->nameless == one.nameless);
  }
}

TEST_CASE("a maildrop whose lists are refused is empty if the server says that it holds no mail") {
  for (const std::string count : {"+OK 0 0", "+OK 2 320", "-ERR"}) {
    CAPTURE(count);
    const ScriptedServer server([&](const std::string& line) -> ScriptedReply {
      if (line == "UIDL" || line == "LIST" || line == "CAPA") return {"-ERR no messages\r\n"};
      return {line == "STAT" ? count + "\r\n" : "+OK\r\n"};
    });
    auto session = Pop3Session::open(endpoint_of(server, Protocol::pop3), password());
    REQUIRE(session);
    const auto listed = session->list();
    CHECK(listed.has_value() == (count == "+OK 0 0"));
    if (listed) CHECK(listed->mails.empty());
    if (!listed) CHECK(listed.error().code == "mailbox-no-uidl");
  }
}

// RFC 2449 section 8: codes are hierarchical
TEST_CASE("what a response code has behind it makes it narrower, not another one") {
  struct Case {
    std::string code, error;
  };
  for (const auto& one : {Case{"IN-USE", "mailbox-unavailable"}, Case{"in-use/other", "mailbox-unavailable"},
                          Case{"LOGIN-DELAY 60", "mailbox-unavailable"}, Case{"SYS/TEMP/DISK", "mailbox-unavailable"},
                          Case{"SYS/PERM", "mailbox-login-refused"}, Case{"SYS", "mailbox-login-refused"},
                          Case{"IN-USED", "mailbox-login-refused"}, Case{"AUTH", "mailbox-login-refused"}}) {
    CAPTURE(one.code);
    const ScriptedServer server([&](const std::string& line) -> ScriptedReply {
      if (line.starts_with("PASS")) return {"-ERR [" + one.code + "] no\r\n"};
      return {line == "CAPA" ? "-ERR\r\n" : "+OK\r\n"};
    });
    CHECK(timed([&] { return Pop3Session::open(endpoint_of(server, Protocol::pop3), password()); }).code == one.error);
  }
}

TEST_CASE("unique ids longer than names are told apart by their hash") {
  const std::string long_id(300, 'u');
  const auto server = pop3_list("1 " + long_id + "1\r\n2 " + long_id + "2\r\n", "");
  auto session = Pop3Session::open(endpoint_of(server, Protocol::pop3), password());
  REQUIRE(session);
  const auto listed = session->list();
  REQUIRE(listed);
  REQUIRE(listed->mails.size() == 2);
  CHECK(listed->mails[0].unique_id.size() <= 255);
  CHECK(listed->mails[0].unique_id != listed->mails[1].unique_id);
}

TEST_CASE("no error shows what comes behind a POP3 mail") {
  for (const std::string rest : {"secret words\r\n.\r\n", "\r\n.\r\n"}) {
    const ScriptedServer server([&](const std::string& line) -> ScriptedReply {
      if (line == "CAPA") return {"+OK\r\nUSER\r\nUIDL\r\n.\r\n"};
      if (line.starts_with("RETR 1")) return {"+OK\r\nmail\r\n.\r\n"};
      if (line.starts_with("RETR")) return {rest};
      return {"+OK\r\n"};
    });
    Counted counted;
    const auto outcome = timed([&]() -> model::Result<FetchOutcome> {
      TRY(auto session, Pop3Session::open(endpoint_of(server, Protocol::pop3), password()));
      return session.fetch(three, counted);
    });
    CHECK(outcome.code == "mailbox-answer-malformed");
    CHECK(outcome.message.find("secret") == std::string::npos);
  }
}

TEST_CASE("a POP3 server that breaks the protocol is left with the reason named") {
  struct Case {
    std::string command, octets, code;
  };
  for (const auto& one : {
           Case{"UIDL", "-ERR no\r\n", "mailbox-no-uidl"},
           Case{"RETR", "+OK\r\n" + std::string(2000, 'x'), "mailbox-mail-too-large"},
           Case{"RETR", "+OK\r\ncut", "mailbox-timeout"},
           Case{"RETR", "+OK\r\nmail\r\n.\r\n+OK unasked\r\n", "mailbox-answer-malformed"},
           Case{"QUIT", "-ERR some deleted messages not removed\r\n", "mailbox-command-refused"},
       }) {
    CAPTURE(one.command, one.octets.substr(0, 40));
    const ScriptedServer server([&](const std::string& line) -> ScriptedReply {
      if (!line.empty() && line.starts_with(one.command)) return {one.octets};
      if (line == "CAPA") return {"+OK\r\nUSER\r\nUIDL\r\n.\r\n"};
      if (line == "UIDL") return {"+OK\r\n1 a\r\n.\r\n"};
      if (line == "LIST") return {"+OK\r\n1 9\r\n.\r\n"};
      if (line.starts_with("RETR")) return {"+OK\r\nmail\r\n.\r\n"};
      return {"+OK\r\n"};
    });
    auto endpoint = endpoint_of(server, Protocol::pop3);
    endpoint.limits.mail_octets = 1000;
    Counted counted;
    const auto outcome = timed([&]() -> model::Result<void> {
      TRY(auto session, Pop3Session::open(endpoint, password()));
      TRY(const auto listed, session.list());
      const std::vector<WantedMail> all{{listed.mails.at(0).number, listed.mails.at(0).octets}, {2, 0}};
      TRY_VOID(session.fetch(all, counted));
      return session.quit();
    });
    CHECK(outcome.code == one.code);
    CHECK(outcome.took < 5s);
  }
}
