// Keyed hashes in the place of people's words.
#include "store/failure/redaction.hpp"

#include <catch2/catch.hpp>

namespace ruaudit::store::test {
namespace {

Redactor redactor(const std::string& key = "0123456789abcdef") {
  auto made = Redactor::create(key);
  REQUIRE(made);
  return *made;
}

}  // namespace

TEST_CASE("redaction: equal words stay equal under one key and differ under another") {
  const auto r = redactor();
  CHECK(r.token("x") == r.token("x"));
  CHECK(r.token("x") != r.token("y"));
  CHECK(r.token("x") != redactor("fedcba9876543210").token("x"));
  CHECK(r.token("").empty());
  CHECK(r.token("x").size() == 17);
  CHECK(Redactor::create("fifteen octets.").error().code == "redaction-key");
}

TEST_CASE("redaction: an address keeps its domain; case of a local part tells nobody apart") {
  const auto r = redactor();
  CHECK(r.address("Joe@Example.COM") == r.token("joe") + "@Example.COM");
  CHECK(r.address("a@b@example.com") == r.token("a@b") + "@example.com");
  CHECK(r.address("postmaster") == r.token("postmaster"));
  CHECK(r.address("").empty());
}

TEST_CASE("redaction: addresses are found in running text") {
  const auto r = redactor();
  const auto joe = r.token("joe");
  const struct {
    const char* text;
    std::string want;
  } table[] = {{"no address", "no address"},
               {"<joe@example.com>", "<" + joe + "@example.com>"},
               {"smtp.mailfrom=joe@example.com;", "smtp.mailfrom=" + joe + "@example.com;"},
               {"i=joe@example.com", "i=" + joe + "@example.com"},
               {"for <joe@a.example>, joe@b.example", "for <" + joe + "@a.example>, " + joe + "@b.example"},
               {"SRS0=abcd=AB=x.example=joe@f.example", r.token("srs0=abcd=ab=x.example=joe") + "@f.example"},
               {"\"joe doe\"@example.com", r.token("\"joe doe\"") + "@example.com"},
               {"(joe@example.com)", "(" + joe + "@example.com)"},
               {"mailto:joe@example.com", "mailto:" + joe + "@example.com"},
               {"@example.com", "@example.com"},
               {"@@", "@@"}};
  for (const auto& row : table) {
    CAPTURE(row.text);
    CHECK(r.addresses(row.text) == row.want);
  }
}

TEST_CASE("redaction: words keep their length, their place and what is a digit") {
  const auto r = redactor();
  const std::string text = "Dear Joe, call 555-1234\r\n\tsoon: K\xc3\xbchn";
  const auto out = r.words(text);
  REQUIRE(out.size() == text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    CAPTURE(i);
    if (text[i] == ' ' || text[i] == ',' || text[i] == '-' || text[i] == '\r' || text[i] == '\n' || text[i] == '\t')
      CHECK(out[i] == text[i]);
    if (text[i] >= '0' && text[i] <= '9') CHECK((out[i] >= '0' && out[i] <= '9'));
  }
  CHECK(out.find("Joe") == std::string::npos);
  CHECK(r.words("Joe Joe").substr(0, 3) == r.words("Joe Joe").substr(4));
}

TEST_CASE("redaction: of a header stay dates, domains, trace and signatures") {
  const auto r = redactor();
  const std::string block =
      "Return-Path: <joe@example.com>\r\n"
      "Received: from mx.example (mx.example [192.0.2.1]) (user joe.doe)\r\n"
      "\tby in.example with ESMTP id 7 for <ann@example.net>; Thu, 01 Jan 2026 09:00:00 +0000\r\n"
      "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; i=joe@example.com;\r\n"
      "\th=From; bh=AA==; z=Subject:secret|From:joe; b=BB==\r\n"
      "From: Joe Doe <joe@example.com>, ann@example.net\r\n"
      "Subject: secret\r\n  word\r\n"
      "X-Anything: secret\r\n"
      "List-Id: Secret friends <friends.list.example>\r\n"
      "Content-Type: text/plain; name=\"secret.txt\"; charset=utf-8\r\n"
      "Date: Thu, 01 Jan 2026 09:00:00 +0000\r\n"
      "no field, secret\r\n"
      "\r\n";
  const auto out = r.header(block);
  CAPTURE(out);
  for (const char* word : {"joe", "Joe", "Doe", "ann@", "secret", "Secret", "word"})
    CHECK(out.find(word) == std::string::npos);
  for (const char* kept :
       {"from mx.example ([192.0.2.1])", "by in.example", "Thu, 01 Jan 2026", "d=example.com; s=s1",
        "b=BB==", "bh=AA==", "List-Id: <friends.list.example>", "charset=utf-8", "Subject: h", "X-Anything: h"})
    CHECK(out.find(kept) != std::string::npos);
  CHECK(out.find("From: <" + r.token("joe") + "@example.com>, <" + r.token("ann") + "@example.net>\r\n") !=
        std::string::npos);
  CHECK(out.ends_with("\r\n\r\n"));
}

TEST_CASE("redaction: a display name, a comment or a route that holds an address makes no second author") {
  const auto r = redactor();
  const std::string joe = "From: <" + r.token("joe") + "@example.com>\r\n";
  const char* const same_author[] = {"\"x@evil.example\" <joe@example.com>",
                                     "\"x\\\"y@evil.example\" <joe@example.com>",
                                     "(x@evil.example) joe@example.com (<x@evil.example>)",
                                     "(a (b@evil.example) c) <joe@example.com>",
                                     "<@evil.example:joe@example.com>",
                                     "<@a.example,@b.example:joe@example.com>"};
  for (const char* value : same_author) {
    CAPTURE(value);
    CHECK(r.header(std::string("From: ") + value + "\r\n") == joe);
  }
  const auto quoted = r.header("From: \"x@evil.example\"@example.com\r\n");
  CHECK(quoted.find("evil") == std::string::npos);
  CHECK(quoted.find("@example.com>") != std::string::npos);
  CHECK(r.header("From: \"never closed <joe@example.com>\r\n").find("joe") == std::string::npos);
  CHECK(r.header("From: x@evil.example, joe@example.com\r\n").find("@evil.example>") != std::string::npos);
}

}  // namespace ruaudit::store::test
