#include "parser/report_hints.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit;
using parser::fill_gaps;

// RFC 9990 section 3.5; RFC 7489 section 7.2.1.1
TEST_CASE("the file name fills what the report left out") {
  model::ReportHeader header;
  const auto defects = fill_gaps(header, {"dir/Receiver.example!example.com!1735689600!1735776000!abc.xml.gz", "", ""});
  CHECK(header.metadata.org_name == "receiver.example");
  CHECK(header.metadata.report_id == "abc");
  CHECK(header.policy_published.domain == "example.com");
  CHECK(header.metadata.date_range == model::DateRange{1735689600, 1735776000});
  std::string codes;
  for (const auto& defect : defects) codes += defect.code + " ";
  CHECK(codes ==
        "org-name-from-file-name report-id-from-file-name domain-from-file-name date-from-file-name "
        "date-from-file-name ");
}

TEST_CASE("the subject and the sender fill what is left") {
  model::ReportHeader header;
  fill_gaps(header, {"report.xml", "Report domain: example.com Submitter: mail.example\r\n Report-ID: <12@x>",
                     "DMARC <noreply@mail.example>"});
  CHECK(header.policy_published.domain == "example.com");
  CHECK(header.metadata.org_name == "mail.example");
  CHECK(header.metadata.report_id == "12@x");
  CHECK(header.metadata.email == "noreply@mail.example");
  CHECK(header.metadata.date_range == model::DateRange{});
}

TEST_CASE("the e-mail of the report comes before file name and mail") {
  model::ReportHeader header;
  header.metadata.email = "dmarc@Own.example";
  const auto defects = fill_gaps(header, {"other.example!d.example!1!2.xml", "", "x@third.example"});
  CHECK(header.metadata.org_name == "own.example");
  REQUIRE_FALSE(defects.empty());
  CHECK(defects[0].code == "org-name-from-email");
}

TEST_CASE("hints never replace what the report says") {
  model::ReportHeader header;
  header.metadata = {"o", "e@e.example", {}, "id", {1, 2}, {}, {}};
  header.policy_published.domain = "d.example";
  const model::ReportHeader before = header;
  CHECK(fill_gaps(header, {"r.example!x.example!10!20!u.xml", "Report Domain: y Submitter: z Report-ID: q", "a@b.c"})
            .empty());
  CHECK((header == before));
}

TEST_CASE("texts that have not the form fill nothing") {
  const auto name = GENERATE(as<std::string>(), "", "!", "!!!", "a!b!c", "report.xml.gz", "a b!c d!x!y.xml");
  CAPTURE(name);
  model::ReportHeader header;
  CHECK(fill_gaps(header, {name, "hello", "nobody"}).empty());
}

TEST_CASE("a subject promises a report, whatever tags stand in front of it") {
  for (const char* subject : {"Report domain: example.com Submitter: sender.example Report-ID: <1>",
                              "[Preview] Report Domain: example.com Submitter: sender.example Report-ID: <1>",
                              "[EXT]  [Preview] Report domain: example.com Report-ID: <1>"})
    CHECK(parser::is_report_subject(subject));
  for (const char* subject : {"[Preview", "[Preview] Hello", "Re: Report domain: example.com Submitter: sender.example",
                              "[] ", "Report domain: example.com"})
    CHECK_FALSE(parser::is_report_subject(subject));
}
