#include "verify/spf/macro.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::spf;
using ruaudit::model::IpAddress;

namespace {

MacroScope rfc_scope(const char* ip = "192.0.2.3") {  // RFC 7208 section 7.4
  return {.sender = "strong-bad@email.example.com",
          .local_part = "strong-bad",
          .sender_domain = "email.example.com",
          .domain = "email.example.com",
          .ip = IpAddress::parse(ip).value(),
          .helo = "relay.example.org",
          .receiver = "mx.example.net",
          .time = 1'234'567'890,
          .validated_name = [] { return std::string("mx.example.org"); }};
}

std::string name(const std::string& text, const MacroScope& scope = rfc_scope()) {
  const auto parsed = parse_macro_string(text, MacroUse::unknown_modifier);
  return parsed ? expand_name(*parsed, scope) : "error: " + parsed.error().message;
}

bool is_domain_spec(const std::string& text) { return parse_macro_string(text, MacroUse::domain_spec).has_value(); }

}  // namespace

TEST_CASE("macros expand as the examples of RFC 7208 section 7.4") {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case cases[] = {{"%{s}", "strong-bad@email.example.com"},
                        {"%{o}", "email.example.com"},
                        {"%{d}", "email.example.com"},
                        {"%{d4}", "email.example.com"},
                        {"%{d3}", "email.example.com"},
                        {"%{d2}", "example.com"},
                        {"%{d1}", "com"},
                        {"%{dr}", "com.example.email"},
                        {"%{d2r}", "example.email"},
                        {"%{l}", "strong-bad"},
                        {"%{l-}", "strong.bad"},
                        {"%{lr}", "strong-bad"},
                        {"%{lr-}", "bad.strong"},
                        {"%{l1r-}", "strong"},
                        {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
                        {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
                        {"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
                        {"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
                        {"%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(name(c.text) == c.want);
  }
}

// RFC 7208 section 7.3
TEST_CASE("an IPv6 client expands to dotted nibbles") {
  CHECK(name("%{ir}.%{v}._spf.%{d2}", rfc_scope("2001:db8::cb01")) ==
        "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.com");
}

// RFC 7208 sections 7.1 and 7.3; RFC 7208 section 7
TEST_CASE("letters, transformers and delimiters") {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case cases[] = {{"%{h}", "relay.example.org"},
                        {"%{p}", "mx.example.org"},
                        {"%{D2}", "example.com"},
                        {"%{DR}", "com.example.email"},
                        {"%{S}", "strong-bad%40email.example.com"},
                        {"%{d007}", "email.example.com"},
                        {"%{d99999999999999999999}", "email.example.com"},
                        {"%{s.@}", "error: a character in '%{...}' that is no transformer or delimiter"},
                        {"%{l--}", "strong.bad"},
                        {"%{o.-}", "email.example.com"},
                        {"a%%b%_c%-d", "a%b c%20d"},
                        {"%{d}.", "email.example.com"}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(name(c.text) == c.want);
  }
}

// RFC 7208 section 7.3
TEST_CASE("leading, trailing and consecutive delimiters leave empty parts") {
  auto scope = rfc_scope();
  scope.local_part = "-a--b-";
  CHECK(name("%{l-}", scope) == ".a..b");  // the last empty part is the name's trailing dot
  CHECK(name("%{lr-}x", scope) == ".b..a.x");
  CHECK(name("%{l2-}x", scope) == "b.x");
}

// RFC 7208 section 7.1
TEST_CASE("a macro string with wrong syntax is refused") {
  for (const char* text : {"%", "%a", "%{", "%{}", "%{d", "%{x}", "%{d0}", "%{d00}", "%{dr2}", "%{d!}", "%{d r}", "%%%",
                           "a b", "\xc3\xa4", "a\tb", "%(d)"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_macro_string(text, MacroUse::unknown_modifier).has_value());
  }
}

// RFC 7208 section 7.1
TEST_CASE("a domain-spec ends in a dot and a top label, or in a macro") {
  for (const char* good : {"example.com", "example.com.", "%{d}", "a.%{d}", "%{d}.com", "a.%%", "x.1-2", "x.x1", "x.1a",
                           "foo:bar/baz.example.com", "_a._b.example.com", "a..example.com", "a%_"}) {
    CAPTURE(good);
    CHECK(is_domain_spec(good));
  }
  for (const char* bad : {"com", "com.", "example.123", "example.-a", "example.a-", "example.com..", "%{d}com", "%{d}.",
                          "%{d}..", "example.c_m", "example.com/", ".", "x."}) {
    CAPTURE(bad);
    CHECK_FALSE(is_domain_spec(bad));
  }
}

// RFC 7208 section 7.2
TEST_CASE("c, r and t belong to explanation texts alone") {
  for (const char* text : {"%{c}", "%{r}", "%{t}", "%{T}.example.com"}) {
    CAPTURE(text);
    CHECK_FALSE(is_domain_spec(text));
    CHECK(parse_macro_string(text, MacroUse::unknown_modifier).has_value());
  }
  const auto text = parse_macro_string("%{c} %{R} %{t}", MacroUse::explanation);
  REQUIRE(text.has_value());
  CHECK(expand_explanation(*text, rfc_scope()) == "192.0.2.3 mx.example.net 1234567890");
}

// RFC 7208 section 7.3
TEST_CASE("a name longer than 253 octets loses labels on its left") {
  const std::string label(49, 'x');                                                   // 50 with its dot
  const std::string four = label + "." + label + "." + label + "." + label;           // 199
  CHECK(name(four + "." + label + "yyy") == four + "." + label + "yyy");              // 252
  CHECK(name("a." + four + "." + label + "yy") == "a." + four + "." + label + "yy");  // 253: at the limit
  CHECK(name("ab." + four + "." + label + "yy") == four + "." + label + "yy");        // 254: one past it
}

TEST_CASE("a name is cut the same whatever the values in front of it are") {
  auto scope = rfc_scope();
  const std::string huge(1'000'000, 'a');
  scope.local_part = huge;
  const std::string tail = std::string(60, 'b') + ".example.com";
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "%{l}.";
  CHECK(name(text + std::string(240, 'c') + "." + tail, scope) != "");
  std::string labels;
  for (int i = 0; i < 60; ++i) labels += "abc.";
  CHECK(name(text + labels + "example.com", scope) == labels + "example.com");
}

// RFC 7208 section 6.2; RFC 7208 section 11.5.2
TEST_CASE("an explanation is US-ASCII and bounded") {
  auto scope = rfc_scope();
  scope.local_part = "j\xc3\xb6rg";
  const auto plain = parse_macro_string("%{l}", MacroUse::explanation);
  const auto escaped = parse_macro_string("%{L}", MacroUse::explanation);
  CHECK(expand_explanation(*plain, scope) == std::nullopt);
  CHECK(expand_explanation(*escaped, scope) == "j%C3%B6rg");
  const auto full = parse_macro_string(std::string(max_explanation, 'x'), MacroUse::explanation);
  const auto over = parse_macro_string(std::string(max_explanation + 1, 'x'), MacroUse::explanation);
  CHECK(expand_explanation(*full, scope)->size() == max_explanation);
  CHECK(expand_explanation(*over, scope)->size() == max_explanation);
}

// RFC 7208 section 4.3
TEST_CASE("a well-formed domain has several labels of 1 to 63 octets") {
  const std::string longest(63, 'a');
  for (const std::string& good : {std::string("a.b"), std::string("a.b."), longest + ".com", std::string("_x.b")}) {
    CAPTURE(good);
    CHECK(is_well_formed_domain(good));
  }
  for (const std::string& bad : {std::string(), std::string("."), std::string("com"), std::string("com."),
                                 std::string("a..b"), std::string(".a.b"), std::string("a.b.."), longest + "a.com"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_well_formed_domain(bad));
  }
}

TEST_CASE("the reverse name of an address") {
  CHECK(reverse_name(IpAddress::parse("192.0.2.1").value()) == "1.2.0.192.in-addr.arpa");
  CHECK(reverse_name(IpAddress::parse("2001:db8::1").value()) ==
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6.arpa");
}
