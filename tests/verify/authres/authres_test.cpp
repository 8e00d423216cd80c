#include "verify/authres/authres.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::authres;
using ruaudit::model::DkimResult;
using ruaudit::model::SpfResult;

namespace {

// One line per field: "id v1 | method/1=result (reason) ptype.name=[value] ... | ..." for comparing at a glance.
std::string shown(const AuthenticationResults& value) {
  std::string out = value.authserv_id.empty() ? "-" : value.authserv_id;
  if (value.version != 1) out += " v" + std::to_string(value.version);
  if (value.is_none) out += " | none";
  for (const auto& result : value.results) {
    out +=
        " | " + result.method + (result.version == 1 ? "" : "/" + std::to_string(result.version)) + "=" + result.result;
    if (!result.reason.empty()) out += " reason=[" + result.reason + "]";
    for (const auto& property : result.properties)
      out += " " + (property.ptype.empty() ? "" : property.ptype + ".") + property.name + "=[" + property.value + "]";
  }
  return out;
}

std::string codes(const AuthenticationResults& value) {
  std::string out;
  for (const auto& defect : value.defects) out += (out.empty() ? "" : " ") + defect.code;
  return out;
}

struct Case {
  const char* text;
  const char* want;
};

void check_cases(std::initializer_list<Case> cases, const std::string& want_codes = "") {
  for (const auto& c : cases) {
    const auto got = parse(c.text);
    CAPTURE(c.text);
    CHECK(shown(got) == c.want);
    CHECK(codes(got) == want_codes);
  }
}

}  // namespace

TEST_CASE("the examples of RFC 8601 appendix B are read without a defect") {
  check_cases(
      {{" example.org 1; none", "example.org | none"},
       {"example.com;\r\n          spf=pass smtp.mailfrom=example.net",
        "example.com | spf=pass smtp.mailfrom=[example.net]"},
       {"example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net",
        "example.com | auth=pass smtp.auth=[sender@example.net] | spf=pass smtp.mailfrom=[example.net]"},
       {"example.com; iprev=pass\r\n policy.iprev=192.0.2.200", "example.com | iprev=pass policy.iprev=[192.0.2.200]"},
       {"example.com;\r\n dkim=pass reason=\"good signature\"\r\n header.i=@mail-router.example.net;\r\n"
        " dkim=fail reason=\"bad signature\"\r\n header.i=@newyork.example.com",
        "example.com | dkim=pass reason=[good signature] header.i=[@mail-router.example.net] | dkim=fail reason=[bad "
        "signature] header.i=[@newyork.example.com]"},
       {"foo.example.net (foobar) 1 (baz);\r\n    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
        "      policy (A dot can go here) . (like that) expired\r\n      (this surprised me) = (as I wasn't expecting "
        "it) "
        "1362471462",
        "foo.example.net | dkim=fail policy.expired=[1362471462]"}});
}

// RFC 8601 section 2.2
TEST_CASE("versions, quotes, case and empty values") {
  check_cases(
      {{"\"example.org\"; none", "example.org | none"},
       {"example.org 2; DKIM/3=Pass Header.D=Example.com", "example.org v2 | dkim/3=pass header.d=[Example.com]"},
       {"a.example; spf=neutral smtp.mailfrom=\"\" smtp.helo=\"h.example\"",
        "a.example | spf=neutral smtp.mailfrom=[] smtp.helo=[h.example]"},
       {"a.example; spf=none smtp.mailfrom=; dkim=none", "a.example | spf=none smtp.mailfrom=[] | dkim=none"},
       {"a.example; dkim=pass header.i=\"a \\\"b\\\" c\"@d.example",
        "a.example | dkim=pass header.i=[a \"b\" c@d.example]"},
       {"a.example; x=y reason=\"(not a comment; nor an end)\"",
        "a.example | x=y reason=[(not a comment; nor an end)]"},
       {"a.example; spf=pass;", "a.example | spf=pass"},
       {"none; none", "none | none"},
       {"a.example; unknown=foo", "a.example | unknown=foo"}});
}

