#include "verify/spf/check_host.hpp"

#include "session_for_test.hpp"

using namespace ruaudit::verify::spf;
using namespace ruaudit::verify::spf::test;
namespace dns = ruaudit::verify::dns;
namespace model = ruaudit::model;

namespace {

struct Case {
  const char* record;
  const char* want;
};

void check_all(std::initializer_list<Case> cases, const std::string& more, const Setup& setup = {}) {
  for (const auto& c : cases) {
    const auto check = check_record(c.record, more, setup);
    CAPTURE(c.record, check.reason);
    CHECK(result_of(check) == c.want);
  }
}

const std::string hosts = R"("a.example.org": [{"A": "192.0.2.1"}, {"AAAA": "2001:db8::1"}],
  "b.example.org": [{"A": "198.51.100.1"}],
  "empty.example.org": [{"MX": [10, "b.example.org"]}],
  "mx.example.org": [{"MX": [10, "b.example.org"]}, {"MX": [20, "a.example.org"]}],
  "nullmx.example.org": [{"MX": [0, ""]}],
  "slow.example.org": ["TIMEOUT"], "broken.example.org": ["SERVFAIL"],
  "mxslow.example.org": [{"MX": [10, "slow.example.org"]}, {"MX": [20, "a.example.org"]}],
  "mxthenslow.example.org": [{"MX": [10, "a.example.org"]}, {"MX": [20, "slow.example.org"]}],
  "pass.example.org": [{"TXT": "v=spf1 a:a.example.org"}],
  "fail.example.org": [{"TXT": "v=spf1 -all"}],
  "softfail.example.org": [{"TXT": "v=spf1 ~all"}],
  "neutral.example.org": [{"TXT": "v=spf1 ?all"}],
  "permerror.example.org": [{"TXT": "v=spf1 foo"}],
  "two.example.org": [{"TXT": "v=spf1 -all"}, {"TXT": "v=spf1 +all"}],
  "none.example.org": [{"TXT": "hello"}])";

}  // namespace

// RFC 7208 sections 4.6.2, 4.7, 5.1, 5.3, 5.4, 5.6 and 5.7; RFC 7208 sections 2.6 and 4.2
TEST_CASE("mechanisms match as RFC 7208 section 5 says") {
  check_all({{"v=spf1 all", "pass"},
             {"v=spf1 -all all", "fail"},
             {"v=spf1 ip4:192.0.2.1 -all", "pass"},
             {"v=spf1 ip4:192.0.2.0/24 -all", "pass"},
             {"v=spf1 ip4:192.0.3.0/24 -all", "fail"},
             {"v=spf1 ip4:192.0.3.0/23 -all", "pass"},
             {"v=spf1 ip4:1.2.3.4/0 -all", "pass"},
             {"v=spf1 ip6:::/0 -all", "fail"},
             {"v=spf1 ip6:::ffff:192.0.2.1 -all", "fail"},
             {"v=spf1 a:a.example.org -all", "pass"},
             {"v=spf1 a:A.EXAMPLE.ORG. -all", "pass"},
             {"v=spf1 a:b.example.org -all", "fail"},
             {"v=spf1 a:b.example.org/0 -all", "pass"},
             {"v=spf1 mx:mx.example.org -all", "pass"},
             {"v=spf1 mx:a.example.org -all", "fail"},  // no implicit MX (section 5.4)
             {"v=spf1 mx:nullmx.example.org -all", "fail"},
             {"v=spf1 exists:b.example.org -all", "pass"},
             {"v=spf1 exists:nothing.example.org -all", "fail"},
             {"v=spf1 a:..example.org -all", "fail"},
             {"v=spf1 a:b.example.org", "neutral"},
             {"v=spf1", "neutral"}},
            hosts);
}

