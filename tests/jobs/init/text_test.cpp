#include "jobs/init/text.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "config/load.hpp"

using namespace ruaudit;
using namespace ruaudit::jobs;

namespace {

using Texts = std::vector<std::string>;

verify::suffix::PublicSuffixList suffixes() { return *verify::suffix::PublicSuffixList::parse("com\norg\nco.uk\n"); }

InitAnswers answers(const Texts& domains, const std::string& address) {
  InitAnswers out;
  out.address = address;
  out.url = "imaps://u@h/";
  out.password_value = "password";
  out.done = "nothing";
  for (const auto& domain : domains) out.domains.push_back(*model::Domain::parse(domain));
  return out;
}

}  // namespace

TEST_CASE("a mailbox under another organization's name needs a record by which it agrees, for every domain") {
  struct Case {
    Texts domains;
    std::string address;
    Texts agreements;
  };
  const Case cases[] = {
      {{"example.com"}, "dmarc@example.com", {}},
      {{"example.com"}, "dmarc@mail.example.com", {}},
      {{"a.example.com"}, "dmarc@b.example.com", {}},
      {{"example.com"}, "dmarc@example.org", {"example.com._report._dmarc.example.org. IN TXT \"v=DMARC1\""}},
      {{"a.co.uk", "b.co.uk"}, "d@b.co.uk", {"a.co.uk._report._dmarc.b.co.uk. IN TXT \"v=DMARC1\""}},
  };
  const auto list = suffixes();
  for (const auto& c : cases) {
    CAPTURE(c.domains, c.address);
    const auto records = dns_records(answers(c.domains, c.address), &list);
    REQUIRE(records.size() == c.domains.size() + c.agreements.size());
    CHECK(Texts(records.begin() + static_cast<std::ptrdiff_t>(c.domains.size()), records.end()) == c.agreements);
  }
}

TEST_CASE("without a list of suffixes only a name above or below counts as the same organization") {
  CHECK(dns_records(answers({"example.com"}, "d@mail.example.com"), nullptr).size() == 1);
  CHECK(dns_records(answers({"a.example.com"}, "d@b.example.com"), nullptr).size() == 2);
}

TEST_CASE("what the first configuration offers as a comment is right for its mailbox") {
  for (const std::string place : {"imaps://u@h/", "pop3s://u@h/", "/var/mail/reports"}) {
    CAPTURE(place);
    auto given = answers({"example.com"}, "dmarc@example.com");
    given.password_key = "password_env";
    const bool is_url = place.find("://") != std::string::npos;
    given.url = is_url ? place : "";
    given.maildir = is_url ? "" : place;
    std::istringstream lines(configuration_text(given));
    std::string text, line;
    while (std::getline(lines, line)) {
      const auto word = line.starts_with("# ") ? line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", 2) : 0;
      const bool is_key = word > 2 && word != std::string::npos && line.substr(word, 3) == " = ";
      text += (is_key ? line.substr(2) : line) + "\n";
    }
    CAPTURE(text);
    CHECK(text.find("\ntrusted_authserv_ids = ") != std::string::npos);
    const auto loaded = config::load_text({.text = text, .name = "x.conf", .folder = {}}, {});
    CHECK((loaded ? "" : loaded.error().message) == std::string());
  }
}

TEST_CASE("an address in a DMARC record has what would part tags and addresses written in percent") {
  const auto list = suffixes();
  const auto records = dns_records(answers({"example.com"}, "a,b!c;d+e%f@example.com"), &list);
  CHECK(records.at(0) ==
        "_dmarc.example.com. IN TXT \"v=DMARC1; p=none; rua=mailto:a%2Cb%21c%3Bd+e%25f@example.com; "
        "ruf=mailto:a%2Cb%21c%3Bd+e%25f@example.com\"");
}