TEST_CASE("unquoted slashes, colons, equals signs and 8-bit text are part of a value") {
  check_cases({{"a.example; dkim=pass header.b=gfT/i2HB", "a.example | dkim=pass header.b=[gfT/i2HB]"},
               {"a.example; bimi=pass policy.authority-uri=\r\n https://x.example/a.pem",
                "a.example | bimi=pass policy.authority-uri=[https://x.example/a.pem]"},
               {"a.example; spf=pass smtp.mailfrom=SRS0=ab=cd=b.example=u@c.example",
                "a.example | spf=pass smtp.mailfrom=[SRS0=ab=cd=b.example=u@c.example]"},
               {"\xc3\xa9.example; dkim=pass header.i=Pel\xc3\xa9@b.example",
                "\xc3\xa9.example | dkim=pass header.i=[Pel\xc3\xa9@b.example]"}});
}

TEST_CASE("comments are kept, nested and escaped ones too") {
  const auto got =
      parse("a.example (top); dkim=pass (one (two\\) three) four) header.d=b.example (five\r\n\tsix) ; spf=fail");
  REQUIRE(got.results.size() == 2);
  CHECK(got.results[0].comments == std::vector<std::string>{"one (two) three) four", "five six"});
  CHECK(got.results[1].comments.empty());
}

// RFC 8601 section 2.2
TEST_CASE("a missing authserv-id is a defect, the results stay") {
  check_cases({{"dmarc=fail (p=none; dis=none) header.from=example.com", "- | dmarc=fail header.from=[example.com]"},
               {"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=none",
                "- | spf=pass smtp.mailfrom=[a.example] | dkim=none"},
               {"; spf=pass", "- | spf=pass"},
               {"\r\n  dkim=pass header.d=a.example", "- | dkim=pass header.d=[a.example]"},
               {"none", "- | none"}},
              "authres-no-authserv-id");
}

// RFC 8601 section 6.3
TEST_CASE("results divided by blanks are told apart") {
  check_cases({{"a.example; spf=pass smtp.mailfrom=b.example dkim=fail reason=x header.d=c.example",
                "a.example | spf=pass smtp.mailfrom=[b.example] | dkim=fail reason=[x] header.d=[c.example]"},
               {"a.example spf=pass smtp.mailfrom=b.example", "a.example | spf=pass smtp.mailfrom=[b.example]"}},
              "authres-missing-semicolon");
}

TEST_CASE("words without property type are kept") {
  check_cases({{"a.example; dmarc=bestguesspass action=none header.from=b.example",
                "a.example | dmarc=bestguesspass action=[none] header.from=[b.example]"}},
              "authres-property-without-type");
}

// RFC 8601 section 2.2: no-result stands alone
TEST_CASE("none beside results is a defect, and such a field is not in order") {
  check_cases({{"a.example; none; dkim=pass header.d=b.example", "a.example | none | dkim=pass header.d=[b.example]"},
               {"a.example; dkim=pass header.d=b.example; none", "a.example | none | dkim=pass header.d=[b.example]"},
               {"a.example; none; none", "a.example | none"}},
              "authres-none-beside-results");
  CHECK_FALSE(is_in_order(parse("a.example; none; dkim=pass header.d=b.example")));
  CHECK(codes(parse("a.example; none;")).empty());
}

// RFC 8601 section 2.2, RFC 2045 section 5.1
TEST_CASE("a value that should be quoted is a defect that parts nothing") {
  check_cases(
      {{"a.example; spf=pass smtp.mailfrom=<x@b.example>", "a.example | spf=pass smtp.mailfrom=[<x@b.example>]"},
       {"a.example; spf=pass smtp.mailfrom=x@y@b.example", "a.example | spf=pass smtp.mailfrom=[x@y@b.example]"},
       {"a.example; iprev=pass policy.iprev=[192.0.2.1]", "a.example | iprev=pass policy.iprev=[[192.0.2.1]]"},
       {"a.example; dkim=pass header.d=b.example,c.example", "a.example | dkim=pass header.d=[b.example,c.example]"},
       {"a.example; dkim=\"pass\" header.d=b.example", "a.example | dkim=pass header.d=[b.example]"}},
      "authres-value-not-token");
  CHECK(is_in_order(parse("a.example; spf=pass smtp.mailfrom=<x@b.example>")));
  for (const auto* text :
       {"a.example; dkim=pass header.b=aB/+c== header.i=@b.example", "a.example; spf=pass smtp.mailfrom=\"\"",
        "a.example; spf=pass smtp.mailfrom=\"<x>\"@b.example smtp.remote-ip=2001:db8::1",
        "a.example; bimi=pass policy.authority-uri=https://b.example/l?x=1"}) {
    CAPTURE(text);
    CHECK(codes(parse(text)).empty());
  }
}

