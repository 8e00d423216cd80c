// The limits of RFC 7208 section 4.6.4, each at its edge and one past it.
#include <utility>

#include "session_for_test.hpp"

using namespace ruaudit::verify::spf;
using namespace ruaudit::verify::spf::test;

namespace {

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

// "NAME": count hosts h1..hN in `key` records, each with an address that is not the client's.
std::string names(const std::string& owner, const std::string& key, int count) {
  std::string list;
  std::string hosts;
  for (int i = 1; i <= count; ++i) {
    const auto host = "h" + std::to_string(i) + ".example.net";
    const auto value = key == "MX" ? "[" + std::to_string(i) + ", \"" + host + "\"]" : "\"" + host + "\"";
    list += (i > 1 ? ", " : "") + std::string("{\"") + key + "\": " + value + "}";
    hosts += ", \"" + host + "\": [{\"A\": \"" + (i == count ? "192.0.2.1" : "198.51.100.1") + "\"}]";
  }
  return "\"" + owner + "\": [" + list + "]" + hosts;
}

}  // namespace

// RFC 7208 section 4.6.4
TEST_CASE("10 terms that need DNS are allowed, 11 are a permerror") {
  const std::string more = R"("x.example.org": [{"A": "198.51.100.1"}, {"MX": [1, "x.example.org"]}])";
  for (const char* term : {"a:x.example.org ", "mx:x.example.org "}) {
    CAPTURE(term);
    CHECK(result_of(check_record("v=spf1 " + repeat(term, 10) + "ip4:192.0.2.1", more)) == "pass");
    const auto over = check_record("v=spf1 " + repeat(term, 11) + "ip4:192.0.2.1", more);
    CHECK(result_of(over) == "permerror");
    CHECK(over.problem->problem == Problem::too_many_terms);
  }
}

TEST_CASE("ip4, ip6, all and exp do not count as terms") {
  CHECK(result_of(check_record("v=spf1 " + repeat("ip4:198.51.100.1 ip6:2001:db8::1 ", 20) +
                               "+all exp=e.example.com")) == "pass");
}

TEST_CASE("terms of included and redirected records count together") {
  const std::string more = R"("i.example.org": [{"TXT": "v=spf1 )" + repeat("a:x.example.org ", 8) + R"("}],
    "r.example.org": [{"TXT": "v=spf1 ip4:192.0.2.1"}], "x.example.org": [{"A": "198.51.100.1"}])";
  CHECK(result_of(check_record("v=spf1 include:i.example.org redirect=r.example.org", more)) == "pass");  // 1 + 8 + 1
  CHECK(result_of(check_record("v=spf1 include:i.example.org a:x.example.org redirect=r.example.org", more)) ==
        "permerror");
}

TEST_CASE("loops of include and redirect end as permerror") {
  CHECK(result_of(check_record("v=spf1 include:example.com -all")) == "permerror");
  CHECK(result_of(check_record("v=spf1 redirect=example.com")) == "permerror");
}

// RFC 7208 sections 4.6.4 and 11.1
TEST_CASE("2 void look-ups are allowed, the third is a permerror") {
  const std::string more = R"("nodata.example.org": [{"AAAA": "2001:db8::1"}])";
  struct Row {
    const char* record;
    const char* want;
    unsigned voids;
  };
  for (const auto& row :
       {Row{"v=spf1 a:n1.example.org a:nodata.example.org ?all", "neutral", 2},
        Row{"v=spf1 a:n1.example.org a:nodata.example.org exists:n2.example.org +all", "permerror", 3},
        Row{"v=spf1 a:n1.example.org mx:n2.example.org ptr +all", "permerror", 3},
        Row{"v=spf1 a:n1.example.org exists:n2.example.org +all a:n3.example.org", "pass", 2},
        Row{"v=spf1 a:n1.example.org a:n1.example.org a:n1.example.org +all", "permerror", 3}}) {
    const auto got = check_record(row.record, more);
    CAPTURE(row.record, got.reason);
    CHECK(result_of(got) == row.want);
    CHECK(got.lookups.voids == row.voids);
  }
}

TEST_CASE("the hosts of an mx without address are void look-ups, judged in their order") {
  const auto zone = [](const std::string& order) {
    return R"({"example.com": [{"TXT": "v=spf1 mx -all"}, )" + order + R"(], "a.example.com": [{"A": "192.0.2.1"}]})";
  };
  CHECK(result_of(check(
            zone(R"({"MX": [1, "n1.example.com"]}, {"MX": [2, "n2.example.com"]}, {"MX": [3, "a.example.com"]})"))) ==
        "pass");
  CHECK(
      result_of(check(zone(
          R"({"MX": [1, "n1.example.com"]}, {"MX": [2, "n2.example.com"]}, {"MX": [3, "n3.example.com"]}, {"MX": [4, "a.example.com"]})"))) ==
      "permerror");
}

TEST_CASE("neither the first look-up nor the explanation counts as void") {
  const auto got = check_record("v=spf1 a:n1.example.org a:n2.example.org -all exp=n3.example.org");
  CHECK(result_of(got) == "fail");
  CHECK(got.lookups.voids == 2);
  CHECK(got.lookups.list.size() == 4);
}

// RFC 7208 section 4.6.4
TEST_CASE("10 hosts of one mx are allowed, 11 are a permerror even when one matches") {
  CHECK(result_of(check_record("v=spf1 mx:m.example.org -all", names("m.example.org", "MX", 10))) == "pass");
  const auto over = check_record("v=spf1 mx:m.example.org -all", names("m.example.org", "MX", 11));
  CHECK(result_of(over) == "permerror");
  CHECK(over.problem->problem == Problem::too_many_mx);
}

// RFC 7208 sections 4.6.4 and 5.5
TEST_CASE("only the first 10 names of the client are used by ptr") {
  CHECK(result_of(check_record("v=spf1 ptr:example.net -all", names("1.2.0.192.in-addr.arpa", "PTR", 10))) == "pass");
  CHECK(result_of(check_record("v=spf1 ptr:example.net -all", names("1.2.0.192.in-addr.arpa", "PTR", 11))) == "fail");
}

// RFC 7208 section 4.6.4
TEST_CASE("20 seconds are allowed, more are a temperror") {
  for (const auto& [seconds, want] : {std::pair{20, "pass"}, std::pair{21, "temperror"}}) {
    CAPTURE(seconds);
    bool is_first = true;
    const int later = seconds;
    Setup setup;
    setup.options.clock = [&is_first, later]() -> std::int64_t {
      return std::exchange(is_first, false) ? 1000 : 1000 + later;
    };
    const auto got = check_record("v=spf1 a:x.example.org", R"("x.example.org": [{"A": "192.0.2.1"}])", setup);
    CHECK(result_of(got) == want);
  }
}

TEST_CASE("the limits can be set") {
  Setup setup;
  setup.options.limits.void_lookups = 0;
  CHECK(result_of(check_record("v=spf1 a:n1.example.org +all", "", setup)) == "permerror");
  setup.options.limits.terms = 0;
  CHECK(check_record("v=spf1 a:n1.example.org +all", "", setup).problem->problem == Problem::too_many_terms);
}

TEST_CASE("many macros with the client's name cost one reverse look-up") {
  const auto got = check_record("v=spf1 exists:" + repeat("%{p}.", 200) + "example.com -all");
  CHECK(got.lookups.list.size() == 3);  // TXT, PTR, A
}