// RFC 7208 sections 5, 5.6 and 5.7
TEST_CASE("an IPv6 client is compared with AAAA records and ip6 networks") {
  check_all({{"v=spf1 ip6:2001:db8::/32 -all", "pass"},
             {"v=spf1 ip6:2001:db8::2/127 -all", "fail"},
             {"v=spf1 ip6:2001:db8::/126 -all", "pass"},
             {"v=spf1 ip4:0.0.0.0/0 -all", "fail"},
             {"v=spf1 ip6:::ffff:192.0.2.1/0 -all", "pass"},
             {"v=spf1 a:a.example.org -all", "pass"},
             {"v=spf1 a:a.example.org/32//0 -all", "pass"},
             {"v=spf1 mx:mx.example.org -all", "pass"},
             {"v=spf1 exists:b.example.org -all", "pass"}},  // exists asks for A even so (section 5.7)
            hosts, {.ip = "2001:db8::1"});
}

// RFC 7208 section 5
TEST_CASE("an IPv4-mapped client is an IPv4 client") {
  check_all({{"v=spf1 ip4:192.0.2.1 -all", "pass"},
             {"v=spf1 ip6:::/0 -all", "fail"},
             {"v=spf1 a:a.example.org -all", "pass"}},
            hosts, {.ip = "::ffff:192.0.2.1"});
}

// RFC 7208 section 5.2
TEST_CASE("include maps results as the table of section 5.2") {
  check_all({{"v=spf1 include:pass.example.org -all", "pass"},
             {"v=spf1 -include:pass.example.org +all", "fail"},
             {"v=spf1 include:fail.example.org ~all", "softfail"},
             {"v=spf1 include:softfail.example.org -all", "fail"},
             {"v=spf1 include:neutral.example.org -all", "fail"},
             {"v=spf1 include:permerror.example.org +all", "permerror"},
             {"v=spf1 include:two.example.org +all", "permerror"},
             {"v=spf1 include:none.example.org +all", "permerror"},
             {"v=spf1 include:missing.example.org +all", "permerror"},
             {"v=spf1 include:slow.example.org +all", "temperror"},
             {"v=spf1 ip4:192.0.2.1 include:permerror.example.org", "pass"}},
            hosts);
}

// RFC 7208 section 6.1
TEST_CASE("redirect counts only when nothing matched and there is no all") {
  check_all({{"v=spf1 redirect=pass.example.org", "pass"},
             {"v=spf1 redirect=fail.example.org", "fail"},
             {"v=spf1 redirect=fail.example.org a:a.example.org", "pass"},
             {"v=spf1 redirect=fail.example.org ?all", "neutral"},
             {"v=spf1 ?all redirect=fail.example.org", "neutral"},
             {"v=spf1 redirect=none.example.org", "permerror"},
             {"v=spf1 redirect=missing.example.org", "permerror"},
             {"v=spf1 redirect=a..example.org", "permerror"},
             {"v=spf1 redirect=slow.example.org", "temperror"},
             {"v=spf1 redirect=permerror.example.org", "permerror"}},
            hosts);
}

// RFC 7208 section 5
TEST_CASE("a DNS error in a mechanism ends the check as temperror") {
  check_all({{"v=spf1 a:slow.example.org +all", "temperror"},
             {"v=spf1 a:broken.example.org +all", "temperror"},
             {"v=spf1 mx:slow.example.org +all", "temperror"},
             {"v=spf1 exists:slow.example.org +all", "temperror"},
             {"v=spf1 mx:mxslow.example.org +all", "temperror"},
             {"v=spf1 mx:mxthenslow.example.org -all", "pass"},  // the match comes before the error
             {"v=spf1 a:a.example.org a:slow.example.org -all", "pass"}},
            hosts);
}

// RFC 7208 section 4.6
TEST_CASE("a syntax error anywhere is found before anything is evaluated") {
  check_all({{"v=spf1 +all foo", "permerror"}, {"v=spf1 a:slow.example.org foo", "permerror"}}, hosts);
}

