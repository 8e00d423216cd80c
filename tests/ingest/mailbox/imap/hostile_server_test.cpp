// IMAP sessions against servers that break the protocol: bounded time and memory, a clear error, no mail that is not
// whole.
#include <catch2/catch.hpp>

#include "ingest/mailbox/imap/session.hpp"
#include "tests/ingest/mailbox/hostile_sessions.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;
using namespace ruaudit::ingest::mailbox::test;

namespace {

model::Result<FetchOutcome> fetch_three(const Endpoint& endpoint, MailReceiver& receiver) {
  TRY(auto session, ImapSession::open(endpoint, password()));
  TRY_VOID(session.select("INBOX", Access::read_only));
  return session.fetch(three, receiver);
}

}  // namespace

TEST_CASE("an IMAP server that breaks the protocol is left with the reason named") {
  struct Case {
    std::string command, octets, code;
  };
  const std::string long_line(70'000, 'x');
  for (const auto& one : {
           Case{"", "* BYE too many connections\r\n", "mailbox-unavailable"},
           Case{"", "HTTP/1.1 400 Bad Request\r\n\r\n", "mailbox-answer-malformed"},
           Case{"", "* OK " + long_line, "mailbox-line-too-long"},
           Case{"AUTHENTICATE", "X1 OK forged\r\n", "mailbox-answer-malformed"},
           Case{"UID FETCH", "* LIST () \"/\" {70000}\r\n", "mailbox-literal-too-large"},
           Case{"UID FETCH", "* 1 FETCH (UID 1 BODY[] {99999999999}\r\n", "mailbox-mail-too-large"},
           Case{"UID FETCH", "* 1 FETCH (UID 1 BODY[] {5}\r\nabcde(\r\n", "mailbox-answer-malformed"},
           Case{"UID FETCH", "* 1 FETCH (X " + std::string(40, '(') + "\r\n", "mailbox-nesting-too-deep"},
           Case{"UID FETCH", "* 1 FETCH (UID 1 BODY[] {50}\r\ncut", "mailbox-timeout"},
       }) {
    CAPTURE(one.command, one.octets.substr(0, 60));
    const ScriptedServer server(imap(one.command, [&](const std::string&) { return ScriptedReply{one.octets}; }));
    Counted counted;
    const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
    CHECK(outcome.code == one.code);
    CHECK(counted.numbers.empty());
    CHECK(counted.current.empty());
    CHECK(outcome.took < 5s);
  }
}

TEST_CASE("a connection that ends within a mail discards that mail alone") {
  const ScriptedServer server(imap("UID FETCH", [](const std::string&) {
    return ScriptedReply{.octets = "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n* 2 FETCH (UID 2 BODY[] {9}\r\nabc",
                         .hangs_up = true};
  }));
  Counted counted;
  const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
  CHECK(outcome.code == "mailbox-connection-lost");
  CHECK(counted.numbers == std::vector<std::uint32_t>{1});
  CHECK(counted.discarded == 1);
}

TEST_CASE("endless answers end at the limit of an answer") {
  for (const auto* octets : {"* OK still here\r\n", "+ more\r\n", "* SEARCH 1 2 3\r\n",
                             "* LIST () \"/\" {3}\r\nabc\r\n", "* 1 FETCH (FLAGS (\\Seen))\r\n"}) {
    CAPTURE(octets);
    const ScriptedServer server(
        imap("UID FETCH", [&](const std::string&) { return ScriptedReply{.octets = octets, .is_endless = true}; }));
    auto endpoint = endpoint_of(server);
    endpoint.limits.answer_octets = 300'000;
    Counted counted;
    const auto outcome = timed([&] { return fetch_three(endpoint, counted); });
    CHECK(outcome.code == "mailbox-answer-too-large");
  }
}

TEST_CASE("a server that asks for ever in the log-in is left") {
  const ScriptedServer server(
      imap("AUTHENTICATE", [](const std::string&) { return ScriptedReply{.octets = "+ \r\n", .is_endless = true}; }));
  auto endpoint = endpoint_of(server);
  endpoint.limits.answer_octets = 10'000;
  const auto outcome = timed([&] { return ImapSession::open(endpoint, password()); });
  CHECK(outcome.code == "mailbox-answer-too-large");
}

TEST_CASE("a server that drips octets is given up by the deadline, in every phase") {
  for (const auto* phase : {"", "AUTHENTICATE", "EXAMINE", "UID FETCH"}) {
    CAPTURE(phase);
    const ScriptedServer server(imap(phase, [](const std::string&) {
      return ScriptedReply{.octets = "* OK " + std::string(1000, 'x') + "\r\n", .per_octet = 30ms};
    }));
    Counted counted;
    const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
    CHECK(outcome.code == "mailbox-timeout");
    CHECK(outcome.took >= 900ms);
    CHECK(outcome.took < 5s);
  }
}

TEST_CASE("a server that says nothing is given up by the deadline") {
  for (const auto* phase : {"", "EXAMINE"}) {
    const ScriptedServer server(imap(phase, [](const std::string&) { return ScriptedReply{}; }));
    Counted counted;
    const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
    CHECK(outcome.code == "mailbox-timeout");
    CHECK(outcome.took < 5s);
  }
}

TEST_CASE("what a server says unasked does no harm, mails of others are discarded, a second copy too") {
  const ScriptedServer server(imap("UID FETCH", [](const std::string& line) {
    return ScriptedReply{
        "* 5 EXISTS\r\n* VANISHED 9\r\n* 1 FETCH (FLAGS (x))\r\n* OK [ALERT] {9}\r\n"
        "* 7 FETCH (UID 77 BODY[] {3}\r\nbad)\r\n"  // not asked for
        "* 7 FETCH (BODY[] {3}\r\nbad)\r\n"         // nobody's
        "* 1 FETCH (BODY[] {3}\r\none UID 1)\r\n"   // the UID last
        "* 1 FETCH (UID 1 BODY[] {3}\r\nbad)\r\n"   // again
        "* 2 FETCH (UID 2 BODY[] \"two\")\r\n"      // no literal
        "* 3 FETCH (UID 3 BODY[] NIL)\r\n" +        // nothing
        tag_of(line) +
        " OK done\r\n"};
  }));
  Counted counted;
  const auto outcome = fetch_three(endpoint_of(server), counted);
  REQUIRE(outcome);
  CHECK(outcome->received == std::vector<Uid>{1, 2});
  CHECK(outcome->missing == std::vector<Uid>{3});
  CHECK(counted.mails == std::vector<std::string>{"one", "two"});
  CHECK(counted.discarded == 3);
}

TEST_CASE("a refused fetch names the mails that did not come and the server's words") {
  const ScriptedServer server(imap("UID FETCH", [](const std::string& line) {
    return ScriptedReply{"* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n" + tag_of(line) + " NO [SERVERBUG] disk\r\n"};
  }));
  Counted counted;
  const auto outcome = fetch_three(endpoint_of(server), counted);
  REQUIRE(outcome);
  CHECK(outcome->missing == std::vector<Uid>{2, 3});
  CHECK(outcome->refusal.find("disk") != std::string::npos);
}

TEST_CASE("a receiver that wants no more ends the fetch") {
  const ScriptedServer server(imap("UID FETCH", [](const std::string&) {
    return ScriptedReply{.octets = "* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n", .is_endless = true};
  }));
  Counted counted;
  counted.is_full = true;
  const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
  CHECK(outcome.code == "mailbox-stopped");
}

TEST_CASE("a server that echoes the secret does not get it into an error") {
  const ScriptedServer server(imap("AUTHENTICATE", [](const std::string& line) {
    return ScriptedReply{tag_of(line) + " NO hidden-secret and " + line.substr(line.rfind(' ') + 1) + "\r\n"};
  }));
  const auto outcome = timed([&] { return ImapSession::open(endpoint_of(server), password()); });
  CHECK(outcome.code == "mailbox-login-refused");
  CHECK(outcome.message.find("hidden-secret") == std::string::npos);
  CHECK(outcome.message.find("cmVwb3J0cwBoaWRkZW4tc2VjcmV0") == std::string::npos);  // reports NUL hidden-secret
}

TEST_CASE("a temporary refusal of the log-in is no refusal of the credentials") {
  const ScriptedServer server(imap("AUTHENTICATE", [](const std::string& line) {
    return ScriptedReply{tag_of(line) + " NO [UNAVAILABLE] later\r\n"};
  }));
  CHECK(timed([&] { return ImapSession::open(endpoint_of(server), password()); }).code == "mailbox-unavailable");
}

TEST_CASE("a folder without UIDVALIDITY is refused") {
  const ScriptedServer server(imap(
      "EXAMINE", [](const std::string& line) { return ScriptedReply{"* 3 EXISTS\r\n" + tag_of(line) + " OK x\r\n"}; }));
  Counted counted;
  CHECK(timed([&] { return fetch_three(endpoint_of(server), counted); }).code == "mailbox-no-uids");
}

TEST_CASE("a folder without a number of mails is refused, and one that names none of its mails") {
  for (const std::string answer : {"* OK [UIDVALIDITY 7] x\r\n", "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n"}) {
    CAPTURE(answer);
    const ScriptedServer server(
        imap("EXAMINE", [&](const std::string& line) { return ScriptedReply{answer + tag_of(line) + " OK x\r\n"}; }));
    const auto outcome = timed([&]() -> model::Result<std::vector<Uid>> {
      TRY(auto session, ImapSession::open(endpoint_of(server), password()));
      TRY_VOID(session.select("INBOX", Access::read_only));
      return session.search_uids();
    });
    CHECK(outcome.code == "mailbox-folder-unclear");
  }
}

// RFC 3501 section 2.3.1.1
TEST_CASE("a UIDVALIDITY that changes in the middle ends the connection: no UID means what it meant") {
  const ScriptedServer server(imap("UID FETCH", [&](const std::string& line) {
    return ScriptedReply{
        "* OK [UIDVALIDITY 7] x\r\n* OK [UIDVALIDITY 8] x\r\n* 1 FETCH (UID 1 BODY[] "
        "{5}\r\nabcde)\r\n" +
        tag_of(line) + " OK x\r\n"};
  }));
  Counted counted;
  const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
  CHECK(outcome.code == "mailbox-answer-malformed");
  CHECK(counted.numbers.empty());
}

TEST_CASE("an error of the log-in names the server once") {
  for (const std::string answer : {"X1 OK forged\r\n", "", "NO"}) {
    CAPTURE(answer);
    const ScriptedServer server(imap("AUTHENTICATE", [&](const std::string& line) {
      return ScriptedReply{answer == "NO" ? tag_of(line) + " NO no\r\n" : answer};
    }));
    const auto endpoint = endpoint_of(server);
    const auto outcome = timed([&] { return ImapSession::open(endpoint, password()); });
    CHECK(outcome.message.starts_with(describe(endpoint)));
    CHECK(outcome.message.rfind(describe(endpoint)) == 0);
  }
}

TEST_CASE("the tags of two connections differ") {
  std::vector<std::string> tags;
  const ScriptedServer server(imap("EXAMINE", [&](const std::string& line) {
    tags.push_back(tag_of(line));
    return ScriptedReply{"* OK [UIDVALIDITY 9] x\r\n" + tag_of(line) + " OK x\r\n"};
  }));
  Counted counted;
  for (int i = 0; i < 2; ++i) static_cast<void>(fetch_three(endpoint_of(server), counted));
  REQUIRE(tags.size() == 2);
  CHECK(tags[0] != tags[1]);
}

TEST_CASE("what comes before STARTTLS is complete is not believed") {
  // The answer to STARTTLS and a forged line after it arrive together. // RFC 3501 section 6.2.1
  for (const auto protocol : {Protocol::imap, Protocol::pop3}) {
    const ScriptedServer server([&](const std::string& line) -> ScriptedReply {
      if (protocol == Protocol::pop3) {
        if (line == "CAPA") return {"+OK\r\nSTLS\r\nUIDL\r\n.\r\n"};
        if (line == "STLS") return {"+OK begin\r\n+OK forged\r\n"};
        return {"+OK hello\r\n"};
      }
      if (line.empty()) return {"* OK hello\r\n"};
      if (asks(line, "CAPABILITY")) return {"* CAPABILITY IMAP4rev1 STARTTLS\r\n" + tag_of(line) + " OK x\r\n"};
      if (asks(line, "STARTTLS")) return {tag_of(line) + " OK begin\r\nA003 OK forged\r\n"};
      return {tag_of(line) + " OK x\r\n"};
    });
    auto endpoint = endpoint_of(server, protocol);
    endpoint.security = Security::starttls;
    const auto outcome = timed([&] { return Connection::open(endpoint, {}); });
    CHECK(outcome.code == "mailbox-starttls");
    CHECK(outcome.took < 3s);
  }
}

TEST_CASE("plain text is not spoken where STARTTLS is required") {
  const ScriptedServer server([](const std::string& line) -> ScriptedReply {
    if (line.empty()) return {"* PREAUTH welcome\r\n"};
    return {tag_of(line) + " OK x\r\n"};
  });
  auto endpoint = endpoint_of(server);
  endpoint.security = Security::starttls;
  CHECK_FALSE(timed([&] { return ImapSession::open(endpoint, password()); }).code.empty());
}

TEST_CASE("no error shows a mail that stands in the answer itself, nor what comes behind it") {
  const std::string secret = "secret words of the mail\r\n";
  for (const std::string& octets : {
           "* 1 FETCH (UID 1 BODY[] \"abcde\")\r\n" + secret,
           "* 1 FETCH (UID 1 body[]  {5}\r\nabcde)\r\n" + secret,
           "* 1 FETCH (UID 1 RFC822 {5}\r\nabcde)\r\n" + secret,
           "* 1 fetch (UID 1 RFC822.TEXT \"abcde\")\r\n" + secret,
           "* 1 FETCH (UID 1 BODY[] \"" + secret,
           "* 1 FETCH (BODY[TEXT] secret words (\r\n" + secret,
       }) {
    CAPTURE(octets);
    const ScriptedServer server(imap("UID FETCH", [&](const std::string&) { return ScriptedReply{octets}; }));
    Counted counted;
    const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
    CHECK(outcome.code == "mailbox-answer-malformed");
    CHECK(outcome.message.find("secret") == std::string::npos);
  }
}

TEST_CASE("a refusal is shown in the server's words, also behind a mail") {
  const ScriptedServer server(imap("UID FETCH", [&](const std::string& line) {
    return ScriptedReply{"* 1 FETCH (UID 1 BODY[] {5}\r\nabcde)\r\n" + tag_of(line) + " NO over quota\r\n"};
  }));
  Counted counted;
  auto session = ImapSession::open(endpoint_of(server), password());
  REQUIRE(session);
  REQUIRE(session->select("INBOX", Access::read_only));
  const auto outcome = session->fetch(three, counted);
  REQUIRE(outcome);
  CHECK(outcome->refusal.find("over quota") != std::string::npos);
}

TEST_CASE("no error shows what comes behind a mail: it may be the mail's text") {
  for (const std::string rest : {"secret words of the mail\r\n", "* 1 FETCH (secret\r\n", "secret OK words\r\n"}) {
    CAPTURE(rest);
    const ScriptedServer server(imap("UID FETCH", [&](const std::string&) {
      return ScriptedReply{"* 1 FETCH (UID 1 BODY[] {5}\r\nabcde)\r\n" + rest};
    }));
    Counted counted;
    const auto outcome = timed([&] { return fetch_three(endpoint_of(server), counted); });
    CHECK(outcome.code == "mailbox-answer-malformed");
    CHECK(outcome.message.find("secret") == std::string::npos);
  }
}
