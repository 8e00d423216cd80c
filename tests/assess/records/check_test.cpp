#include "assess/records/check.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "assess/records/hosts.hpp"
#include "assess/records/unused.hpp"
#include "assess/records/vocabulary.hpp"
#include "zone_fixture.hpp"

namespace ruaudit::test {

TEST_CASE("a name server that does not answer at all is an error, not a finding") {
  class Silent final : public verify::dns::Resolver {
   public:
    std::vector<verify::dns::Answer> query_all(std::span<const verify::dns::Question> questions) override {
      std::vector<verify::dns::Answer> answers(questions.size());
      for (std::size_t i = 0; i < questions.size(); ++i) {
        answers[i].question = questions[i];
        answers[i].status = verify::dns::Status::timeout;
      }
      return answers;
    }
  } silent;
  const auto report = jobs::check_domain({.domain = *model::Domain::parse("example.org")}, silent);
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == "dns-silent");
}

TEST_CASE("what is not asked within the deadline counts as unknown, never as absent") {
  Domain domain;
  auto zone = verify::dns::Zone::parse(
      R"({"example.org": [{"TXT": "v=spf1 include:a.example -all"}, {"MX": [10, "m.example.org"]}]})");
  verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  auto now = std::chrono::steady_clock::time_point{};
  const auto clock = [&now] { return now += std::chrono::seconds(15); };
  const auto report =
      jobs::check_domain({.domain = *model::Domain::parse("example.org"), .selectors = {"s1"}}, resolver, {}, clock);
  REQUIRE(report.has_value());
  CHECK(find(*report, "dns-error") != nullptr);
  CHECK(find(*report, "spf-target-none") == nullptr);
  CHECK(find(*report, "mx-no-address") == nullptr);
}

TEST_CASE("a record that is missing although TLS reports tell of it is told with what they tell") {
  auto zone = verify::dns::Zone::parse(
      R"({"example.org": [{"MX": [10, "m.example.org"]}], "m.example.org": [{"A": "192.0.2.1"}]})");
  verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  const auto detail = [&](const assess::records::TlsReportsSeen& seen, std::string_view code) {
    const auto report =
        jobs::check_domain({.domain = *model::Domain::parse("example.org"), .tls_reports = seen}, resolver);
    REQUIRE(report.has_value());
    const auto* const finding = find(*report, code);
    REQUIRE(finding != nullptr);
    return finding->detail;
  };
  CHECK(detail({}, "tlsrpt-missing").empty());
  CHECK(detail({}, "sts-missing").empty());
  CHECK(detail({12, "2026-03-04", ""}, "tlsrpt-missing") ==
        "yet 12 TLS reports came, the last on 2026-03-04: without the record they stop");
  CHECK(detail({12, "2026-03-04", ""}, "sts-missing").empty());
  CHECK(detail({12, "2026-03-04", "2026-03-03"}, "sts-missing") == "yet senders saw a policy, the last on 2026-03-03");
}

TEST_CASE("a position counts characters, not octets") {
  Domain domain;
  domain.spf =
      "v=spf1 mx \xE2\x80\x9C"
      "a"
      "\xE2\x80\x9D ip4:300.1.1.1 -all";
  const auto report = check(domain);
  const auto* const finding = find(report, "spf-bad-address");
  REQUIRE(finding != nullptr);
  CHECK(finding->place.pos == 15);
  CHECK(finding->place.text == "ip4:300.1.1.1");
}

TEST_CASE("the grade is 100 less what each finding costs") {
  Domain domain;
  domain.spf = "v=spf1 mx ?all";
  const auto report = check(domain);
  CHECK(report.grade.points == 95);
  CHECK(report.grade.letter == 'A');
  REQUIRE(report.grade.deductions.size() == 1);
  CHECK(report.grade.deductions[0].code == "spf-neutral-all");
}

TEST_CASE("a provider's reverse name holds the address in some way of writing it") {
  using assess::records::is_generic_name;
  const auto four = *model::IpAddress::parse("192.0.2.25");
  for (const char* name : {"192-0-2-25.dyn.provider.example", "25.2.0.192.provider.example", "host192x0x2x25.example",
                           "c0000219.provider.example", "192000002025.provider.example"}) {
    CAPTURE(name);
    CHECK(is_generic_name(name, four));
  }
  for (const char* name : {"mail.example.org", "mail25.example.org", "mx2-25.example.org"}) {
    CAPTURE(name);
    CHECK_FALSE(is_generic_name(name, four));
  }
}

