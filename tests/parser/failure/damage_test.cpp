// Reports that are cut off or swollen: nothing crashes, what is lost is named, and work stays in proportion.
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>

#include "model/failure_sample.hpp"
#include "tests/parser/failure/text.hpp"

using namespace ruaudit;
using namespace ruaudit::test;
using parser::parse_failure_report;

namespace {

const std::string prose =
    "A message claiming to be from you has failed the published DMARC policy for your domain.\r\n\r\n"
    "  Sender Domain: example.com\r\n  Sender IP Address: 198.51.100.66\r\n"
    "  Received date: Thu, 01 Jan 2026 10:00:00 +0100\r\n  SPF Alignment: no\r\n\r\n"
    "------ This is a copy of the headers that were received.\r\n\r\nReceived: from a by b; x\r\nFrom: "
    "x@example.com\r\n";

parser::FailureMail bare(std::string text) {
  parser::FailureMail mail;
  mail.parts = {part("", std::move(text))};
  return mail;
}

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string repeated(const std::string& text, std::size_t size) {
  std::string out;
  while (out.size() < size) out += text;
  return out;
}

}  // namespace

TEST_CASE("fields cut off at any octet are read as far as they go, and what is missing is named") {
  const auto whole = parse_failure_report(arf());
  for (std::size_t size = 0; size < usual_fields.size(); ++size) {
    CAPTURE(size);
    const auto cut = parse_failure_report(arf(usual_fields.substr(0, size)));
    const auto complete = usual_fields.substr(0, size).rfind("\r\n") == std::string::npos;
    CHECK_FALSE((complete && cut.defects.empty()));
    // A field that was not reached is named; one that was reached is as in the whole.
    if (size < usual_fields.find("Source-IP")) CHECK(has(cut.defects, "failure-field-missing") == (size >= 27));
    if (cut.claims.user_agent && size > usual_fields.find("Version"))
      CHECK(cut.claims.user_agent == whole.claims.user_agent);
    if (size + 2 < usual_fields.size()) CHECK((!cut.defects.empty() || size + 13 >= usual_fields.size()));
  }
}

TEST_CASE("a whole bare report cut off at any octet never crashes and its sample is a prefix") {
  for (const auto& text : {usual_fields + "\r\n" + usual_sample, prose}) {
    const auto whole = parse_failure_report(bare(text));
    for (std::size_t size = 0; size < text.size(); ++size) {
      CAPTURE(size);
      const auto cut = parse_failure_report(bare(text.substr(0, size)));
      CHECK(whole.sample.octets.starts_with(cut.sample.octets));
      CHECK_FALSE(cut.defects.empty());
      CHECK(model::repaired_sample(cut).octets.size() <= 2 * cut.sample.octets.size());
    }
  }
}

TEST_CASE("every octet replaced by a hostile one is survived") {
  const auto text = usual_fields + "\r\n" + usual_sample;
  for (const char octet : {'\0', '\n', '\r', ':', '<', '"', '\\', '\xFF', '='})
    for (const auto* original : {&text, &prose})
      for (std::size_t at = 0; at < original->size(); at += 3) {
        auto changed = *original;
        changed[at] = octet;
        const auto report = parse_failure_report(bare(changed));
        CHECK(report.claims.incidents.value_or(1) == 1);
      }
}

TEST_CASE("work is in proportion to the report, whatever it repeats") {
  const std::pair<std::string, std::string> cases[] = {
      {"the sentence", "A message claiming to be from you has failed "},
      {"the beginning of the sentence", "a message "},
      {"blanks", " "},
      {"blank lines", "\r\n"},
      {"quoting marks", ">"},
      {"labels", "Sender Domain: example.com\n"},
      {"Feedback-Type", "Feedback-Type:"},
      {"Feedback-Type lines", "Feedback-Type: auth-failure\n"},
      {"folds", "X: y\n\t"},
      {"dashes", "-----\n"},
      {"at signs", "@"},
      {"addresses", "From: a@b, "},
      {"tags", "<br"},
      {"open tags", "<"},
      {"entities", "&amp;"},
      {"quotes", "\""},
      {"base64", "DKIM-Canonicalized-Body: QUFB"},
  };
  const std::string arf_head = "Feedback-Type: auth-failure\nVersion: 1\nUser-Agent: x\n";
  const std::string prose_head = prose.substr(0, prose.find("------"));
  for (const auto& [what, unit] : cases)
    for (const auto& head : {std::string(), arf_head, arf_head + "SPF-DNS: ", prose_head, std::string("From: ")})
      for (const std::string type : {"text/plain", "text/html", "message/rfc822"}) {
        CAPTURE(what, head, type);
        parser::FailureMail mail = arf();
        mail.parts.push_back(part(type, head + repeated(unit, 1UL << 20U)));
        mail.parts.erase(mail.parts.begin() + (type == "message/rfc822" ? 2 : 1));
        const double took = seconds([&] { parse_failure_report(mail); });
        CHECK(took < 2.0);  // a quadratic walk over a mebibyte takes minutes
      }
}
