#include "model/ip_address.hpp"

#include <catch2/catch.hpp>

using ruaudit::model::IpAddress;

TEST_CASE("an address is written as RFC 5952 says") {
  const struct {
    const char* in;
    const char* want;
  } cases[] = {{"192.0.2.1", "192.0.2.1"},
               {"2001:DB8::0001", "2001:db8::1"},
               {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
               {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
               {"::", "::"},
               {"::1", "::1"},
               {"1::", "1::"},
               {"::ffff:192.0.2.7", "192.0.2.7"}};
  for (const auto& c : cases) {
    CAPTURE(c.in);
    REQUIRE(IpAddress::parse(c.in).has_value());
    CHECK(IpAddress::parse(c.in)->to_string() == c.want);
  }
}

TEST_CASE("what is not an address is refused") {
  for (const char* bad : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "01.2.3.4", ":::", "1.2.3.4:25", "g::1"}) {
    CAPTURE(bad);
    CHECK_FALSE(IpAddress::parse(bad).has_value());
  }
}

TEST_CASE("a prefix matches by bits within one family") {
  const auto ip = *IpAddress::parse("192.0.2.130");
  CHECK(ip.in_prefix(*IpAddress::parse("192.0.2.128"), 25));
  CHECK_FALSE(ip.in_prefix(*IpAddress::parse("192.0.2.0"), 25));
  CHECK(ip.in_prefix(*IpAddress::parse("10.0.0.0"), 0));
  CHECK_FALSE(ip.in_prefix(*IpAddress::parse("::"), 0));
  CHECK(IpAddress::parse("2001:db8::1")->in_prefix(*IpAddress::parse("2001:db8::"), 127));
}