// RFC 7208 sections 3.2, 3.3, 4, 4.3, 4.4 and 4.5; RFC 7208 section 3.1
TEST_CASE("the domain is looked up and records are selected as sections 4.3 to 4.5 say") {
  struct Row {
    const char* zone;
    const char* want;
    Problem problem;
  };
  const Row rows[] = {
      {R"({})", "none", Problem::no_such_domain},
      {R"({"example.com": [{"A": "192.0.2.1"}]})", "none", Problem::no_record},
      {R"({"example.com": [{"TXT": "v=spf10 -all"}]})", "none", Problem::no_record},
      {R"({"example.com": ["TIMEOUT"]})", "temperror", Problem::dns_error},
      {R"({"example.com": ["SERVFAIL"]})", "temperror", Problem::dns_error},
      {R"({"example.com": [{"TXT": "v=spf1"}, {"TXT": "v=spf1"}]})", "permerror", Problem::several_records}};
  for (const auto& row : rows) {
    CAPTURE(row.zone);
    const auto got = check(row.zone);
    CHECK(result_of(got) == row.want);
    REQUIRE(got.problem);
    CHECK(got.problem->problem == row.problem);
  }
  CHECK(result_of(check(R"({"example.com": [{"TXT": ["v=spf1 i", "p4:192.0.2.1 -all"]}, {"TXT": "other"}]})")) ==
        "pass");
}

// RFC 7208 section 4.3
TEST_CASE("what is no mail domain gives none") {
  for (const char* from : {"user@", "user@com", "user@[192.0.2.1]", "user@a..example.com", "user@.example.com",
                           "user@x y.com", "user@\xff.com"}) {
    CAPTURE(from);
    const auto got = check("{}", {.mail_from = from, .helo = "mail"});
    CHECK(result_of(got) == "none");
    CHECK(got.problem->problem == Problem::no_domain);
  }
}

// RFC 7208 section 2.4
TEST_CASE("a null sender is checked as postmaster at the HELO name") {
  const std::string zone = R"({"mail.example.com": [{"TXT": "v=spf1 exists:%{l}.%{o} -all"}],
                              "postmaster.mail.example.com": [{"A": "127.0.0.2"}]})";
  for (const char* from : {"", "<>"}) {
    CAPTURE(from);
    const auto got = check(zone, {.mail_from = from});
    CHECK(result_of(got) == "pass");
    CHECK(got.is_null_sender);
    CHECK(got.sender == "postmaster@mail.example.com");
  }
}

// RFC 7208 section 2.3
TEST_CASE("the HELO identity is checked by itself") {
  dns::ZoneResolver resolver(zone(R"({"mail.example.com": [{"TXT": "v=spf1 ip4:192.0.2.1 -all"}]})"),
                             [] { return std::int64_t{0}; });
  const Session session{
      .ip = model::IpAddress::parse("192.0.2.1").value(), .helo = "mail.example.com", .mail_from = "a@b.c"};
  const auto got = check_helo(session, resolver);
  CHECK(result_of(got) == "pass");
  CHECK(got.scope == model::SpfScope::helo);
  CHECK(got.domain == "mail.example.com");
}

// RFC 7208 sections 2.4 and 4.3; RFC 7208 section 4.1
TEST_CASE("brackets, a source route and a missing local part are understood") {
  const std::string zone =
      R"({"example.com": [{"TXT": "v=spf1 -all exp=e.example.com"}], "e.example.com": [{"TXT": "%{s}"}]})";
  struct Row {
    const char* from;
    const char* sender;
  };
  for (const auto& row :
       {Row{"<user@example.com>", "user@example.com"},
        Row{"<@a.example,@b.example:user@example.com>", "user@example.com"},
        Row{"example.com", "postmaster@example.com"}, Row{"@example.com", "postmaster@example.com"},
        Row{"a@b@example.com", "a@b@example.com"}, Row{"\"x y\"@example.com", "\"x y\"@example.com"}}) {
    CAPTURE(row.from);
    CHECK(check(zone, {.mail_from = row.from}).explanation == row.sender);
  }
}

