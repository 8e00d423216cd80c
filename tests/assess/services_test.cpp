// The list of services: every row, and how names are matched.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "assess/services.hpp"

namespace ruaudit::assess::test {

TEST_CASE("services: every built-in row is read, and there are at least 220") {
  const auto parsed = ServiceTable::parse(services_text);
  if (!parsed) FAIL(parsed.error().message);
  CHECK(parsed->services().size() >= 220);
}

TEST_CASE("services: every row has a name of its own, an identifier or a carrier, a source, and what to do") {
  std::set<std::string> names;
  const auto& table = ServiceTable::built_in();
  for (const Service& row : table.services()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    CHECK_FALSE((row.dkim_domains.empty() && row.return_paths.empty() && row.hosts.empty() &&
                 row.spf_includes.empty() && row.carriers.empty()));
    CHECK(row.source.starts_with("http"));
    CHECK((row.confidence == "documented" || row.confidence == "seen" || row.confidence == "inferred"));
    CHECK(how_to_align(row).size() > 30);
    for (const auto& carrier : row.carriers) CHECK(table.by_name(carrier) != nullptr);
  }
}

TEST_CASE("services: no two rows claim the same name, so that a match is never a draw") {
  std::map<std::string, std::string> owner;
  for (const Service& row : ServiceTable::built_in().services())
    for (const auto* list : {&row.dkim_domains, &row.return_paths, &row.hosts, &row.spf_includes})
      for (const auto& name : *list) {
        const auto [at, is_new] = owner.try_emplace(name, row.name);
        CAPTURE(name, at->second, row.name);
        CHECK(at->second == row.name);
      }
}

TEST_CASE("services: a name matches on label boundaries, and the longest wins") {
  const struct {
    const char* name;
    const char* service;
  } cases[] = {{"o1.outbound-mail.sendgrid.net", "SendGrid"},
               {"sendgrid.net", "SendGrid"},
               {"notsendgrid.net", ""},
               {"sendgrid.net.example.com", ""},
               {"mail7.sea31.mcsv.net", "Mailchimp"},
               {"a4-21.smtp-out.eu-west-1.amazonses.com", "Amazon SES"},
               {"x.intercom.com.sparkpostmail.com", "Intercom"},
               {"x.sparkpostmail.com", "SparkPost"},
               {"example.20230601.gappssmtp.com", "Google Workspace"},
               {"n5.mta.sendinblue.com", "Brevo"},
               {"mail.sendinblue.com", "Brevo"},
               {"freshdesk.com", "Freshdesk"},
               {"s1.dkim.ionos.com", "IONOS"},
               {"sender11-op-o11.zoho.eu", "Zoho Mail"},
               {"com", ""},
               {"", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto match = ServiceTable::built_in().by_domain(c.name);
    CHECK((match.service == nullptr ? std::string() : match.service->name) == c.service);
  }
}

TEST_CASE("services: a carrier's name is the carrier's, not of those whose mail it delivers") {
  const auto& table = ServiceTable::built_in();
  CHECK(table.by_domain("amazonses.com").service->name == "Amazon SES");
  CHECK(table.by_domain("mailgun.org").service->name == "Mailgun");
  CHECK(table.by_name("Customer.io")->carriers == std::vector<std::string>{"Mailgun"});
}

TEST_CASE("services: a selector only supports: it may belong to several") {
  CHECK(ServiceTable::built_in().by_selector("mail").size() > 1);
  CHECK_FALSE(ServiceTable::built_in().by_selector("hs1-2611407").empty());
  CHECK(ServiceTable::built_in().by_selector("hs1-").empty());
}

TEST_CASE("services: a service is found by each of its names, whatever the case") {
  const auto& table = ServiceTable::built_in();
  CHECK(table.by_name("sendgrid") == table.by_name("Twilio SendGrid"));
  CHECK(table.by_name("no such service") == nullptr);
}

TEST_CASE("services: an owner's file adds rows and wins over the built-in ones") {
  std::string text(services_text);
  const std::string header =
      text.substr(text.find("name\t"), text.find('\n', text.find("name\t")) - text.find("name\t"));
  const auto own =
      ServiceTable::parse(header +
                          "\nHouse mailer\t\tsaas_other\tmailer.example.net\t\t\t\t\t\t\tdkim_custom\tSettings > "
                          "Mail\t\tno\tseen\thttps://example.net/\n");
  if (!own) FAIL(own.error().message);
  const auto joined = ServiceTable::built_in().joined_with(*own);
  CHECK(joined.by_domain("x.mailer.example.net").service->name == "House mailer");
  CHECK(joined.by_domain("sendgrid.net").service->name == "SendGrid");
}

TEST_CASE("services: parsedmarc's map of reverse names is read, names in quotation marks too") {
  const auto map = ServiceTable::parse("base_reverse_dns,name,type\r\nmailer.example,\"Mailer, Inc.\",Marketing\r\n");
  if (!map) FAIL(map.error().message);
  CHECK(map->by_domain("a.mailer.example").service->name == "Mailer, Inc.");
}

TEST_CASE("services: a broken row is refused with its line and what is wrong") {
  std::string text(services_text);
  const std::string header =
      text.substr(text.find("name\t"), text.find('\n', text.find("name\t")) - text.find("name\t"));
  const struct {
    const char* row;
    const char* part;
  } cases[] = {{"A\tB", "line 2: 2 columns"},
               {"A\t\tnothing\t\t\t\t\t\t\t\tboth\t\t\t\tseen\thttp://x", "type: 'nothing'"},
               {"A\t\tcrm\tNo Domain\t\t\t\t\t\t\tboth\t\t\t\tseen\thttp://x", "dkim_domains: 'No Domain'"},
               {"A\t\tcrm\ta.example\t\t\t\t\tAS1\t\tboth\t\t\t\tseen\thttp://x", "asn: 'AS1'"},
               {"A\t\tcrm\ta.example\t\t\t\t\t\t\tperhaps\t\t\t\tseen\thttp://x", "aligns_by: 'perhaps'"}};
  for (const auto& c : cases) {
    CAPTURE(c.row);
    const auto parsed = ServiceTable::parse(header + "\n" + c.row + "\n");
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().message.find(c.part) != std::string::npos);
  }
  CHECK_FALSE(ServiceTable::parse("something else\n"));
}

}  // namespace ruaudit::assess::test
