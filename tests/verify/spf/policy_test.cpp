// The receiver's own additions: a local policy before the final "all", a best guess for domains without a record.
#include "session_for_test.hpp"

using namespace ruaudit::verify::spf;
using namespace ruaudit::verify::spf::test;

namespace {

CheckResult with_local(const std::string& record, const std::string& policy, const std::string& more = "") {
  Setup setup;
  setup.options.local_policy = policy;
  return check_record(record, more, setup);
}

CheckResult with_guess(const std::string& zone, const std::string& policy) {
  Setup setup;
  setup.options.best_guess = policy;
  return check(zone, setup);
}

}  // namespace

TEST_CASE("a local policy is tried before a final all that does not pass, and where the record says nothing") {
  struct Row {
    const char* record;
    const char* want;
    PolicySource policy;
  };
  const std::string more = R"("r.example.org": [{"TXT": "v=spf1 -all"}], "i.example.org": [{"TXT": "v=spf1 ?all"}],
    "relay.example.org": [{"A": "192.0.2.1"}])";
  for (const auto& row :
       {Row{"v=spf1 -all", "pass", PolicySource::local_policy}, Row{"v=spf1 ?all", "pass", PolicySource::local_policy},
        Row{"v=spf1", "pass", PolicySource::local_policy},
        Row{"v=spf1 redirect=r.example.org", "pass", PolicySource::local_policy},
        Row{"v=spf1 -ip4:192.0.2.1 -all", "fail", PolicySource::published},
        Row{"v=spf1 +all", "pass", PolicySource::published},
        Row{"v=spf1 -include:i.example.org ~all", "pass", PolicySource::local_policy}}) {
    const auto got = with_local(row.record, "a:relay.example.org", more);
    CAPTURE(row.record, got.reason);
    CHECK(result_of(got) == row.want);
    CHECK(got.policy == row.policy);
  }
  CHECK(with_local("v=spf1 -all", "a:relay.example.org", more).reason ==
        "192.0.2.1 is allowed by 'a:relay.example.org' of the local policy");
  CHECK(result_of(with_local("v=spf1 -all", "", more)) == "fail");
  CHECK(result_of(with_local("v=spf1 -all", "ip4:198.51.100.1", more)) == "fail");
}

TEST_CASE("a local policy is not tried inside an include") {
  const auto got =
      with_local("v=spf1 -include:i.example.org +all", "ip4:192.0.2.1", R"("i.example.org": [{"TXT": "v=spf1 ~all"}])");
  CHECK(result_of(got) == "pass");
  CHECK(got.policy == PolicySource::published);
}

TEST_CASE("a local policy has its own budget of look-ups") {
  std::string record = "v=spf1";
  for (int i = 0; i < 10; ++i) record += " a:x.example.org";
  const auto got = with_local(record + " -all", "a:relay.example.org",
                              R"("x.example.org": [{"A": "198.51.100.1"}], "relay.example.org": [{"A": "192.0.2.1"}])");
  CHECK(result_of(got) == "pass");
  CHECK(got.lookups.terms == 10);
}

TEST_CASE("a local policy that cannot be evaluated leaves the published one, with a note") {
  for (const char* policy : {"foo", "include:missing.example.org", "redirect=example.org"}) {
    CAPTURE(policy);
    const auto got = with_local("v=spf1 -all", policy);
    CHECK(result_of(got) == "fail");
    REQUIRE(got.notes.size() == 1);
    CHECK(got.notes[0].starts_with("the local policy was not used: "));
  }
  CHECK(result_of(with_local("v=spf1 -all", "a:slow.example.org", R"("slow.example.org": ["TIMEOUT"])")) ==
        "temperror");
}

TEST_CASE("a best guess is made for domains that exist without a record, and named") {
  const std::string guess = "v=spf1 a/24 mx/24 ptr ?all";
  const std::string zone = R"({"example.com": [{"A": "192.0.2.77"}]})";
  const auto got = with_guess(zone, guess);
  CHECK(result_of(got) == "pass");
  CHECK(got.policy == PolicySource::best_guess);
  CHECK(got.reason == "192.0.2.1 is allowed by 'a/24' of the best-guess policy for example.com");
  CHECK(result_of(with_guess(zone, "")) == "none");
  CHECK(result_of(with_guess("{}", guess)) == "none");
  CHECK(result_of(with_guess(R"({"example.com": [{"TXT": "v=spf1 -all"}]})", guess)) == "fail");
  CHECK(result_of(with_guess(R"({"example.com": [{"TXT": "v=spf1 foo"}]})", guess)) == "permerror");
}

TEST_CASE("a best guess without answer leaves none, with a note") {
  const auto got = with_guess(R"({"example.com": [{"A": "198.51.100.1"}]})", "v=spf1 include:missing.example.org");
  CHECK(result_of(got) == "none");
  CHECK(got.policy == PolicySource::published);
  REQUIRE(got.notes.size() == 1);
}

TEST_CASE("options are refused with the term that is wrong") {
  CHECK(validate({}).has_value());
  CHECK(validate({.local_policy = "a:relay.example.org", .best_guess = "v=spf1 a/24 ?all"}).has_value());
  const auto local = validate({.local_policy = "a:relay"});
  REQUIRE_FALSE(local.has_value());
  CHECK(local.error().message.starts_with("local policy: 'a:relay'"));
  CHECK_FALSE(validate({.best_guess = "a/24"}).has_value());
  CHECK_FALSE(validate({.best_guess = "v=spf1 foo"}).has_value());
}