TEST_CASE("every code is in the vocabulary once") {
  std::set<std::string_view> codes;
  for (const auto& entry : assess::records::vocabulary()) {
    CAPTURE(entry.code);
    CHECK(codes.insert(entry.code).second);
    CHECK_FALSE(entry.section.empty());
  }
}

TEST_CASE("a key or TLS-RPT record at a name where nobody asks is found, and offered where it belongs") {
  const std::string key = R"({"TXT": ["v=DKIM1; k=rsa; ", "p=)" + std::string(key_2048) + R"("]})";
  for (const char* name : {"_domainkey.example.org", "s1.domainkey.example.org", "_domainkey.s1.example.org"}) {
    CAPTURE(name);
    const auto report = check({.dkim = "", .more = {{name, key}}});
    const auto* finding = find(report, "dkim-wrong-name");
    REQUIRE(finding != nullptr);
    CHECK(finding->place.name == name);
    REQUIRE(finding->fix.has_value());
    CHECK(finding->fix->at == "s1._domainkey.example.org");
  }
  for (const char* name : {"smtp._tls.example.org", "_smtp.tls.example.org", "_tls._smtp.example.org"}) {
    CAPTURE(name);
    const auto report = check({.tlsrpt = "", .more = {{name, R"({"TXT": "v=TLSRPTv1; rua=mailto:tls@example.org"})"}}});
    const auto* finding = find(report, "tlsrpt-wrong-name");
    REQUIRE(finding != nullptr);
    CHECK(finding->place.name == name);
  }
}

TEST_CASE("a key whose tag name was pasted twice is offered whole") {
  const auto report = check({.dkim = "v=DKIM1; k=rsa; p=p=" + std::string(key_2048)});
  const auto* finding = find(report, "dkim-key-broken");
  REQUIRE(finding != nullptr);
  REQUIRE(finding->fix.has_value());
  CHECK(finding->fix->text == "v=DKIM1; k=rsa; p=" + std::string(key_2048));
}

TEST_CASE("a key that a web form has spoilt is offered as it was") {
  const std::string whole = "v=DKIM1; k=rsa; p=" + std::string(key_2048);
  for (const char* with : {"&#43;", " "}) {
    auto spoilt = whole;
    for (auto at = spoilt.find('+'); at != std::string::npos; at = spoilt.find('+', at)) spoilt.replace(at, 1, with);
    CAPTURE(with);
    const auto report = check({.dkim = spoilt});
    const auto* finding = find(report, "dkim-key-broken");
    REQUIRE(finding != nullptr);
    REQUIRE(finding->fix.has_value());
    CHECK(finding->fix->text == whole);
  }
}

TEST_CASE("a name that is an alias of nothing is told with what it is an alias of") {
  const auto report = check({.dmarc = "",
                             .dkim = "",
                             .more = {{"_dmarc.example.org", R"({"CNAME": "gone.provider.example"})"},
                                      {"s1._domainkey.example.org", R"({"CNAME": "s1.gone.example"})"}}});
  REQUIRE(find(report, "dkim-missing") != nullptr);
  CHECK(find(report, "dkim-missing")->detail == "it is an alias of s1.gone.example, and there is no key");
  REQUIRE(find(report, "dmarc-missing") != nullptr);
  CHECK_THAT(find(report, "dmarc-missing")->detail, Catch::Contains("alias of gone.provider.example"));
}

TEST_CASE("a mail host with the domain left out or put twice is offered as the host that is there") {
  const auto offered = [](const std::string& host) {
    auto zone = verify::dns::Zone::parse(R"({"example.org": [{"MX": [10, ")" + host +
                                         R"("]}], "mail.example.org": [{"A": "192.0.2.25"}]})");
    verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
    const auto report = jobs::check_domain({.domain = *model::Domain::parse("example.org")}, resolver);
    REQUIRE(report.has_value());
    const auto* finding = find(*report, "mx-no-address");
    REQUIRE(finding != nullptr);
    return finding->fix ? finding->fix->text : std::string("(none)");
  };
  CHECK(offered("mail") == "10 mail.example.org");
  CHECK(offered("mail.example.org.example.org") == "10 mail.example.org");
  CHECK(offered("gone.example.org") == "(none)");
}

