// What broke a signed mail is found out from the mail, the report and DNS.
#include <catch2/catch.hpp>

#include "tests/verify/dkim/signer.hpp"
#include "verify/failure/conclude.hpp"
#include "verify/failure/examine.hpp"
#include "verify/failure/quoted_canonical.hpp"

using namespace ruaudit;
using namespace ruaudit::verify::failure;
using test::FakeResolver;
using test::Spec;

namespace {

constexpr const char* header =
    "From: Author <author@example.com>\r\nTo: reader@example.net\r\nSubject: Invoice 7\r\n"
    "Date: Tue, 01 Sep 2026 10:00:00 +0000\r\n";
constexpr const char* body = "Good day\r\n\r\nall is paid.\r\n";

model::FailureReport report_of(const std::string& mail, model::SampleExtent extent = model::SampleExtent::full) {
  model::FailureReport report;
  report.kind = model::FailureKind::auth_failure;
  report.claims.source_ip = *model::IpAddress::parse("203.0.113.9");
  report.claims.original_mail_from = "author@example.com";
  report.claims.arrival_date = 1'788'256'800;
  report.sample.octets = mail;
  report.sample.extent = extent;
  return report;
}

FakeResolver& with_key(FakeResolver& dns, const std::string& record = test::rsa_2048().record()) {
  return dns.txt("sel._domainkey.example.com", record)
      .txt("_dmarc.example.com", "v=DMARC1; p=reject")
      .txt("example.com", "v=spf1 ip4:192.0.2.1 -all");
}

Examination look(const model::FailureReport& report, FakeResolver& dns, const ExamineOptions& options = {}) {
  verify::evaluate::Caches caches;
  return examine(report, report.sample.octets, options, dns, caches);
}

std::string signed_mail(const Spec& spec = {}) { return test::signed_mail(header, body, spec, test::rsa_2048()); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Damage damage_of(const std::string& mail, FakeResolver& dns, model::SampleExtent extent = model::SampleExtent::full) {
  const auto done = look(report_of(mail, extent), dns);
  REQUIRE(done.facts.signatures.size() == 1);
  CHECK(done.facts.signatures[0].is_aligned);
  return done.facts.signatures[0].damage;
}

}  // namespace

TEST_CASE("the damage done to a signed mail is found", "[failure]") {
  const std::string mail = signed_mail();
  const std::string other_day = replaced(mail, "Subject: Invoice 7", "Subject: Entirely other words");
  const struct {
    const char* rule;
    std::string mail;
    Damage damage;
  } table[] = {
      {"untouched", mail, Damage::none},
      {"a footer", mail + "-- \r\nour list\r\n", Damage::footer_added},
      {"another word in the body", replaced(mail, "is paid", "is owed"), Damage::body_changed},
      {"a list's prefix of the Subject", replaced(mail, "Subject: ", "Subject: [list] "), Damage::header_restored},
      {"a prefix behind Re:", replaced(mail, "Subject: ", "Subject: EXTERNAL: "), Damage::header_restored},
      {"another Subject", other_day, Damage::header_changed},
      {"another Subject and another body", replaced(other_day, "is paid", "is owed"), Damage::header_and_body_changed},
      {"prefix and footer, as lists do", replaced(mail, "Subject: ", "Subject: [list] ") + "-- \r\nx\r\n",
       Damage::footer_added},
  };
  for (const auto& one : table) {
    CAPTURE(one.rule);
    FakeResolver dns;
    CHECK(model::to_text(damage_of(one.mail, with_key(dns))) == model::to_text(one.damage));
  }
}

TEST_CASE("the field that a list changed is shown as it was and as it is", "[failure]") {
  FakeResolver dns;
  const auto done = look(report_of(replaced(signed_mail(), "Subject: ", "Subject: [list] ")), with_key(dns));
  REQUIRE(done.changes.size() == 1);
  CHECK(done.changes[0].field == "Subject");
  CHECK(done.changes[0].before == "Invoice 7");
  CHECK(done.changes[0].after == "[list] Invoice 7");
}

TEST_CASE("the first line that was added is shown with its number", "[failure]") {
  FakeResolver dns;
  const auto done = look(report_of(signed_mail() + "-- \r\nour list\r\n"), with_key(dns));
  REQUIRE(done.changes.size() == 1);
  CHECK(done.changes[0].line == 4);
  CHECK(done.changes[0].after == "-- ");
}

TEST_CASE("a key that did not make the signature was replaced, or never did", "[failure]") {
  FakeResolver dns;
  CHECK(damage_of(signed_mail(), with_key(dns, test::rsa_1024().record())) == Damage::key_replaced);
}

TEST_CASE("the key that the report quotes is tried, and told", "[failure]") {
  FakeResolver dns;
  auto report = report_of(signed_mail());
  report.claims.dkim_selector_dns =
      model::ClaimedRecord{"", "", "sel._domainkey.example.com", test::rsa_2048().record()};
  const auto done = look(report, with_key(dns, test::rsa_1024().record()));
  CHECK(done.facts.signatures.at(0).verifies_with_reported == true);
  CHECK(done.facts.signatures.at(0).damage == Damage::key_replaced);
}

TEST_CASE("with headers only the header is checked, and the body hash once the body was seen", "[failure]") {
  const std::string mail = signed_mail();
  const std::string head = mail.substr(0, mail.find("\r\n\r\n") + 2);
  FakeResolver dns;
  with_key(dns);
  CHECK(damage_of(head, dns, model::SampleExtent::headers) == Damage::body_unknown);
  const auto whole = look(report_of(mail), dns);
  const ExamineOptions known{.bodies = {{"example.com", "sel", whole.signatures.at(0).body_hash}}};
  const auto again = look(report_of(head, model::SampleExtent::headers), dns, known);
  CHECK(again.facts.signatures.at(0).damage == Damage::none);
}

TEST_CASE("a signature past its x= is tried as on its last day", "[failure]") {
  FakeResolver dns;
  with_key(dns);
  CHECK(damage_of(signed_mail({.extra = "; x=1788256700"}), dns) == Damage::expired);
  CHECK(damage_of(replaced(signed_mail({.extra = "; x=1788256700"}), "is paid", "is owed"), dns) ==
        Damage::expired_and_broken);
}

TEST_CASE("a quoted canonical header shows the field that differs in the sample", "[failure]") {
  FakeResolver dns;
  with_key(dns);
  const auto whole = look(report_of(signed_mail()), dns);
  auto report = report_of(replaced(signed_mail(), "Subject: Invoice 7", "Subject: Entirely other words"));
  report.claims.dkim_canonicalized_header = whole.signatures.at(0).header_input;
  const auto done = look(report, dns);
  REQUIRE(done.changes.size() == 1);
  CHECK(done.changes[0].field == "subject");
  CHECK(done.changes[0].before == "subject:Invoice 7");
  CHECK(done.changes[0].after == "subject:Entirely other words");
  CHECK(done.facts.signatures.at(0).damage == Damage::header_restored);
}

TEST_CASE("of quoted bodies the first line that differs is shown", "[failure]") {
  const auto changes = differing_lines("a\r\nb\r\nc\r\n", "a\r\nx\r\ny\r\n", ChangePart::body, 1);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].line == 2);
  CHECK(changes[0].before == "b");
  CHECK(changes[0].after == "x");
}

