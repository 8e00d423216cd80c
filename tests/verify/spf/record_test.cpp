#include "verify/spf/record.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::spf;
using ruaudit::model::SpfResult;

namespace {

bool is_good(const std::string& terms) { return !parse_record("v=spf1 " + terms).fault; }

}  // namespace

// RFC 7208 section 4.5
TEST_CASE("the version section is exactly v=spf1, ended by a blank or the end") {
  for (const char* yes : {"v=spf1", "v=spf1 ", "v=spf1 -all", "V=SPF1 -all"}) {
    CAPTURE(yes);
    CHECK(is_spf_record(yes));
  }
  for (const char* no : {"", "v=spf", "v=spf10", "v=spf1-all", "v=spf1\t-all", " v=spf1", "v =spf1", "\"v=spf1\""}) {
    CAPTURE(no);
    CHECK_FALSE(is_spf_record(no));
  }
}

// RFC 7208 sections 4.6.1 and 12
TEST_CASE("terms are separated by blanks alone, any number of them") {
  const auto parsed = parse_record("v=spf1  a   -all  ");
  REQUIRE_FALSE(parsed.fault);
  REQUIRE(parsed.record.directives.size() == 2);
  CHECK(parsed.record.directives[1].text == "-all");
  CHECK(parsed.record.has_all);
  CHECK_FALSE(is_good("a\t-all"));
}

// RFC 7208 section 4.6.2
TEST_CASE("a qualifier gives the result, plus when there is none") {
  const auto parsed = parse_record("v=spf1 a +a -a ~a ?a");
  REQUIRE(parsed.record.directives.size() == 5);
  const SpfResult want[] = {SpfResult::pass, SpfResult::pass, SpfResult::fail, SpfResult::softfail, SpfResult::neutral};
  for (std::size_t i = 0; i < 5; ++i) CHECK(parsed.record.directives[i].result == want[i]);
}

// RFC 7208 sections 4.6.1, 4.8 and 12
TEST_CASE("terms of right syntax") {
  for (const char* good : {"ALL",
                           "-aLL",
                           "A",
                           "a:example.com",
                           "a/24",
                           "a//64",
                           "a/24//64",
                           "a/0//0",
                           "a/32//128",
                           "a:example.com/24",
                           "mx:%{d}//48",
                           "MX",
                           "ptr",
                           "ptr:example.com",
                           "ip4:192.0.2.0",
                           "ip4:192.0.2.0/0",
                           "ip4:192.0.2.0/32",
                           "ip6:::1",
                           "ip6:2001:db8::/32",
                           "ip6:::ffff:192.0.2.1/128",
                           "exists:%{i}.example.com",
                           "include:example.com",
                           "a:foo/24.example.com",
                           "redirect=example.com",
                           "EXP=x.example.com",
                           "moo=",
                           "moo=%{c}",
                           "m-o_o.1=a:b/c",
                           "default=%_",
                           "a=b=c"}) {
    CAPTURE(good);
    CHECK(is_good(good));
  }
}

// RFC 7208 sections 4.6.1, 5.1 to 5.7, 6 and 12
TEST_CASE("terms of wrong syntax") {
  for (const char* bad : {"all:",
                          "all/8",
                          "all.",
                          "all:example.com",
                          "foo",
                          "foo:example.com",
                          "-",
                          "--all",
                          "a:",
                          "a:/24",
                          "a/",
                          "a//",
                          "a/33",
                          "a/032",
                          "a//129",
                          "a/24/64",
                          "a/24//064",
                          "a/x",
                          "a/24//64/",
                          "a:example.com:25",
                          "a:example",
                          "a:example.123",
                          "a:1.2.3.4",
                          "mx:",
                          "ptr:",
                          "ptr/24",
                          "ptr:example.com/24",
                          "ip4",
                          "ip4:",
                          "ip4:192.0.2",
                          "ip4:192.0.2.256",
                          "ip4:192.0.2.1/33",
                          "ip4:192.0.2.1/08",
                          "ip4:192.0.2.1/",
                          "ip4:192.0.2.1//32",
                          "ip4:::1",
                          "ip4:192.0.02.1",
                          "ip4/192.0.2.1",
                          "ip4:192.0.2.1:25",
                          "ip6",
                          "ip6:",
                          "ip6:192.0.2.1",
                          "ip6:::1/129",
                          "ip6:::1/",
                          "ip6:::1%eth0",
                          "ip6:1:2",
                          "exists",
                          "exists:",
                          "exists:example.com/24",
                          "include",
                          "include:",
                          "include:example.com/24",
                          "redirect=",
                          "redirect:example.com",
                          "-redirect=example.com",
                          "exp=",
                          "exp=com",
                          "redirect=%{c}.example.com",
                          "exp=%{r}.example.com",
                          "1a=b",
                          "=a",
                          "a,b",
                          "\xc3\xa4=b",
                          "moo=\xc3\xa4",
                          "moo=%",
                          "moo=%{x}",
                          "a:%{d",
                          "a:%{t}",
                          "redirect=a.example.com redirect=a.example.com",
                          "exp=a.example.com exp=b.example.com"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_good(bad));
  }
}

TEST_CASE("a fault names the term and its number, and the first one wins") {
  const auto parsed = parse_record("v=spf1 mx  ip4:1.2.3 ip4:4.5.6 -all");
  REQUIRE(parsed.fault);
  CHECK(parsed.fault->term == "ip4:1.2.3");
  CHECK(parsed.fault->number == 2);
  CHECK(parsed.fault->what == "not an IPv4 address of four parts");
}

// RFC 7208 section 6; RFC 7208 section 4.6.3
TEST_CASE("unknown modifiers may repeat and are kept for the reader") {
  const auto parsed = parse_record("v=spf1 moo=a moo=b -all");
  REQUIRE_FALSE(parsed.fault);
  CHECK(parsed.record.unknown_modifiers == std::vector<std::string>{"moo=a", "moo=b"});
}

TEST_CASE("a local policy consists of mechanisms") {
  CHECK_FALSE(parse_local_policy("a:relay.example include:spf.example.net ip4:192.0.2.1").fault);
  CHECK(parse_local_policy("v=spf1 a").fault);
  CHECK(parse_local_policy("redirect=example.com").fault);
  CHECK(parse_local_policy("").record.directives.empty());
}

TEST_CASE("the cache gives what parsing gives, and stays bounded") {
  RecordCache cache(2);
  const std::string text = "v=spf1 a -all";
  const auto first = cache.get(text);
  CHECK(*first == parse_record(text));
  CHECK(cache.get(text) == first);
  (void)cache.get("v=spf1 b");
  (void)cache.get("v=spf1 c");  // over the bound: starts anew
  const auto again = cache.get(text);
  CHECK(again != first);
  CHECK(*again == *first);
}

TEST_CASE("the cache keeps records up to its longest text") {
  RecordCache cache;
  const auto of_size = [](std::size_t size) { return "v=spf1 x=" + std::string(size - 9, 'y'); };
  const auto longest = of_size(RecordCache::max_kept);
  const auto over = of_size(RecordCache::max_kept + 1);
  CHECK(cache.get(longest) == cache.get(longest));
  CHECK(cache.get(over) != cache.get(over));
  CHECK(*cache.get(over) == parse_record(over));
}