TEST_CASE("what cannot be read is told and the rest is read") {
  check_cases({{"a.example; ???; spf=pass", "a.example | spf=pass"},
               {"a.example; dkim; spf=pass", "a.example | spf=pass"},
               {"a.example; =pass; spf=pass", "a.example | spf=pass"},
               {"a.example; \"x\" y; spf=pass", "a.example | spf=pass"},
               {"a.example; ); spf=pass", "a.example | spf=pass"}},
              "authres-unreadable");
  check_cases({{"a.example; spf=pass hello smtp.helo=h", "a.example | spf=pass smtp.helo=[h]"},
               {"a.example; spf=pass \"hello\"", "a.example | spf=pass"},
               {"a.example; spf=pass ) smtp.helo=h", "a.example | spf=pass smtp.helo=[h]"}},
              "authres-stray-text");
  check_cases({{"a.example", "a.example"}, {"a.example;", "a.example"}, {"a.example;;;", "a.example"}},
              "authres-no-result");
  check_cases({{"a.example; spf=", "a.example | spf="}}, "authres-no-result-word");
}

TEST_CASE("unclosed comments and quotes end with the field") {
  CHECK(shown(parse("a.example; spf=pass (open ; dkim=fail")) == "a.example | spf=pass");
  CHECK(shown(parse("a.example; spf=pass reason=\"open ; dkim=fail")) ==
        "a.example | spf=pass reason=[open ; dkim=fail]");
}

// RFC 8601 section 2.7
TEST_CASE("older property names are found under their present ones") {
  const auto got = parse("a.example; spf=pass smtp.mail=u@b.example smtp.ehlo=h; sender-id=pass header.mail=c.example");
  REQUIRE(got.results.size() == 2);
  REQUIRE(find_property(got.results[0], "smtp", "mailfrom") != nullptr);
  CHECK(*find_property(got.results[0], "smtp", "mailfrom") == "u@b.example");
  CHECK(*find_property(got.results[0], "smtp", "helo") == "h");
  CHECK(*find_property(got.results[1], "header", "from") == "c.example");
  CHECK(find_property(got.results[0], "header", "d") == nullptr);
}

// RFC 8601 section 2.7.2
TEST_CASE("a word outside the vocabulary is unknown, never pass") {
  const auto spf = [](const char* word) { return spf_result({.result = word}); };
  const auto dkim = [](const char* word) { return dkim_result({.result = word}); };
  CHECK(spf("pass") == SpfResult::pass);
  CHECK(spf("hardfail") == SpfResult::fail);
  CHECK(spf("bestguesspass") == SpfResult::unknown);
  CHECK(spf("") == SpfResult::unknown);
  CHECK(dkim("pass") == DkimResult::pass);
  CHECK(dkim("timeout") == DkimResult::unknown);
}

