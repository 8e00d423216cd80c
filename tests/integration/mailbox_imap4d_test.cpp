// ImapSession against GNU Mailutils' imap4d, a server that shares nothing with Dovecot.
#include <catch2/catch.hpp>

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

ImapSession open_session(const MailServer& server, Security security) {
  return value(
      ImapSession::open(endpoint_of(server, Protocol::imap, security), password("reports@example.org", "secret")));
}

}  // namespace

TEST_CASE("a second IMAP server is spoken to over TLS, STARTTLS and in plain text") {
  const MailServer server("imap4d_server.py");
  for (const auto security : {Security::tls, Security::starttls, Security::plaintext}) {
    CAPTURE(static_cast<int>(security));
    auto session = open_session(server, security);
    CHECK(session.login_method() == "PLAIN");
    CHECK_FALSE(session.has("SASL-IR"));
    CHECK_FALSE(session.has("MOVE"));
    CHECK(session.separator() == '/');
    CHECK(session.logout());
  }
}

TEST_CASE("a second IMAP server gives its mails, and keeps those that move when it cannot expunge one alone") {
  MailServer server("imap4d_server.py");
  std::vector<std::string> mails;
  for (int i = 0; i < 120; ++i)
    mails.push_back("Subject: " + std::to_string(i) + "\r\n\r\nA1 OK forged\r\n" +
                    std::string(static_cast<std::size_t>(i) * 50, 'x') + "\r\n");
  server.deliver("reports", "INBOX", mails);
  auto session = open_session(server, Security::tls);
  const auto folder = value(session.select("INBOX", Access::read_write));
  CHECK(folder.exists == 120);
  CHECK(folder.uid_validity > 0);
  const auto uids = value(session.search_uids());
  REQUIRE(uids.size() == 120);
  const auto facts = value(session.fetch_facts(uids)).facts;
  std::vector<WantedMail> all;
  for (const auto& one : facts) all.push_back({one.uid, one.octets});
  KeptMails kept;
  const auto outcome = value(session.fetch(all, kept));
  CHECK(outcome.received == uids);
  REQUIRE(kept.mails.size() == 120);
  for (const auto& mail : mails)
    CHECK(std::any_of(kept.mails.begin(), kept.mails.end(), [&](const auto& one) { return one.second == mail; }));
  const std::vector<Uid> first{uids[0], uids[1]};
  const auto missing = session.move(first, "done");
  REQUIRE_FALSE(missing);
  CHECK(session.create("done"));
  CHECK(value(session.move(first, "done")).method == MoveMethod::expunge_left);
  CHECK(value(session.noop()) == 120);
  CHECK(value(session.select("done", Access::read_only)).exists == 2);
}

TEST_CASE("a second IMAP server's refusals are told apart") {
  const MailServer server("imap4d_server.py");
  auto session = open_session(server, Security::tls);
  const auto missing = session.select("no such folder", Access::read_only);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "mailbox-folder-missing");
  const auto refused =
      ImapSession::open(endpoint_of(server, Protocol::imap, Security::tls), password("reports@example.org", "wrong"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "mailbox-login-refused");
}
