#include <catch2/catch.hpp>

#include "assess/overview/policy_record.hpp"

using namespace ruaudit::assess;

TEST_CASE("one tag changes, and all others stay as the owner wrote them") {
  struct Case {
    const char *record, *tag, *value, *wanted;
  };
  const Case cases[] = {
      {"v=DMARC1; p=none; rua=mailto:a@example.org", "p", "quarantine",
       "v=DMARC1; p=quarantine; rua=mailto:a@example.org"},
      {"v=DMARC1;p=none;rua=mailto:a@example.org,mailto:b@example.net;", "t", "y",
       "v=DMARC1; p=none; t=y; rua=mailto:a@example.org,mailto:b@example.net"},
      {"v=DMARC1; p=reject; t=y; pct=50", "t", "", "v=DMARC1; p=reject; pct=50"},
      {"v=DMARC1; p=reject; pct=50", "pct", "", "v=DMARC1; p=reject"},
      {"V=DMARC1; P=reject; PCT=50", "pct", "", "V=DMARC1; P=reject"},
      {"v=DMARC1; P=none", "p", "reject", "v=DMARC1; P=reject"},
      {"v=DMARC1; rua=mailto:a@example.org", "p", "none", "v=DMARC1; p=none; rua=mailto:a@example.org"},
      {"v = DMARC1 ; p = none ; fo = 1 ", "p", "reject", "v=DMARC1; p=reject; fo=1"},
      {"", "p", "none", "v=DMARC1; p=none"},
      {"p=none", "p", "reject", "v=DMARC1; p=reject"}};
  for (const auto& [record, tag, value, wanted] : cases) {
    CAPTURE(record, tag, value);
    CHECK(with_tag(record, tag, value) == wanted);
  }
}

TEST_CASE("the value of a tag that is absent is empty") {
  CHECK(tag_value("v=DMARC1; p=none; sp=reject", "sp") == "reject");
  CHECK(tag_value("v=DMARC1; p=none", "sp").empty());
}
