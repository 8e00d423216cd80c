#include "verify/consistency/alignment.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::consistency;
using ruaudit::model::Alignment;
using ruaudit::model::AlignmentMode;
using ruaudit::model::DiscoveryMethod;
using ruaudit::model::to_text;
using ruaudit::verify::suffix::PublicSuffixList;

namespace {

constexpr auto yes = Alignment::aligned;
constexpr auto no = Alignment::not_aligned;
constexpr auto open = Alignment::undecidable;
constexpr auto psl = DiscoveryMethod::psl;
constexpr auto treewalk = DiscoveryMethod::treewalk;

struct Case {
  const char* rule;
  const char* identifier;
  const char* from;
  const char* policy_domain;
  std::optional<DiscoveryMethod> method;
  std::optional<AlignmentMode> mode;
  Alignment by_rule, in_every_reading;
};

const Case cases[] = {
    {"identical names align strictly", "example.com", "example.com", "example.com", psl, AlignmentMode::s, yes, yes},
    {"case and a trailing dot are no difference", "Example.COM.", "example.com", "example.com", psl, AlignmentMode::s,
     yes, yes},
    {"a U-label equals its A-label", "m\xC3\xBCller.example", "xn--mller-kva.example", "xn--mller-kva.example", psl,
     AlignmentMode::s, yes, yes},
    {"strict alignment refuses a subdomain", "mail.example.com", "example.com", "example.com", psl, AlignmentMode::s,
     no, no},
    {"relaxed alignment takes a subdomain", "mail.example.com", "example.com", "example.com", psl, AlignmentMode::r,
     yes, yes},
    {"an absent mode is relaxed", "mail.example.com", "example.com", "example.com", psl, {}, yes, yes},
    {"siblings below one organizational domain align",
     "a.example.co.uk",
     "b.example.co.uk",
     "example.co.uk",
     psl,
     {},
     yes,
     yes},
    {"a shared public suffix does not align", "a.co.uk", "b.co.uk", "b.co.uk", psl, {}, no, no},
    {"a similar ending is not a parent", "badexample.com", "example.com", "example.com", {}, {}, no, no},
    {"private rules divide readers of the list", "a.github.io", "b.github.io", "b.github.io", psl, {}, no, open},
    {"an unknown mode may be strict", "mail.example.com", "example.com", "example.com", psl, AlignmentMode::unknown,
     open, open},
    {"an unknown mode cannot align strangers", "example.net", "example.com", "example.com", psl, AlignmentMode::unknown,
     no, no},
    {"tree walk: names at or below the policy domain",
     "mail.example.com",
     "news.example.com",
     "example.com",
     treewalk,
     {},
     yes,
     yes},
    {"tree walk: the parent of an Author Domain with its own record",
     "example.com",
     "mail.example.com",
     "mail.example.com",
     treewalk,
     {},
     open,
     open},
    {"the same without a method: only the list says yes",
     "example.com",
     "mail.example.com",
     "mail.example.com",
     {},
     {},
     yes,
     open},
    {"tree walk: an identifier outside the domain above the Author Domain",
     "a.co.uk",
     "x.b.co.uk",
     "b.co.uk",
     treewalk,
     {},
     no,
     no},
    {"tree walk: a sibling outside a policy domain below the organizational domain",
     "c.example.com",
     "x.b.example.com",
     "b.example.com",
     treewalk,
     {},
     no,
     no},
    {"the same without a method: the readings differ",
     "c.example.com",
     "x.b.example.com",
     "b.example.com",
     {},
     {},
     yes,
     open},
    {"tree walk: strangers share at most an ICANN suffix",
     "example.net",
     "example.com",
     "example.com",
     treewalk,
     {},
     no,
     no},
    {"tree walk without a usable policy domain: siblings are open",
     "a.example.com",
     "b.example.com",
     "",
     treewalk,
     {},
     open,
     open},
    {"tree walk without a usable policy domain: identical names",
     "a.example.com",
     "a.example.com",
     "",
     treewalk,
     {},
     yes,
     yes},
    {"an unknown method reads as an absent one",
     "mail.example.com",
     "example.com",
     "example.com",
     DiscoveryMethod::unknown,
     {},
     yes,
     yes},
    {"a public suffix itself is open", "co.uk", "example.co.uk", "example.co.uk", psl, {}, open, open},
    {"an empty identifier is open", "", "example.com", "example.com", psl, {}, open, open},
    {"a list in header_from is open",
     "example.com",
     "pages.example.com,example.com",
     "example.com",
     psl,
     {},
     open,
     open},
    {"an address is no name", "user@example.com", "example.com", "example.com", psl, {}, open, open},
};

}  // namespace

TEST_CASE("alignment is three-valued without DNS") {
  const auto list = PublicSuffixList::system();
  REQUIRE(list.has_value());
  for (const auto& c : cases) {
    CAPTURE(c.rule, c.identifier, c.from);
    const AlignmentRules rules{c.mode, c.method, name_facts(c.policy_domain, *list)};
    const auto got = align(name_facts(c.identifier, *list), name_facts(c.from, *list), rules);
    CHECK(to_text(got.by_rule) == to_text(c.by_rule));
    CHECK(to_text(got.in_every_reading) == to_text(c.in_every_reading));
  }
}
