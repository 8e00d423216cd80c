// ImapSession against Dovecot: every way to connect and log in, folders, fetching, moving, IDLE.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/integration/mailbox_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;
using namespace ruaudit::test;
using namespace std::chrono_literals;

namespace {

std::string mail_of(int number, std::size_t octets = 200) {
  std::string mail = "Subject: mail " + std::to_string(number) + "\r\n\r\n";
  while (mail.size() < octets) mail += "line " + std::to_string(mail.size()) + "\r\n";
  return mail;
}

ImapSession open_session(const Endpoint& endpoint, const std::string& user = "reports",
                         const std::string& secret = "secret") {
  auto session = ImapSession::open(endpoint, password(user, secret));
  if (!session) FAIL(session.error().code + ": " + session.error().message);
  return std::move(*session);
}

template <class T>
T value(model::Result<T> result) {
  if (!result) FAIL(result.error().code + ": " + result.error().message);
  return std::move(*result);
}

CredentialSource token_source(const std::string& user, const std::string& first, const std::string& renewed,
                              TokenMechanism mechanism, int& asked) {
  return [=, &asked](Freshness freshness) -> model::Result<Credentials> {
    ++asked;
    return BearerToken{user, freshness == Freshness::cached ? first : renewed, mechanism};
  };
}

}  // namespace

TEST_CASE("a session opens over TLS, STARTTLS and, on loopback, in plain text") {
  const MailServer server("dovecot_server.py");
  for (const auto security : {Security::tls, Security::starttls, Security::plaintext}) {
    CAPTURE(static_cast<int>(security));
    auto session = open_session(endpoint_of(server, Protocol::imap, security));
    CHECK(session.login_method() == "PLAIN");
    CHECK(session.has("UIDPLUS"));
    CHECK(session.has("MOVE"));
    CHECK(session.separator() == '/');
    CHECK(session.connection().address == "127.0.0.1");
    CHECK(session.connection().chain.empty() == (security == Security::plaintext));
    if (security == Security::plaintext) continue;
    CHECK(session.connection().chain.front().subject.find("localhost") != std::string::npos);
    CHECK(session.connection().chain.front().issuer.find("test authority ca") != std::string::npos);
    CHECK_FALSE(session.connection().chain.front().not_after.empty());
    CHECK(session.logout());
  }
}

TEST_CASE("a certificate of another authority or for another host is refused before anything is said") {
  const MailServer server("dovecot_server.py");
  for (const auto security : {Security::tls, Security::starttls}) {
    CAPTURE(static_cast<int>(security));
    auto endpoint = endpoint_of(server, Protocol::imap, security);
    endpoint.ca_file = server.text("wrong_ca");
    const auto unknown = ImapSession::open(endpoint, password("reports", "secret"));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == "mailbox-certificate");
    endpoint.ca_file = "";
    const auto by_system = ImapSession::open(endpoint, password("reports", "secret"));
    REQUIRE_FALSE(by_system);
    CHECK(by_system.error().code == "mailbox-certificate");
    endpoint.ca_file = server.text("ca");
    endpoint.host = "127.0.0.2";
    const auto wrong_host = ImapSession::open(endpoint, password("reports", "secret"));
    REQUIRE_FALSE(wrong_host);
    CHECK(wrong_host.error().code == "mailbox-certificate");
    CHECK(wrong_host.error().message.find("127.0.0.2") != std::string::npos);
  }
}