TEST_CASE("limits bound what is kept, with a defect") {
  const auto repeat = [](const std::string& text, std::size_t times) {
    std::string out = "a.example";
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  const Limits limits{.bytes = 4096, .results = 3, .properties = 2};
  CHECK(codes(parse(repeat(";a=b", 3), limits)).empty());
  CHECK(codes(parse(repeat(";a=b", 4), limits)) == "authres-too-many-results");
  CHECK(codes(parse("a.example; a=b c.d=e c.d=e", limits)).empty());
  CHECK(codes(parse("a.example; a=b c.d=e c.d=e c.d=e", limits)) == "authres-too-many-properties");
  CHECK(codes(parse("a.example; a=" + std::string(4096 - 13, 'b'), limits)).empty());
  CHECK(codes(parse("a.example; a=" + std::string(4096 - 12, 'b'), limits)) == "authres-too-long");
  CHECK(parse("a.example;" + std::string(1000, '?') + repeat(";?", 100)).defects.size() == Limits{}.defects);
}

TEST_CASE("deep comments cost nothing but their length") {
  const std::string deep =
      "a.example; spf=pass " + std::string(20'000, '(') + std::string(20'000, ')') + " smtp.helo=h";
  CHECK(shown(parse(deep)) == "a.example | spf=pass smtp.helo=[h]");
}

TEST_CASE("a field is written with quotes where they are needed, folded at 78 octets") {
  const AuthenticationResults value{.authserv_id = "mx.example.org",
                                    .results = {{.method = "spf",
                                                 .result = "fail",
                                                 .reason = "not allowed",
                                                 .properties = {{"smtp", "mailfrom", "SRS0=a=b=c=d@example.com"}}},
                                                {.method = "dkim",
                                                 .result = "pass",
                                                 .properties = {{"header", "d", "example.com"},
                                                                {"header", "i", "@example.com"},
                                                                {"header", "s", "s1"},
                                                                {"header", "b", "ab/c+d=="}},
                                                 .comments = {"2048-bit (RSA) key"}}}};
  CHECK(write(value) ==
        "mx.example.org;\r\n"
        "  spf=fail reason=\"not allowed\" smtp.mailfrom=\"SRS0=a=b=c=d@example.com\";\r\n"
        "  dkim=pass (2048-bit \\(RSA\\) key) header.d=example.com header.i=@example.com\r\n"
        "    header.s=s1 header.b=\"ab/c+d==\"");
  CHECK(write({.authserv_id = "mx.example.org"}) == "mx.example.org;\r\n  none");
}

// RFC 8601 section 2.2
TEST_CASE("what is written reads back as it was") {
  const AuthenticationResults values[] = {
      {.authserv_id = "mx.example.org", .is_none = true},
      {.authserv_id = "m\xc3\xbc.example",
       .version = 2,
       .results = {{.method = "auth", .version = 2, .result = "pass"}}},
      {.authserv_id = "a b",
       .results = {{.method = "x",
                    .result = "a;b",
                    .reason = "q\"uo\\te",
                    .properties = {{"", "action", "none"}, {"smtp", "mailfrom", ""}, {"header", "from", "a b\"c@d"}},
                    .comments = {"c(o)m\\m"}}}}};
  for (const auto& value : values) {
    const auto text = write(value);
    CAPTURE(text);
    auto again = parse(text);
    again.defects.clear();
    CHECK(again == value);
  }
}

TEST_CASE("control characters cannot leave a written field") {
  const auto text =
      write({.authserv_id = "a",
             .results = {{.method = "spf", .result = "fail", .reason = "x\r\nBcc: y", .comments = {"\r\nz"}}}});
  CHECK(text == "a;\r\n  spf=fail (  z) reason=\"x  Bcc: y\"");
}

TEST_CASE("any prefix of a field can be read") {
  const std::string text =
      "a.example (c) 1; dkim/1 = pass (x) reason=\"y\" header.d=b.example header.i=\"u\"@b.example; none";
  for (std::size_t length = 0; length <= text.size(); ++length)
    CHECK(parse(text.substr(0, length)).results.size() <= 1);
}

// RFC 8601 section 7.1
TEST_CASE("a field that a sender may have written into is not in order") {
  const char* const open[] = {
      "mx.b.example; spf=pass (domain of \"a) dkim=pass header.d=c.example (b\"@a.example) smtp.mailfrom=x@a.example",
      "mx.b.example; spf=pass (client \"a); dkim=pass header.d=c.example; x=y (b\") smtp.mailfrom=x@a.example",
      "mx.b.example; spf=pass smtp.mailfrom=x@a.example dkim=pass header.d=c.example",
      "mx.b.example; spf=pass smtp.mailfrom=x dmarc=pass header.from=c.example @a.example",
      "mx.b.example; spf=pass smtp.mailfrom=\"x@a.example; dkim=pass header.d=c.example",
      "mx.b.example; dkim=pass header.d=c.example (never closed; spf=pass smtp.mailfrom=x@a.example",
      "mx.b.example dkim=pass header.d=c.example",
  };
  for (const auto* value : open) {
    CAPTURE(value);
    CHECK_FALSE(is_in_order(parse(value)));
  }
  const char* const sound[] = {
      "mx.b.example; spf=pass (sender is \"a b\"@a.example) smtp.mailfrom=\"a b\"@a.example; dkim=pass "
      "header.d=c.example",
      "mx.b.example; dkim=pass (2048-bit key) header.d=c.example header.i=@c.example header.b=\"abc/d\"; spf=none",
      "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dmarc=pass action=none header.from=a.example",
  };
  for (const auto* value : sound) {
    CAPTURE(value);
    CHECK(is_in_order(parse(value)));
  }
}
