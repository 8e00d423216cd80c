#include "verify/dmarc/author_domain.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dmarc;

namespace {

Authors authors_of(std::string_view value) { return find_authors({&value, 1}); }

}  // namespace

// RFC 9989 sections 4.2 and 5.3.1; RFC 8616 section 6
TEST_CASE("one domain is found in every legal way to write it") {
  const struct {
    std::string_view value, want;
  } cases[] = {
      {" user@example.com", "example.com"},
      {" User Name <user@EXAMPLE.com>", "example.com"},
      {" <user@example.com.>", "example.com"},
      {" \"Name, with comma\" <user@example.com>", "example.com"},
      {" \"victim@bank.example\" <user@example.com>", "example.com"},
      {" \"a@b\"@example.com", "example.com"},
      {" \"<x@evil.example>\" <\"quoted\\\"@evil.example\"@example.com>", "example.com"},
      {" (comment (nested) a@evil.example) user@example.com (more)", "example.com"},
      {" user @ example . com", "example.com"},
      {" user@(why)example(not).com", "example.com"},
      {" Team: a@example.com, B <b@example.com>;", "example.com"},
      {" <@relay.example,@other.example:user@example.com>", "example.com"},
      {" =?utf-8?Q?Doe,_John_a@b?= <user@example.com>", "example.com"},
      {" a@example.com, b@EXAMPLE.COM", "example.com"},
      {" user@b\xc3\xbc"
       "cher.example",
       "xn--bcher-kva.example"},
      {"\r\n\tuser@example.com\r\n", "example.com"},
      {" Doe, John <user@example.com>", "example.com"},
      {" victim@bank.example <user@example.com>", "example.com"},
      {" <user@example.com> trailing", "example.com"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.value);
    const auto authors = authors_of(c.value);
    CHECK(authors.status == AuthorStatus::one_domain);
    REQUIRE(authors.domains.size() == 1);
    CHECK(authors.domains[0].text() == c.want);
  }
}

// RFC 9989 sections 5.3.1 and 11.5
TEST_CASE("where no single domain can be found the status says why") {
  const struct {
    std::string_view value;
    AuthorStatus want;
  } cases[] = {
      {" a@example.com, b@example.net", AuthorStatus::several_domains},
      {" A <a@example.com>, B <b@example.net>", AuthorStatus::several_domains},
      {" <a@example.com> <b@example.net>", AuthorStatus::several_domains},
      {" G: a@example.com; , b@example.net", AuthorStatus::several_domains},
      {"", AuthorStatus::no_address},
      {" <>", AuthorStatus::no_address},
      {" MAILER-DAEMON", AuthorStatus::no_address},
      {" undisclosed-recipients:;", AuthorStatus::no_address},
      {" \"a@example.com\"", AuthorStatus::no_address},
      {" user@[192.0.2.1]", AuthorStatus::bad_domain},
      {" user@", AuthorStatus::bad_domain},
      {" user@example..com", AuthorStatus::bad_domain},
      {" user@example.com\x01", AuthorStatus::bad_domain},
      {" user@exa mple.com", AuthorStatus::bad_domain},
      {" user@\"example.com\"", AuthorStatus::bad_domain},
      {" user@victim.example@example.com", AuthorStatus::malformed},
      {" a@victim.example b@example.com", AuthorStatus::malformed},
      {" a@example.com, b@[192.0.2.1]", AuthorStatus::bad_domain},
      {" \"open <user@example.com>", AuthorStatus::malformed},
      {" (open user@example.com", AuthorStatus::malformed},
      {" <user@example.com", AuthorStatus::malformed},
      {" user@example.com>", AuthorStatus::malformed},
      {" <<user@example.com>>", AuthorStatus::malformed},
  };
  for (const auto& c : cases) {
    CAPTURE(c.value);
    CHECK(authors_of(c.value).status == c.want);
  }
}

// RFC 9989 section 4.4
TEST_CASE("no From field and several From fields have no author") {
  CHECK(find_authors({}).status == AuthorStatus::no_field);
  const std::string_view twice[] = {" a@example.com", " a@example.com"};
  const auto authors = find_authors(twice);
  CHECK(authors.status == AuthorStatus::repeated_field);
  CHECK(authors.domains.size() == 1);
}

TEST_CASE("what was read leniently is told") {
  CHECK(authors_of(" Doe, John <user@example.com>").oddities.size() == 1);
  CHECK(authors_of(" victim@bank.example <user@example.com>").oddities.size() == 1);
  CHECK(authors_of(" User <user@example.com>").oddities.empty());
}

TEST_CASE("a hostile list is bounded") {
  std::string value;
  for (int i = 0; i < 5000; ++i) value += "a@d" + std::to_string(i) + ".example,";
  const auto authors = authors_of(value);
  CHECK(authors.domains.size() == max_addresses);
  CHECK(authors.status == AuthorStatus::several_domains);
  CHECK(authors_of(std::string(100'000, '(')).status == AuthorStatus::malformed);
}