TEST_CASE("the time of a sample is its arrival, else its topmost Received, else the report's date", "[failure]") {
  auto report = report_of("Received: from a by b; Tue, 01 Sep 2026 09:00:00 +0000\r\n\r\n");
  report.reporter.date_epoch = 5;
  CHECK(time_of_sample(report) == 1'788'256'800);
  report.claims.arrival_date.reset();
  CHECK(time_of_sample(report) == 1'788'253'200);
  report.sample.octets = "From: a@b.example\r\n\r\n";
  CHECK(time_of_sample(report) == 5);
}

TEST_CASE("an SPF record that lets everyone send authorises nobody", "[failure]") {
  FakeResolver dns;
  dns.txt("example.com", "v=spf1 +all").txt("_dmarc.example.com", "v=DMARC1; p=reject");
  const auto done = look(report_of(std::string(header) + "\r\n" + body), dns);
  CHECK(done.facts.authorised_then == Authorisation::anyone);
  CHECK(conclude(done.facts).reason == Reason::spf_allows_anyone);
}

TEST_CASE("an SPF record that the report quotes does not authorise", "[failure]") {
  FakeResolver dns;
  auto report = report_of(std::string(header) + "\r\n" + body);
  report.claims.spf_dns = {{"", "txt", "example.com", "v=spf1 ip4:203.0.113.9 -all"}};
  const auto done = look(report, with_key(dns));
  CHECK(done.facts.authorised_then == Authorisation::no);
  CHECK(done.facts.quoted_spf_authorises);
  CHECK(conclude(done.facts).verdict == Verdict::forgery);
}
