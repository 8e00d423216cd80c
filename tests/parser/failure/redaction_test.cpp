// Signs of redaction (RFC 6590).
#include <catch2/catch.hpp>

#include "parser/failure/redaction.hpp"
#include "tests/parser/failure/text.hpp"

using namespace ruaudit;
using namespace ruaudit::test;

namespace {

std::vector<std::string> places(const model::FailureReport& report) {
  std::vector<std::string> out;
  for (const auto& one : report.redactions) out.push_back(one.where);
  return out;
}

}  // namespace

TEST_CASE("a local part is called redacted by a placeholder or by the text of a hash") {
  for (const auto& word : std::vector<std::string>{
           "redacted", "[redacted]", "user-redacted", "xxxx", std::string(3, 'X'), "***",
           "rZ8cqXWGiKHzhz1MsFRGTysHia4=", "0123456789abcdef0123456789abcdef",
           "0123456789ABCDEF0123456789abcdef01234567", "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="}) {
    CAPTURE(word);
    CHECK(parser::is_redacted_local_part(word));
  }
  for (const std::string word : {"", "a", "xx", "xxl", "news", "alex.smith", "bounces+1137616-c1ad-xsj399=163.com",
                                 "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdeg"}) {
    CAPTURE(word);
    CHECK_FALSE(parser::is_redacted_local_part(word));
  }
}

// RFC 9991 section 7
TEST_CASE("redaction is seen where it stands") {
  struct Case {
    std::string octets;
    std::vector<std::string> places;
  };
  const Case cases[] = {
      {usual_sample, {}},
      {"From: redacted@example.com\r\nTo: b@example.net\r\n\r\nHello\r\n", {"From"}},
      {"From: a@example.com\r\nTo: B <b@example.net>, xxxx@example.net\r\n\r\nHello\r\n", {"To"}},
      {"From: a@example.com\r\nTo: undisclosed [redacted]\r\n\r\nHello\r\n", {"To"}},
      {"From: a@example.com\r\nSubject: [Redacted]\r\n\r\nHello\r\n", {"Subject"}},
      {"From: a@example.com\r\nSubject: xxxxxxxx\r\n\r\nHello\r\n", {"Subject"}},
      {"From: a@example.com\r\nSubject: x\r\n\r\n[ Message body was here ]\r\n", {"body"}},
      {"From: a@example.com\r\nSubject: x\r\n\r\nSee hxxps://evil.example/\r\n", {"body"}},
      {"From: a@example.com\r\nSubject: x\r\n\r\n[1] a list\r\n[2] of notes and no placeholder\r\n", {}},
      {"\r\nFrom: redacted@example.com\nCc: ***@example.net\n\nxxxxx\n", {"From", "Cc", "body"}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.octets);
    CHECK(places(parser::parse_failure_report(arf(usual_fields, one.octets))) == one.places);
  }
  const auto claimed = arf(usual_fields + "Original-Rcpt-To: redacted@receiver.example\r\n");
  CHECK(places(parser::parse_failure_report(claimed)) == std::vector<std::string>{"Original-Rcpt-To"});
}
