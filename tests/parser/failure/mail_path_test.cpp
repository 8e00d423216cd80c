#include "parser/failure/mail_path.hpp"

#include <catch2/catch.hpp>

#include "tests/parser/failure/text.hpp"

using namespace ruaudit;
using parser::mail_path;

namespace {

struct Case {
  const char* text;
  const char* address;
};

}  // namespace

// RFC 5321 section 4.1.2
TEST_CASE("a path alone is its address, whatever its local part holds") {
  for (const auto& [text, address] :
       {Case{"<a@b.example>", "a@b.example"}, Case{"a@b.example", "a@b.example"}, Case{"<>", ""}, Case{"< >", ""},
        Case{"", ""}, Case{"<\"a>b\"@c.example>", "\"a>b\"@c.example"},
        Case{"<\"a b\"@c.example>", "\"a b\"@c.example"}, Case{"\"a b\"@c.example", "\"a b\"@c.example"},
        Case{"\"a<b\"@c.example", "\"a<b\"@c.example"}, Case{R"(<"a\">\\"@c.example>)", R"("a\">\\"@c.example)"},
        Case{"<john doe@b.example>", "john doe@b.example"}, Case{"john doe@b.example", "john doe@b.example"},
        Case{"<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"}, Case{"<Postmaster>", "Postmaster"},
        Case{"author=gen.example@forwarder.example", "author=gen.example@forwarder.example"},
        Case{"(x) <a@b.example>", "a@b.example"}, Case{"<a\"b@c.example>", "a\"b@c.example"}}) {
    CAPTURE(text);
    CHECK(mail_path(text).address == address);
    CHECK_FALSE(mail_path(text).has_more);
  }
}

// RFC 5321 sections 4.1.1.11 and 4.1.2, appendix C
TEST_CASE("parameters, names, commands and routes are no part of the address, and it is told that they were there") {
  for (const auto& [text, address] :
       {Case{"<a@b.example> SIZE=100 BODY=8BITMIME", "a@b.example"},
        Case{"a@b.example SIZE=100 BODY=8BITMIME", "a@b.example"},
        Case{"a@b.example SMTPUTF8", "a@b.example"},
        Case{"<> SIZE=100", ""},
        Case{"SIZE=100", ""},
        Case{"<a@b.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;other@b.example", "a@b.example"},
        Case{"a@b.example ORCPT=rfc822;other@b.example", "a@b.example"},
        Case{"<\"a>b\"@c.example> SIZE=1", "\"a>b\"@c.example"},
        Case{"\"a b\"@c.example SIZE=1", "\"a b\"@c.example"},
        Case{"john doe@b.example SIZE=1", "john doe@b.example"},
        Case{"<@r.example,@s.example:a@b.example>", "a@b.example"},
        Case{"<@r.example:\"x:y\"@b.example> SIZE=1", "\"x:y\"@b.example"},
        Case{"A. Name <a@b.example>", "a@b.example"},
        Case{"\"Name, A. <x>\" <a@b.example>", "a@b.example"},
        Case{"a@b.example <a@b.example>", "a@b.example"},
        Case{"a@b.example <bounce>", "a@b.example"},
        Case{"MAIL FROM:<a@b.example> SIZE=9", "a@b.example"},
        Case{"RCPT TO:<a@b.example>", "a@b.example"},
        Case{"rfc822;a@b.example", "a@b.example"},
        Case{"rfc822; a@b.example", "a@b.example"}}) {
    CAPTURE(text);
    CHECK(mail_path(text).address == address);
    CHECK(mail_path(text).has_more);
  }
}

TEST_CASE("what stands next to the path of the envelope is kept in a defect") {
  std::string fields = test::usual_fields + "Original-Rcpt-To: c@d.example NOTIFY=NEVER\r\n";
  const std::string sender = "<bounce@example.net>";
  fields.insert(fields.find(sender) + sender.size(), " SIZE=100 BODY=8BITMIME");
  const auto report = parser::parse_failure_report(test::arf(fields));
  CHECK(report.claims.original_mail_from == "bounce@example.net");
  CHECK(report.claims.original_rcpt_to == std::vector<std::string>{"c@d.example"});
  std::vector<std::string> told;
  for (const auto& defect : report.defects)
    if (defect.code == "failure-path-more") told.push_back(defect.detail);
  CHECK(told == std::vector<std::string>{"<bounce@example.net> SIZE=100 BODY=8BITMIME", "c@d.example NOTIFY=NEVER"});
}