TEST_CASE("U-labels become A-labels and non-ASCII local parts never match %{s} or %{l} (RFC 8616 section 4)") {
  const std::string zone = R"({
    "xn--bcher-kva.example": [{"TXT": "v=spf1 exists:%{d}.d.example.com exists:%{l}.l.example.com -all"}],
    "xn--bcher-kva.example.d.example.com": [{"A": "127.0.0.2"}],
    "local.example": [{"TXT": "v=spf1 exists:%{l}.l.example.com exists:%{L}.l.example.com ~all"}],
    "redirect.example": [{"TXT": "v=spf1 redirect=%{l}.l.example.com"}],
    "*.l.example.com": [{"A": "127.0.0.2"}]})";
  const auto idn = check(zone, {.mail_from = "j@b\xc3\xbc"
                                             "cher.example"});
  CHECK(result_of(idn) == "pass");
  CHECK(idn.domain == "xn--bcher-kva.example");
  CHECK(result_of(check(zone, {.mail_from = "j\xc3\xb6rg@local.example"})) == "softfail");
  CHECK(result_of(check(zone, {.mail_from = "j\xc3\xb6rg@redirect.example"})) == "neutral");
}

// RFC 7208 section 5.5
TEST_CASE("ptr matches a validated name at or below the target") {
  const std::string more = R"("1.2.0.192.in-addr.arpa": [{"PTR": "fake.example.com"}, {"PTR": "slow.example.com"},
      {"PTR": "host.mail.example.net"}],
    "fake.example.com": [{"A": "192.0.2.99"}], "slow.example.com": ["TIMEOUT"],
    "host.mail.example.net": [{"A": "192.0.2.1"}])";
  check_all({{"v=spf1 ptr:example.net -all", "pass"},
             {"v=spf1 ptr:mail.example.net -all", "pass"},
             {"v=spf1 ptr:HOST.mail.example.net. -all", "pass"},
             {"v=spf1 ptr:l.example.net -all", "fail"},
             {"v=spf1 ptr -all", "fail"},  // fake.example.com does not lead back
             {"v=spf1 exists:%{p}.org +all", "pass"}},
            more);
  check_all({{"v=spf1 ptr -all", "fail"}}, R"("1.2.0.192.in-addr.arpa": ["TIMEOUT"])");
}

// RFC 7208 section 7.3
TEST_CASE("%{p} prefers the domain, then a name below it, then any") {
  const std::string more =
      R"("1.2.0.192.in-addr.arpa": [{"PTR": "x.example.net"}, {"PTR": "sub.example.com"}, {"PTR": "example.com"}],
    "x.example.net": [{"A": "192.0.2.1"}], "sub.example.com": [{"A": "192.0.2.1"}],
    "e.example.com": [{"TXT": "%{p}"}], "e.sub.example.com": [{"TXT": "%{p}"}])";
  const auto text = [&](const std::string& address) {
    return check(R"({"example.com": [{"TXT": "v=spf1 -all exp=e.example.com"})" + address + "], " + more + "}")
        .explanation;
  };
  CHECK(text(R"(, {"A": "192.0.2.1"})") == "example.com");
  CHECK(text("") == "sub.example.com");
  CHECK(check(R"({"example.com": [{"TXT": "v=spf1 -all exp=e.example.com"}], "e.example.com": [{"TXT": "%{p}"}]})")
            .explanation == "unknown");
}

