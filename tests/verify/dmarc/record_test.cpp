#include "verify/dmarc/record.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dmarc;
using ruaudit::model::AlignmentMode;
using ruaudit::model::Policy;

namespace {

Record read(std::string_view text, Rules rules = Rules::rfc9989) {
  CAPTURE(text);
  REQUIRE(is_record(text));
  return parse_record(text, rules);
}

}  // namespace

// RFC 9989 sections 4.7 and 4.8
TEST_CASE("only a text that begins with v=DMARC1 is a record") {
  const struct {
    std::string_view text;
    bool want;
  } cases[] = {
      {"v=DMARC1", true},
      {"v=DMARC1;", true},
      {"v = DMARC1 ; p=none", true},
      {"V\t=\tDMARC1\t;", true},
      {"v=dmarc1; p=none", false},
      {"v=DMARC2; p=none", false},
      {"v=DMARC10; p=none", false},
      {"p=none; v=DMARC1", false},
      {" v=DMARC1; p=none", false},
      {"v=DMARC1 p=none", false},
      {"v=DMARC1, p=none", false},
      {"", false},
      {"v", false},
      {"v=", false},
      {";v=DMARC1", false},
      {"version=DMARC1", false},
      {"v=spf1 -all", false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(is_record(c.text) == c.want);
  }
}

// RFC 9989 section 4.7
TEST_CASE("a record without tags has the defaults and no policy") {
  const auto record = read("v=DMARC1");
  CHECK_FALSE(record.p);
  CHECK_FALSE(record.is_policy_valid);
  CHECK_FALSE(record.is_usable());
  CHECK(record.adkim == AlignmentMode::r);
  CHECK(record.aspf == AlignmentMode::r);
  CHECK(record.psd == Psd::u);
  CHECK_FALSE(record.is_testing);
  CHECK(record.pct == 100);
  CHECK(record.fo == "0");
}

// RFC 9989 section 4.8
TEST_CASE("tags are read in any order and case, with blanks around their signs") {
  const auto record = read(
      "v=DMARC1;RUA = mailto:a@example.com , mailto:b@example.net!10M ; Adkim=S;aspf = s; SP=Quarantine;"
      " np=REJECT; psd=N; t=Y; p = none;ruf=mailto:c@example.com;fo=1:D:s;");
  CHECK(record.p == Policy::none);
  CHECK(record.sp == Policy::quarantine);
  CHECK(record.np == Policy::reject);
  CHECK(record.adkim == AlignmentMode::s);
  CHECK(record.aspf == AlignmentMode::s);
  CHECK(record.psd == Psd::n);
  CHECK(record.is_testing);
  CHECK(record.fo == "1:d:s");
  REQUIRE(record.rua.size() == 2);
  CHECK(record.rua[0].host == "example.com");
  CHECK(record.rua[1].uri == "mailto:b@example.net");
  CHECK(record.rua[1].size_limit == "10m");
  CHECK(record.is_policy_valid);
  CHECK(record.faults.empty());
}

// RFC 9989 section 4.7 and appendix C.5; RFC 7489 section 6.3
TEST_CASE("each RFC reads its own tags and ignores the other's") {
  constexpr std::string_view text = "v=DMARC1; p=reject; np=none; psd=y; t=y; pct=20; rf=afrf; ri=86400";
  const auto bis = read(text, Rules::rfc9989);
  CHECK(bis.np == Policy::none);
  CHECK(bis.psd == Psd::y);
  CHECK(bis.is_testing);
  CHECK(bis.pct == 100);
  const auto old = read(text, Rules::rfc7489);
  CHECK_FALSE(old.np);
  CHECK(old.psd == Psd::u);
  CHECK_FALSE(old.is_testing);
  CHECK(old.pct == 20);
  // RFC 9989 section 9.3: pct, rf and ri are historic; what RFC 7489 has beside them it does not know.
  const auto reasons = [](const Record& record) {
    std::vector<std::string> out;
    for (const auto& fault : record.faults) out.push_back(fault.tag + ": " + fault.reason);
    return out;
  };
  CHECK(reasons(bis) == std::vector<std::string>{"pct: historic tag, ignored", "rf: historic tag, ignored",
                                                 "ri: historic tag, ignored"});
  CHECK(reasons(old) ==
        std::vector<std::string>{"np: unknown tag, ignored", "psd: unknown tag, ignored", "t: unknown tag, ignored"});
}

// RFC 9989 section 4.10.1
TEST_CASE("a bad p, sp or np makes the policy invalid; rua alone keeps the record usable") {
  const struct {
    std::string_view tags;
    bool is_valid, is_usable;
  } cases[] = {
      {"p=reject", true, true},
      {"p=rejct", false, false},
      {"p=", false, false},
      {"p=unknown", false, false},
      {"p=reject; sp=oops", false, false},
      {"p=reject; np=oops", false, false},
      {"p=reject; sp=", false, false},
      {"p=reject; sp=oops; rua=mailto:a@example.com", false, true},
      {"rua=mailto:a@example.com", false, true},
      {"rua=nonsense", false, false},
      {"rua=mailto:nobody", false, false},
      {"rua=nonsense,https://example.com/report", false, true},
      {"p=none reject", false, false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.tags);
    const auto record = read("v=DMARC1; " + std::string(c.tags));
    CHECK(record.is_policy_valid == c.is_valid);
    CHECK(record.is_usable() == c.is_usable);
  }
  CHECK(read("v=DMARC1; p=reject; np=oops", Rules::rfc7489).is_policy_valid);
}

TEST_CASE("other malformed tags count as absent and are told") {
  const auto record = read(
      "v=DMARC1; p=reject; adkim=x; aspf=unknown; psd=maybe; t=1; fo=0:1; ruf=mailto:a@example.com;"
      " lonely; =x; p2=3; p=none");
  CHECK(record.p == Policy::reject);
  CHECK(record.adkim == AlignmentMode::r);
  CHECK(record.aspf == AlignmentMode::r);
  CHECK(record.psd == Psd::u);
  CHECK_FALSE(record.is_testing);
  CHECK(record.fo == "0");
  CHECK(record.is_policy_valid);
  CHECK(record.faults.size() == 9);
}

TEST_CASE("pct is a number from 0 to 100, else 100") {
  const struct {
    std::string_view value;
    int want;
  } cases[] = {{"0", 0}, {"100", 100}, {"101", 100}, {"-1", 100}, {"5x", 100}, {"", 100}, {"007", 7}, {"0050", 100}};
  for (const auto& c : cases) {
    CAPTURE(c.value);
    CHECK(read("v=DMARC1; p=reject; pct=" + std::string(c.value), Rules::rfc7489).pct == c.want);
  }
}

TEST_CASE("fo is a list without repetition in which 0 and 1 exclude each other, and needs ruf") {
  const struct {
    std::string_view value, want;
  } cases[] = {{"1", "1"},   {"d:s:1", "d:s:1"}, {"0:D", "0:d"}, {"0:1", "0"},
               {"d:d", "0"}, {"1:", "0"},        {"x", "0"},     {"", "0"}};
  for (const auto& c : cases) {
    CAPTURE(c.value);
    CHECK(read("v=DMARC1; p=none; ruf=mailto:a@example.com; fo=" + std::string(c.value)).fo == c.want);
  }
  CHECK(read("v=DMARC1; p=none; fo=1").fo == "0");
}

// RFC 9989 section 4.6; RFC 7489 section 6.4
TEST_CASE("a report URI has a scheme, legal characters and, as mailto, an address") {
  const struct {
    std::string_view uri;
    bool is_valid;
    std::string_view host;
  } cases[] = {
      {"mailto:a@example.com", true, "example.com"},
      {"MAILTO:a%21b@example.com?subject=x", true, "example.com"},
      {"mailto:a@example.com!1", true, "example.com"},
      {"mailto:a@example.com!5g", true, "example.com"},
      {"mailto:a@example.com!", false, ""},
      {"mailto:a@example.com!x", false, ""},
      {"mailto:a@example.com!10mm", false, ""},
      {"mailto:@example.com", false, ""},
      {"mailto:", false, ""},
      {"a@example.com", false, ""},
      {"https://u@example.com:8443/x?y#z", true, "example.com"},
      {"https://[2001:db8::1]:443/", true, "[2001:db8::1]"},
      {"mailto:a b@example.com", false, ""},
      {"mailto:a%2@example.com", false, ""},
      {"1ttp://example.com", false, ""},
      {"urn:x", true, ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.uri);
    const auto record = read("v=DMARC1; p=none; rua=" + std::string(c.uri));
    CHECK(record.rua.size() == (c.is_valid ? 1U : 0U));
    if (c.is_valid && !record.rua.empty()) CHECK(record.rua[0].host == c.host);
  }
}

TEST_CASE("the lists of URIs and faults are bounded") {
  std::string text = "v=DMARC1; p=none; rua=";
  for (int i = 0; i < 150; ++i) text += (i == 0 ? "" : ",") + std::string("mailto:a@example.com");
  for (int i = 0; i < 150; ++i) text += "; x";
  const auto record = read(text);
  CHECK(record.rua.size() == 100);
  CHECK(record.faults.size() == 100);
}