TEST_CASE("every configuration that is written can be read, and says what was answered") {
  for (const Provider provider : {Provider::other, Provider::microsoft365, Provider::google}) {
    CAPTURE(static_cast<int>(provider));
    auto given = answers({"example.com", "example.org"}, "dmarc@example.com");
    given.provider = provider;
    given.url = "imaps://dmarc@example.com@imap.example.com:1993/";
    given.done = "move Reports/Done #1";
    given.database = "/var/lib/r #1.db";
    const auto loaded = config::load_text({.text = configuration_text(given), .name = "x", .folder = "/etc"}, {});
    REQUIRE(loaded);
    const auto& mailbox = loaded->configuration.mailboxes.at(0);
    CHECK(mailbox.user == "dmarc@example.com");
    CHECK(mailbox.port == 1993);
    CHECK(mailbox.done == config::Disposition{config::Disposal::move, "Reports/Done #1"});
    CHECK(loaded->configuration.general.database == "/var/lib/r #1.db");
    CHECK(loaded->configuration.general.domains == given.domains);
  }
}

TEST_CASE("what the service must read is given to its group, and tried as its user") {
  auto given = answers({"example.com"}, "dmarc@example.com");
  given.url = "imaps://dmarc@example.com@imap.example.com/";
  given.password_value = "password";
  given.config_path = "/etc/ruaudit/ruaudit.conf";
  CHECK(next_steps(given) ==
        std::vector<std::string>{
            "write the password into /etc/ruaudit/password, readable only by the service: install -m 640 -g ruaudit "
            "/dev/stdin /etc/ruaudit/password",
            "chgrp ruaudit /etc/ruaudit/ruaudit.conf && chmod 640 /etc/ruaudit/ruaudit.conf: the service must read it",
            "sudo -u ruaudit ruaudit doctor --config /etc/ruaudit/ruaudit.conf",
            "systemctl enable --now ruaudit-watch.service, or for a nightly run ruaudit-fetch.timer",
            "systemctl enable --now ruaudit-digest.timer: what changed, every night, as [mail] and [digest] say"});
  given.schedule = Schedule::cron;
  CHECK(next_steps(given).at(1) == "ruaudit doctor --config /etc/ruaudit/ruaudit.conf");
}

TEST_CASE("a configuration elsewhere is first put where the service reads it") {
  auto given = answers({"example.com"}, "dmarc@example.com");
  given.url = "imaps://dmarc@example.com@imap.example.com/";
  given.password_value = "password";
  given.config_path = "/home/a/.config/ruaudit/ruaudit.conf";
  const auto steps = next_steps(given);
  CHECK(
      steps.at(0) ==
      "as root: install -D -m 640 -g ruaudit /home/a/.config/ruaudit/ruaudit.conf /etc/ruaudit/ruaudit.conf: the file "
      "that the service reads");
  CHECK(steps.at(1).find("/etc/ruaudit/password") != std::string::npos);
  CHECK(steps.at(2) == "sudo -u ruaudit ruaudit doctor --config /etc/ruaudit/ruaudit.conf");
}

TEST_CASE("a nightly run by cron ends with the digest") {
  auto given = answers({"example.com"}, "dmarc@example.com");
  given.url.clear();
  given.maildir = "/home/a/Maildir";
  given.config_path = "/home/a/ruaudit.conf";
  given.schedule = Schedule::cron;
  CHECK(next_steps(given) ==
        std::vector<std::string>{"ruaudit doctor --config /home/a/ruaudit.conf",
                                 "crontab -e, then: 17 5 * * * ruaudit fetch --quiet --config /home/a/ruaudit.conf; "
                                 "ruaudit digest --config /home/a/ruaudit.conf"});
}

TEST_CASE("a maildir needs no log-in") {
  auto given = answers({"example.com"}, "dmarc@example.com");
  given.url.clear();
  given.maildir = "/var/mail/with space #1";
  const auto loaded = config::load_text({.text = configuration_text(given), .name = "x", .folder = "/etc"}, {});
  REQUIRE(loaded);
  CHECK(loaded->configuration.mailboxes.at(0).path == given.maildir);
}