// RFC 7208 section 6.2
TEST_CASE("the explanation comes from the record whose term said fail (section 6.2)") {
  const std::string more =
      R"("e.example.com": [{"TXT": "see %{d}"}], "inner.example.org": [{"TXT": "v=spf1 -all exp=i.example.org"}],
    "match.example.org": [{"TXT": "v=spf1 +all exp=i.example.org"}],
    "i.example.org": [{"TXT": "inner %{d}"}], "two.example.org": [{"TXT": "a"}, {"TXT": "b"}], "slow.example.org": ["TIMEOUT"],
    "bad.example.org": [{"TXT": "50% off"}], "utf8.example.org": [{"TXT": "gr\u00fc\u00dfe"}])";
  struct Row {
    const char* record;
    const char* want;  // empty: the standard text
  };
  for (const auto& row : {Row{"v=spf1 -all exp=e.example.com", "see example.com"},
                          Row{"v=spf1 exp=e.example.com include:inner.example.org -all", "see example.com"},
                          Row{"v=spf1 -include:match.example.org exp=e.example.com", "see example.com"},
                          Row{"v=spf1 -include:match.example.org", ""},
                          Row{"v=spf1 exp=e.example.com redirect=inner.example.org", "inner inner.example.org"},
                          Row{"v=spf1 -all exp=two.example.org", ""}, Row{"v=spf1 -all exp=slow.example.org", ""},
                          Row{"v=spf1 -all exp=missing.example.org", ""}, Row{"v=spf1 -all exp=bad.example.org", ""},
                          Row{"v=spf1 -all exp=utf8.example.org", ""}, Row{"v=spf1 -all", ""}}) {
    const auto got = check_record(row.record, more);
    CAPTURE(row.record, got.explanation);
    CHECK(result_of(got) == "fail");
    const bool is_standard = std::string(row.want).empty();
    CHECK(got.explanation_source == (is_standard ? ExplanationSource::standard : ExplanationSource::published));
    CHECK(got.explanation == (is_standard ? "example.com does not allow 192.0.2.1 to send its mail" : row.want));
  }
  CHECK(check_record("v=spf1 ~all exp=e.example.com", more).explanation.empty());
}

TEST_CASE("the result tells the term that decided and the way to it") {
  const auto got = check_record("v=spf1 mx:b.example.org include:one.example.org -all",
                                R"("b.example.org": [{"MX": [1, "b.example.org"]}, {"A": "198.51.100.1"}],
    "one.example.org": [{"TXT": "v=spf1 redirect=_two.example.org"}], "_two.example.org": [{"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}])");
  CHECK(result_of(got) == "pass");
  CHECK(got.decided_by == Decision{"_two.example.org", "ip4:192.0.2.0/24"});
  REQUIRE(got.path.size() == 2);
  CHECK(got.path[0] == Step{"example.com", "include:one.example.org", "one.example.org"});
  CHECK(got.path[1] == Step{"one.example.org", "redirect=_two.example.org", "_two.example.org"});
  CHECK(got.record == "v=spf1 mx:b.example.org include:one.example.org -all");
  CHECK(got.lookups.terms == 3);
  CHECK(got.lookups.voids == 0);
  REQUIRE(got.lookups.list.size() == 5);
  CHECK(got.lookups.list[0].question == dns::Question{"example.com", dns::RecordType::TXT});
  CHECK(got.lookups.list[1].term == "mx:b.example.org");
  CHECK(got.reason ==
        "192.0.2.1 is allowed by 'ip4:192.0.2.0/24' of _two.example.org, reached by "
        "'include:one.example.org' and 'redirect=_two.example.org'");
}

TEST_CASE("a permerror names the record and the term") {
  const auto got =
      check_record("v=spf1 include:one.example.org -all", R"("one.example.org": [{"TXT": "v=spf1 a ipv4:192.0.2.1"}])");
  CHECK(result_of(got) == "permerror");
  REQUIRE(got.problem);
  CHECK(got.problem->problem == Problem::syntax);
  CHECK(got.problem->domain == "one.example.org");
  CHECK(got.problem->term == "ipv4:192.0.2.1");
  CHECK(got.problem->record == "v=spf1 a ipv4:192.0.2.1");
  CHECK(got.problem->text ==
        "the SPF record of one.example.org cannot be read: term 2 'ipv4:192.0.2.1': unknown mechanism");
  REQUIRE(got.path.size() == 1);
  CHECK(got.path[0].target == "one.example.org");
}