TEST_CASE(
    "who takes no mail is offered a policy without an address of his own for reports; a parked domain one that "
    "refuses") {
  const auto offered = [](const std::string& apex) {
    auto zone =
        verify::dns::Zone::parse(R"({"example.org": [)" + apex + R"(], "m.example.org": [{"A": "192.0.2.1"}]})");
    verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
    const auto report = jobs::check_domain({.domain = *model::Domain::parse("example.org")}, resolver);
    REQUIRE(report.has_value());
    const auto* finding = find(*report, "dmarc-missing");
    REQUIRE(finding != nullptr);
    return finding->fix->text;
  };
  const std::string closed = R"({"TXT": "v=spf1 -all"})", null_mx = R"({"MX": [0, ""]})";
  CHECK(offered(closed + "," + null_mx) == "v=DMARC1; p=reject; sp=reject; np=reject");
  CHECK(offered(closed + R"(,{"MX": [1, "m.example.org"]})") ==
        "v=DMARC1; p=reject; sp=reject; np=reject; rua=mailto:dmarc@example.org");
  CHECK(offered(R"({"TXT": "v=spf1 a -all"},)" + null_mx) == "v=DMARC1; p=none");
  CHECK(offered(R"({"TXT": "v=spf1 a -all"}, {"A": "192.0.2.1"})") == "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
}

TEST_CASE("a provider's record with a thousand broken terms is some findings, not a thousand") {
  std::string record = "v=spf1";
  for (int i = 0; i < 8; ++i) record += " include:gone" + std::to_string(i) + ".provider.example";
  std::map<std::string, std::string> more;
  std::string own = "v=spf1";
  for (int i = 0; i < 20; ++i) {
    const auto name = "p" + std::to_string(i) + ".provider.example";
    own += " include:" + name;
    more[name] = R"({"TXT": [")" + record.substr(0, 200) + R"(", ")" + record.substr(200) + R"( -all"]})";
  }
  const auto report = check({.spf = own + " -all", .more = more});
  CHECK(report.findings.size() < 50);
  const auto last = std::find_if(report.findings.begin(), report.findings.end(), [](const auto& each) {
    return each.code == "spf-target-broken" && each.severity == records::Severity::info;
  });
  REQUIRE(last != report.findings.end());
  CHECK(last->detail == "150 more terms in other domains' records are in error");
}

TEST_CASE("of a name that does not exist it is not said that its mail is hit") {
  auto zone = verify::dns::Zone::parse(R"({"_dmarc.example.org": [{"TXT": "v=DMARC1; p=reject"}]})");
  verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  const auto report = jobs::check_domain({.domain = *model::Domain::parse("no.example.org")}, resolver);
  REQUIRE(report.has_value());
  CHECK(find(*report, "dmarc-no-auth") == nullptr);
  CHECK(find(*report, "mx-missing")->detail == "the name does not exist");
}

TEST_CASE("a selector may be given as the whole name that a panel shows") {
  auto zone = verify::dns::Zone::parse(R"({"s1._domainkey.example.org": [{"TXT": ["v=DKIM1; p=)" +
                                       std::string(key_2048) + R"("]}]})");
  verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  for (const char* name : {"s1", "s1._domainkey", "s1._domainkey.example.org"}) {
    CAPTURE(name);
    const auto report =
        jobs::check_domain({.domain = *model::Domain::parse("example.org"), .selectors = {name}}, resolver);
    REQUIRE(report.has_value());
    CHECK(find(*report, "dkim-missing") == nullptr);
  }
}

TEST_CASE("a term of SPF by which nobody passes is told once there are enough reports") {
  const auto report = check({.spf = "v=spf1 mx ip4:198.51.100.7 -ip4:198.51.100.9 exists:%{i}.x.example.org -all"});
  REQUIRE(report.spf.has_value());
  const std::vector<std::string> used = {"MX"};
  using assess::records::unused_terms;
  CHECK(unused_terms(*report.spf, {.used_terms = used, .days = assess::records::least_days - 1}).empty());
  const auto unused = unused_terms(*report.spf, {.used_terms = used, .days = assess::records::least_days});
  REQUIRE(unused.size() == 2);
  CHECK(unused[0].place.text == "ip4:198.51.100.7");
  CHECK(unused[0].place.pos == 11);
  CHECK(unused[0].severity == records::Severity::info);
  CHECK(unused[1].place.text == "exists:%{i}.x.example.org");
}

}  // namespace ruaudit::test
