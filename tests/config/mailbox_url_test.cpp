#include "config/mailbox_url.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::config;

TEST_CASE("a mailbox URL says type, security, host, port, user and folder") {
  struct Case {
    std::string url;
    SourceType type;
    Security security;
    std::string host;
    std::uint16_t port;
    std::string user, folder;
  };
  using enum SourceType;
  const Case cases[] = {
      {"imaps://u@mail.example.com/", imap, Security::tls, "mail.example.com", 0, "u", "INBOX"},
      {"imaps://mail.example.com", imap, Security::tls, "mail.example.com", 0, "", "INBOX"},
      {"imap://u@h:1143", imap, Security::starttls, "h", 1143, "u", "INBOX"},
      {"imaps://dmarc@example.com@h/", imap, Security::tls, "h", 0, "dmarc@example.com", "INBOX"},
      {"imaps://dmarc%40example.com@h/", imap, Security::tls, "h", 0, "dmarc@example.com", "INBOX"},
      {"imaps://u@[2001:db8::1]:993/Reports/2026%20new", imap, Security::tls, "2001:db8::1", 993, "u",
       "Reports/2026 new"},
      {"imaps://[::1]", imap, Security::tls, "::1", 0, "", "INBOX"},
      {"pop3s://u@h", pop3, Security::tls, "h", 0, "u", "INBOX"},
      {"pop3://u@h:110/", pop3, Security::starttls, "h", 110, "u", "INBOX"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.url);
    Mailbox mailbox;
    REQUIRE(read_mailbox_url(c.url, mailbox));
    CHECK(mailbox.type == c.type);
    CHECK(mailbox.security == c.security);
    CHECK(mailbox.host == c.host);
    CHECK(mailbox.port == c.port);
    CHECK(mailbox.user == c.user);
    CHECK(mailbox.folders == std::vector<std::string>{c.folder});
  }
}

TEST_CASE("a mailbox URL that is wrong is refused without being repeated") {
  for (const std::string bad :
       {"", "https://h/", "imaps://", "imaps://u@", "imaps://@h/", "imaps://u@h:0/", "imaps://u@h:65536/",
        "imaps://u@h:x/", "imaps://u@h:/", "imaps://u@[::1/", "imaps://u@[::1]x/", "imaps://u%4@h/", "imaps://u%zz@h/",
        "imaps://u%0a@h/", "pop3s://u@h/folder", "imaps://u:hunter2@h/", "imaps://u:hun/ter2@h/",
        "imaps://u:hun@ter2@h/"}) {
    CAPTURE(bad);
    Mailbox mailbox;
    const auto read = read_mailbox_url(bad, mailbox);
    REQUIRE(!read);
    CHECK(read.error().code == "config");
    CHECK(read.error().message.find("ter2") == std::string::npos);
    CHECK(read.error().hint.find("ter2") == std::string::npos);
  }
}
