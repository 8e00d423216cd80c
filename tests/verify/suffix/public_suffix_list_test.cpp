#include "verify/suffix/public_suffix_list.hpp"

#include <catch2/catch.hpp>

using ruaudit::model::Domain;
using ruaudit::verify::suffix::PublicSuffixList;

namespace {

PublicSuffixList small_list() {
  auto list = PublicSuffixList::parse(
      "// VERSION: 2024-05-06_07-08-09_UTC\n// ===BEGIN ICANN "
      "DOMAINS===\ncom\nco.uk\n*.ck\n!www.ck\n\xe4\xb8\xad\xe5\x9b\xbd\n"
      "// ===END ICANN DOMAINS===\n// ===BEGIN PRIVATE DOMAINS===\nhosting.example\n// ===END PRIVATE DOMAINS===\n");
  REQUIRE(list);
  return std::move(*list);
}

std::string organizational(const PublicSuffixList& list, std::string_view name) {
  const auto domain = Domain::parse(name);
  REQUIRE(domain);
  return list.organizational_domain(*domain).text();
}

}  // namespace

// RFC 7489 section 3.2
TEST_CASE("the organizational domain is one label below the longest public suffix") {
  const auto list = small_list();
  const struct {
    std::string_view name, want;
  } cases[] = {
      {"a.b.example.com", "example.com"},
      {"A.B.EXAMPLE.CO.UK", "example.co.uk"},
      {"co.uk", "co.uk"},
      {"com", "com"},
      {"a.b.c.ck", "b.c.ck"},
      {"a.www.ck", "www.ck"},
      {"a.user.hosting.example", "user.hosting.example"},
      {"a.b.unlisted", "b.unlisted"},
      {"unlisted", "unlisted"},
      {"a.b.\xe4\xb8\xad\xe5\x9b\xbd", "b.xn--fiqs8s"},
      {"a.b.xn--fiqs8s", "b.xn--fiqs8s"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(organizational(list, c.name) == c.want);
  }
}

TEST_CASE("a public suffix has no registrable domain") {
  const auto list = small_list();
  CHECK_FALSE(list.registrable_domain(*Domain::parse("co.uk")));
  CHECK(list.is_public_suffix(*Domain::parse("co.uk")));
  CHECK_FALSE(list.is_public_suffix(*Domain::parse("example.co.uk")));
}

TEST_CASE("by the ICANN section alone private rules do not count") {
  const auto list = PublicSuffixList::parse(
      "// ===BEGIN ICANN DOMAINS===\ncom\nuk\nco.uk\n*.ck\n!www.ck\n// ===END ICANN DOMAINS===\n"
      "// ===BEGIN PRIVATE DOMAINS===\nhosting.com\n// ===END PRIVATE DOMAINS===\n");
  REQUIRE(list);
  const struct {
    const char* name;
    const char* want;
  } cases[] = {{"a.user.hosting.com", "hosting.com"},
               {"a.example.co.uk", "example.co.uk"},
               {"a.b.c.ck", "b.c.ck"},
               {"a.www.ck", "www.ck"},
               {"a.b.unlisted", "b.unlisted"},
               {"co.uk", ""},
               {"com", ""},
               {"unlisted", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto got = list->registrable_domain(*Domain::parse(c.name), ruaudit::verify::suffix::Sections::icann);
    CHECK((got ? got->text() : "") == c.want);
  }
  CHECK(list->registrable_domain(*Domain::parse("a.user.hosting.com"))->text() == "user.hosting.com");
}

TEST_CASE("the version names the date, the rules and the content") {
  CHECK_THAT(small_list().version(), Catch::StartsWith("2024-05-06_07-08-09_UTC, 5 rules, fnv1a "));
  CHECK(PublicSuffixList::parse("com\n")->version() != PublicSuffixList::parse("net\n")->version());
}

TEST_CASE("a missing or empty list is an error, not an empty list") {
  const auto missing = PublicSuffixList::load("/nonexistent/list.dat");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "public-suffix-list");
  CHECK_FALSE(PublicSuffixList::parse(""));
  CHECK_FALSE(PublicSuffixList::parse("// only a comment\n"));
}

TEST_CASE("the system has a list") {
  const auto list = PublicSuffixList::system();
  REQUIRE(list);
  CHECK(organizational(*list, "a.example.co.uk") == "example.co.uk");
}
