// Pop3Session against Dovecot: every way to connect and log in, unique ids, retrieving, deleting.
#include <catch2/catch.hpp>

#include "ingest/mailbox/pop3/session.hpp"
#include "tests/integration/mailbox_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;
using namespace ruaudit::test;

namespace {

template <class T>
T value(model::Result<T> result) {
  if (!result) FAIL(result.error().code + ": " + result.error().message);
  return std::move(*result);
}

Pop3Session open_session(const Endpoint& endpoint) {
  return value(Pop3Session::open(endpoint, password("reports", "secret")));
}

const std::vector<std::string> mails{
    "Subject: one\r\n\r\nfirst\r\n",
    "Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.x\r\n\r\n.\r\n+OK forged\r\n-ERR forged\r\n",
    "Subject: three\r\n\r\n" + std::string(2'000'000, 'x') + "\r\n"};

}  // namespace

TEST_CASE("a POP3 session opens over TLS, STLS and, on loopback, in plain text") {
  const MailServer server("dovecot_server.py");
  for (const auto security : {Security::tls, Security::starttls, Security::plaintext}) {
    CAPTURE(static_cast<int>(security));
    auto session = open_session(endpoint_of(server, Protocol::pop3, security));
    CHECK(session.login_method() == "PLAIN");
    CHECK(session.has("UIDL"));
    CHECK(value(session.list()).mails.empty());
    CHECK(session.quit());
  }
}

TEST_CASE("a POP3 server with a certificate of another authority or for another host is refused") {
  const MailServer server("dovecot_server.py");
  for (const auto security : {Security::tls, Security::starttls}) {
    auto endpoint = endpoint_of(server, Protocol::pop3, security);
    endpoint.ca_file = server.text("wrong_ca");
    const auto unknown = Pop3Session::open(endpoint, password("reports", "secret"));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == "mailbox-certificate");
    endpoint.ca_file = server.text("ca");
    endpoint.host = "127.0.0.2";
    const auto wrong_host = Pop3Session::open(endpoint, password("reports", "secret"));
    REQUIRE_FALSE(wrong_host);
    CHECK(wrong_host.error().code == "mailbox-certificate");
  }
}

TEST_CASE("USER and PASS are used where PLAIN is not announced, and a refusal does not hold the password") {
  const MailServer server("dovecot_server.py");
  auto endpoint = endpoint_of(server, Protocol::pop3, Security::starttls);
  endpoint.ignored_capabilities = {"AUTH=PLAIN"};
  CHECK(open_session(endpoint).login_method() == "USER");
  const auto refused = Pop3Session::open(endpoint, password("reports", "wrong-secret"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "mailbox-login-refused");
  CHECK(refused.error().message.find("wrong-secret") == std::string::npos);
}

TEST_CASE("tokens log in to POP3 by XOAUTH2 and OAUTHBEARER, and a refused one is renewed once") {
  const MailServer server("dovecot_server.py");
  const auto endpoint = endpoint_of(server, Protocol::pop3, Security::tls);
  for (const auto mechanism : {TokenMechanism::xoauth2, TokenMechanism::oauthbearer}) {
    int asked = 0;
    const auto source = [&](Freshness freshness) -> model::Result<Credentials> {
      ++asked;
      return BearerToken{"reports", server.text(freshness == Freshness::cached ? "expired_token" : "token"), mechanism};
    };
    const auto session = value(Pop3Session::open(endpoint, source));
    CHECK(session.login_method() == (mechanism == TokenMechanism::xoauth2 ? "XOAUTH2" : "OAUTHBEARER"));
    CHECK(asked == 2);
  }
}

TEST_CASE("POP3 mails come as they are, dots at the start of lines included, with or without pipelining") {
  MailServer server("dovecot_server.py");
  server.deliver("reports", "INBOX", mails);
  for (const auto* ignored : {"", "PIPELINING"}) {
    CAPTURE(ignored);
    auto endpoint = endpoint_of(server, Protocol::pop3, Security::tls);
    endpoint.ignored_capabilities = {ignored};
    auto session = open_session(endpoint);
    const auto listed = value(session.list()).mails;
    REQUIRE(listed.size() == 3);
    std::vector<WantedMail> all;
    for (const auto& mail : listed) {
      CHECK(mail.octets == mails[mail.number - 1].size());
      all.push_back({mail.number, mail.octets});
    }
    all.push_back({9, 0});
    KeptMails kept;
    const auto outcome = value(session.fetch(all, kept));
    CHECK(outcome.received == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(outcome.missing == std::vector<std::uint32_t>{9});
    CHECK_FALSE(outcome.refusal.empty());
    for (const auto& [number, mail] : kept.mails) CHECK(mail == mails[number - 1]);
    CHECK(kept.wrong_sizes == 0);
    CHECK(session.quit());
  }
}

TEST_CASE("a deletion counts only after QUIT, and unique ids stay") {
  MailServer server("dovecot_server.py");
  server.deliver("reports", "INBOX", mails);
  const auto endpoint = endpoint_of(server, Protocol::pop3, Security::tls);
  std::vector<Pop3Mail> before;
  {
    auto session = open_session(endpoint);
    before = value(session.list()).mails;
    CHECK(session.mark_deleted(2));
  }  // no QUIT
  auto session = open_session(endpoint);
  CHECK(value(session.list()).mails == before);
  CHECK(session.mark_deleted(2));
  CHECK_FALSE(session.mark_deleted(2));
  CHECK(session.quit());
  auto after = value(open_session(endpoint).list()).mails;
  REQUIRE(after.size() == 2);
  CHECK(after[0].unique_id == before[0].unique_id);
  CHECK(after[1].unique_id == before[2].unique_id);
}