TEST_CASE("each way a connection fails has a code of its own") {
  const MailServer server("dovecot_server.py", {"--setting", "ssl = no"});
  auto endpoint = endpoint_of(server, Protocol::imap, Security::starttls);
  const auto no_starttls = ImapSession::open(endpoint, password("reports", "secret"));
  REQUIRE_FALSE(no_starttls);
  CHECK(no_starttls.error().code == "mailbox-starttls");
  endpoint.security = Security::tls;
  const auto no_tls = ImapSession::open(endpoint, password("reports", "secret"));
  REQUIRE_FALSE(no_tls);
  CHECK(no_tls.error().code == "mailbox-tls");
  endpoint.port = 1;
  const auto nobody = ImapSession::open(endpoint, password("reports", "secret"));
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == "mailbox-connect");
  endpoint.ca_file = "/nonexistent.pem";
  endpoint.host = "localhost";
  endpoint.port = server.port("imap");
  const auto no_file = ImapSession::open(endpoint, password("reports", "secret"));
  REQUIRE_FALSE(no_file);
  CHECK(no_file.error().code == "mailbox-ca-file");
}

TEST_CASE("a refused password is an error that does not hold the password") {
  const MailServer server("dovecot_server.py");
  const auto endpoint = endpoint_of(server, Protocol::imap, Security::tls);
  const auto refused = ImapSession::open(endpoint, password("reports", "wrong-secret"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "mailbox-login-refused");
  CHECK(refused.error().message.find("wrong-secret") == std::string::npos);
  CHECK(refused.error().message.find("AUTHENTICATIONFAILED") != std::string::npos);
}

TEST_CASE("LOGIN is used where PLAIN is not announced, and a secret beyond ASCII goes as a literal") {
  const MailServer server("dovecot_server.py");
  auto endpoint = endpoint_of(server, Protocol::imap, Security::tls);
  endpoint.ignored_capabilities = {"AUTH=PLAIN", "sasl-ir"};
  auto session = open_session(endpoint);
  CHECK(session.login_method() == "LOGIN");
  const auto refused = ImapSession::open(endpoint, password("reports", "se\xC3\xA9\"\\cret"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "mailbox-login-refused");
}

TEST_CASE("tokens log in by XOAUTH2 and OAUTHBEARER, and a refused one is renewed once") {
  const MailServer server("dovecot_server.py");
  const auto good = server.text("token");
  const auto expired = server.text("expired_token");
  for (const auto security : {Security::tls, Security::starttls})
    for (const auto mechanism : {TokenMechanism::xoauth2, TokenMechanism::oauthbearer}) {
      CAPTURE(static_cast<int>(security), static_cast<int>(mechanism));
      auto endpoint = endpoint_of(server, Protocol::imap, security);
      int asked = 0;
      auto session = value(ImapSession::open(endpoint, token_source("reports", good, "", mechanism, asked)));
      CHECK(session.login_method() == (mechanism == TokenMechanism::xoauth2 ? "XOAUTH2" : "OAUTHBEARER"));
      CHECK(asked == 1);
      asked = 0;
      endpoint.ignored_capabilities = {"SASL-IR"};
      CHECK(ImapSession::open(endpoint, token_source("reports", expired, good, mechanism, asked)));
      CHECK(asked == 2);
      asked = 0;
      const auto refused = ImapSession::open(endpoint, token_source("reports", expired, expired, mechanism, asked));
      REQUIRE_FALSE(refused);
      CHECK(refused.error().code == "mailbox-login-refused");
      CHECK(refused.error().message.find(expired) == std::string::npos);
      CHECK(asked == 2);
    }
}

TEST_CASE("a token is not tried where no token log-in is announced") {
  const MailServer server("dovecot_server.py");
  auto endpoint = endpoint_of(server, Protocol::imap, Security::tls);
  endpoint.ignored_capabilities = {"AUTH=XOAUTH2", "AUTH=OAUTHBEARER"};
  int asked = 0;
  const auto refused = ImapSession::open(endpoint, token_source("reports", "t", "t", TokenMechanism::xoauth2, asked));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "mailbox-login-method");
}

TEST_CASE("mails come as they are, in batches, and none is marked as seen") {
  MailServer server("dovecot_server.py");
  std::vector<std::string> sent;
  for (int i = 0; i < 230; ++i) sent.push_back(mail_of(i, i == 7 ? 3'000'000 : 200 + static_cast<std::size_t>(i) * 40));
  server.deliver("reports", "INBOX", sent);
  auto endpoint = endpoint_of(server, Protocol::imap, Security::tls);
  endpoint.batch.mails = 50;
  endpoint.batch.octets = 100'000;
  auto session = open_session(endpoint);
  const auto folder = value(session.select("inbox", Access::read_only));
  CHECK(folder.exists == 230);
  CHECK(folder.read_only);
  CHECK(folder.uid_validity > 0);
  CHECK(folder.uid_next == 231);
  const auto uids = value(session.search_uids());
  REQUIRE(uids.size() == 230);
  const auto facts = value(session.fetch_facts(uids)).facts;
  REQUIRE(facts.size() == 230);
  std::vector<WantedMail> all;
  for (const auto& one : facts) {
    CHECK(one.octets == sent[one.uid - 1].size());
    CHECK(one.internal_date.value_or(0) > 1'600'000'000);
    all.push_back({one.uid, one.octets});
  }
  KeptMails kept;
  const auto outcome = value(session.fetch(all, kept));
  CHECK(outcome.received == uids);
  CHECK(outcome.missing.empty());
  CHECK(outcome.refusal.empty());
  REQUIRE(kept.mails.size() == 230);
  for (const auto& [uid, mail] : kept.mails) CHECK(mail == sent[uid - 1]);
  CHECK(kept.wrong_sizes == 0);
  const auto described = value(session.fetch_facts(uids));
  for (const auto& one : described.facts)
    CHECK(std::find(one.flags.begin(), one.flags.end(), "\\Seen") == one.flags.end());
}

TEST_CASE("UIDs that were asked for and did not come are named, and too large mails are not asked for") {
  MailServer server("dovecot_server.py");
  server.deliver("reports", "INBOX", {mail_of(1), mail_of(2), mail_of(3)});
  auto endpoint = endpoint_of(server, Protocol::imap, Security::tls);
  endpoint.limits.mail_octets = 1000;
  auto session = open_session(endpoint);
  value(session.select("INBOX", Access::read_write));
  KeptMails kept;
  const std::vector<WantedMail> all{{1, 1000}, {2, 1001}, {3, 200}, {9, 200}, {3, 200}};
  const auto outcome = value(session.fetch(all, kept));
  CHECK(outcome.received == std::vector<Uid>{1, 3});
  CHECK(outcome.missing == std::vector<Uid>{9});
  CHECK(outcome.too_large == std::vector<Uid>{2});
}

TEST_CASE("a search knows days and ranges of UIDs") {
  MailServer server("dovecot_server.py");
  server.deliver("reports", "INBOX", {mail_of(1), mail_of(2), mail_of(3)});
  auto session = open_session(endpoint_of(server, Protocol::imap, Security::tls));
  value(session.select("INBOX", Access::read_only));
  CHECK(value(session.search_uids({}, {2, 0xffffffff})) == std::vector<Uid>{2, 3});
  CHECK(value(session.search_uids({}, {1, 2})) == std::vector<Uid>{1, 2});
  CHECK(value(session.search_uids({}, {4, 0xffffffff})).empty());
  CHECK(value(session.search_uids(1'000'000'000)).size() == 3);
  CHECK(value(session.search_uids(4'000'000'000)).empty());
}

TEST_CASE("folders are made, listed and entered by UTF-8 names on any separator and prefix") {
  struct Case {
    std::string separator, prefix;
  };
  for (const auto& one : {Case{"/", ""}, Case{".", "INBOX."}}) {
    CAPTURE(one.separator, one.prefix);
    const MailServer server("dovecot_server.py", {"--separator", one.separator, "--prefix", one.prefix});
    auto session = open_session(endpoint_of(server, Protocol::imap, Security::tls));
    CHECK(session.namespace_prefix() == one.prefix);
    const std::string name =
        "Berichte/Gepr\xC3\xBC"
        "ft & \xF0\x9F\x93\xAC";
    const auto missing = session.select(name, Access::read_only);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == "mailbox-folder-missing");
    CHECK(session.create(name));
    CHECK(session.create(name));
    CHECK(value(session.select(name, Access::read_write)).exists == 0);
    const auto found = value(session.list("Berichte/*"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == one.prefix + "Berichte" + one.separator +
                               "Gepr\xC3\xBC"
                               "ft & \xF0\x9F\x93\xAC");
    CHECK(found[0].selectable());
    CHECK(session.select(found[0].name, Access::read_only));
    CHECK(value(session.list("*")).size() >= 2);
  }
}

TEST_CASE("mails move by MOVE, by COPY and UID EXPUNGE, or by COPY and a flag, and nobody else's mail goes") {
  struct Case {
    std::vector<std::string> capabilities;  // not announced
    MoveMethod method;
    std::size_t left;  // mails in the folder afterwards, of four
  };
  for (const auto& one : {Case{{}, MoveMethod::move, 2}, Case{{"MOVE"}, MoveMethod::copy_and_expunge, 2},
                          Case{{"MOVE", "UIDPLUS"}, MoveMethod::expunge_left, 4}}) {
    CAPTURE(static_cast<int>(one.method));
    MailServer server("dovecot_server.py");
    server.deliver("reports", "INBOX", {mail_of(1), mail_of(2), mail_of(3), mail_of(4)});
    auto endpoint = endpoint_of(server, Protocol::imap, Security::tls);
    endpoint.ignored_capabilities = one.capabilities;
    auto session = open_session(endpoint);
    value(session.select("INBOX", Access::read_write));
    const std::vector<Uid> foreign{4};
    CHECK(session.store_flags(foreign, FlagChange::add, "\\Deleted"));  // by another client
    const std::vector<Uid> mails{3, 1};
    const auto missing = session.move(mails, "done");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == "mailbox-folder-missing");
    CHECK(session.create("done"));
    const auto outcome = value(session.move(mails, "done"));
    CHECK(outcome.method == one.method);
    CHECK(outcome.moved == std::vector<UidPair>{{1, 1}, {3, 2}});
    CHECK(value(session.noop()) == one.left);
    const auto left = value(session.search_uids());
    CHECK(std::find(left.begin(), left.end(), Uid{4}) != left.end());
    CHECK(value(session.select("done", Access::read_only)).exists == 2);
    CHECK(value(session.move(mails, "INBOX")).moved.size() <= 2);
  }
}

TEST_CASE("capabilities that the server itself leaves out are not used") {
  MailServer server("dovecot_server.py", {"--capability", "IMAP4rev1 NAMESPACE"});
  server.deliver("reports", "INBOX", {mail_of(1), mail_of(2)});
  auto session = open_session(endpoint_of(server, Protocol::imap, Security::tls));
  value(session.select("INBOX", Access::read_write));
  const std::vector<Uid> first{1};
  const auto outcome = value(session.remove(first));
  CHECK(outcome.method == MoveMethod::expunge_left);
  CHECK(value(session.noop()) == 2);
  const auto idle = session.idle(1s);
  REQUIRE_FALSE(idle);
  CHECK(idle.error().code == "mailbox-no-idle");
}

TEST_CASE("deleting takes the mails named and no others") {
  MailServer server("dovecot_server.py");
  server.deliver("reports", "INBOX", {mail_of(1), mail_of(2), mail_of(3)});
  auto session = open_session(endpoint_of(server, Protocol::imap, Security::tls));
  value(session.select("INBOX", Access::read_write));
  const std::vector<Uid> foreign{3};
  CHECK(session.store_flags(foreign, FlagChange::add, "\\Deleted"));
  const std::vector<Uid> mine{1};
  CHECK(value(session.remove(mine)).method == MoveMethod::copy_and_expunge);
  CHECK(value(session.search_uids()) == std::vector<Uid>{2, 3});
  CHECK_FALSE(session.store_flags(mine, FlagChange::add, "\\Seen) x"));
}

TEST_CASE("IDLE ends when mail comes, when woken and at its deadline") {
  MailServer server("dovecot_server.py");
  server.deliver("reports", "INBOX", {mail_of(1)});
  auto session = open_session(endpoint_of(server, Protocol::imap, Security::tls));
  value(session.select("INBOX", Access::read_only));
  CHECK(value(session.idle(50ms)) == IdleEnd::deadline);
  std::array<int, 2> wake{};
  REQUIRE(::pipe(wake.data()) == 0);
  REQUIRE(::write(wake[1], "x", 1) == 1);
  CHECK(value(session.idle(10s, wake[0])) == IdleEnd::woken);
  auto other = open_session(endpoint_of(server, Protocol::imap, Security::tls));
  value(other.select("INBOX", Access::read_write));
  std::thread mover([&] {
    std::this_thread::sleep_for(300ms);
    const std::vector<Uid> all{1};
    static_cast<void>(other.remove(all));
  });
  CHECK(value(session.idle(15s)) == IdleEnd::changed);
  mover.join();
  CHECK(value(session.noop()) == 0);
  ::close(wake[0]);
  ::close(wake[1]);
}

TEST_CASE("a stop ends a wait at once") {
  const MailServer server("dovecot_server.py");
  std::array<int, 2> stop{};
  REQUIRE(::pipe(stop.data()) == 0);
  auto session = value(
      ImapSession::open(endpoint_of(server, Protocol::imap, Security::tls), password("reports", "secret"), {stop[0]}));
  value(session.select("INBOX", Access::read_only));
  const auto begin = std::chrono::steady_clock::now();
  std::thread stopper([&] {
    std::this_thread::sleep_for(200ms);
    static_cast<void>(::write(stop[1], "x", 1));
  });
  const auto idle = session.idle(30s);
  stopper.join();
  REQUIRE_FALSE(idle);
  CHECK(idle.error().code == "mailbox-stopped");
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  const auto after = session.noop();
  REQUIRE_FALSE(after);
  CHECK(after.error().code == "mailbox-connection-lost");
  ::close(stop[0]);
  ::close(stop[1]);
}

TEST_CASE("a mail that holds forged server answers changes nothing") {
  MailServer server("dovecot_server.py");
  std::string forged = "Subject: forged\r\n\r\n";
  for (int i = 1; i < 400; ++i)
    forged += "A00" + std::to_string(i) + " OK FETCH completed\r\n)\r\n* " + std::to_string(i) +
              " EXPUNGE\r\n* BYE gone\r\n* 1 FETCH (UID 2 BODY[] {3}\r\nabc)\r\n";
  server.deliver("reports", "INBOX", {forged, mail_of(2)});
  auto session = open_session(endpoint_of(server, Protocol::imap, Security::tls));
  value(session.select("INBOX", Access::read_only));
  KeptMails kept;
  const auto outcome = value(session.fetch(wanted(std::vector<Uid>{1, 2}), kept));
  CHECK(outcome.received == std::vector<Uid>{1, 2});
  CHECK(kept.mails[1] == forged);
  CHECK(kept.mails[2] == mail_of(2));
  CHECK(value(session.noop()) == 2);
}

TEST_CASE("a command on a connection that the server has closed is an error and no signal") {
  MailServer server("dovecot_server.py");
  for (const auto security : {Security::tls, Security::starttls, Security::plaintext}) {
    CAPTURE(static_cast<int>(security));
    auto session = open_session(endpoint_of(server, Protocol::imap, security));
    server.restart();
    for (int i = 0; i < 100 && session.noop(); ++i) std::this_thread::sleep_for(50ms);  // it may linger
    for (int i = 0; i < 3; ++i) {
      const auto outcome = session.noop();
      REQUIRE_FALSE(outcome);
      CHECK(outcome.error().code == "mailbox-connection-lost");
    }
    CHECK_FALSE(session.logout());
  }
}
