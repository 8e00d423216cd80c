#include "model/domain.hpp"

#include <catch2/catch.hpp>

using ruaudit::model::Domain;

TEST_CASE("a domain is kept as lower-case A-labels without the trailing dot") {
  const struct {
    const char* in;
    const char* want;
  } cases[] = {{"Example.COM", "example.com"},
               {"example.com.", "example.com"},
               {"müller.example", "xn--mller-kva.example"},
               {"_dmarc.straße.example", "_dmarc.xn--strae-oqa.example"}};
  for (const auto& c : cases) {
    CAPTURE(c.in);
    REQUIRE(Domain::parse(c.in).has_value());
    CHECK(Domain::parse(c.in)->text() == c.want);
  }
}

TEST_CASE("a name that DNS cannot hold is refused with its fault") {
  const std::string label63(63, 'a');
  const std::string name253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');
  CHECK(Domain::parse(name253).has_value());
  for (const std::string& bad : {name253 + "b", std::string(64, 'a') + ".example", std::string("a..b"),
                                 std::string("."), std::string(), std::string("a b"), std::string("a\x01")}) {
    CAPTURE(bad);
    REQUIRE_FALSE(Domain::parse(bad).has_value());
    CHECK(Domain::parse(bad).error().code == "domain");
  }
}

TEST_CASE("at or below compares whole labels") {
  const auto org = *Domain::parse("example.com");
  CHECK(Domain::parse("mail.example.com")->is_at_or_below(org));
  CHECK(org.is_at_or_below(org));
  CHECK_FALSE(Domain::parse("badexample.com")->is_at_or_below(org));
  CHECK_FALSE(Domain::parse("com")->is_at_or_below(org));
}
