#include <catch2/catch.hpp>
#include <limits>

#include "tests/assess/findings/tls_world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using test::TlsWorld;
using Trust = model::ReportTrust;
using Type = model::TlsPolicyType;

namespace {

// Two reporters for whom half of the sessions failed on the last two days.
TlsWorld half_failing(const std::string& type, const std::string& host) {
  TlsWorld world;
  for (int day = 9; day <= 10; ++day)
    for (const char* reporter : {"alpha", "beta"})
      world.day(reporter, day, {.successful = 50, .failed = 50}).failure(reporter, day, {type, host, 50});
  return world;
}

}  // namespace

TEST_CASE("the owner is told to change his own mail hosts alone") {
  auto world = half_failing("certificate-expired", "mx.evil.example");
  world.mx("10 mx1.example.org.\n20 mx2.example.org.");
  auto finding = world.only(10);
  CHECK(model::english(finding.action).find("Renew") == std::string::npos);
  CHECK(model::english(finding.action).find("Find out why mail to example.org went to mx.evil.example") == 0);
  CHECK(finding.severity < model::Severity::fix);

  world.failure("alpha", 10, {"certificate-expired", "mx1.example.org", 1});
  CHECK(model::english(world.only(10).action) == "Renew the certificate of mx1.example.org");

  auto outside = half_failing("validation-failure", "mx.evil.example");
  outside.mx("10 mx1.example.org.").seen(10, {"version: STSv1", "mode: enforce", "mx: mx1.example.org"});
  CHECK(model::english(outside.only(10).action).find("Add mx.evil.example") == std::string::npos);
}

TEST_CASE("where the mail hosts are not known the action is for him whose host it is") {
  CHECK(model::english(half_failing("certificate-expired", "mx1.example.org").only(10).action) ==
        "If mx1.example.org is a mail host of yours: Renew the certificate of mx1.example.org");
}

TEST_CASE("a lone sender is blamed for sure by proven reports of others alone") {
  const auto world = [](Trust of_others) {
    TlsWorld made;
    made.mx("10 mx1.example.org.");
    made.day("gamma", 10, {.successful = 0, .failed = 40})
        .failure("gamma", 10, {"certificate-expired", "mx1.example.org", 40});
    for (const char* other : {"alpha", "beta"}) made.day(other, 10, {.successful = 50, .trust = of_others});
    return made.only(10);
  };
  CHECK(world(Trust::authenticated).severity == model::Severity::info);
  CHECK(model::english(world(Trust::authenticated).action) ==
        "Nothing to do: the fault is at gamma; TLS works for all others");
  for (const auto trust : {Trust::unchecked, Trust::indeterminate, Trust::unauthenticated}) {
    const auto finding = world(trust);
    CHECK(finding.severity == model::Severity::fix);
    CHECK(model::english(finding.action).find("Renew the certificate of mx1.example.org") != std::string::npos);
    CHECK_FALSE(finding.is_said_once);
  }
}

TEST_CASE("sessions that anybody may have made up do not make a failure small") {
  TlsWorld world;
  world.mx("10 mx1.example.org.");
  for (const char* reporter : {"alpha", "beta"})
    world.day(reporter, 10, {.successful = 50, .failed = 50})
        .failure(reporter, 10, {"certificate-expired", "mx1.example.org", 50});
  world.day("forger", 10, {.successful = 1'000'000, .trust = Trust::unchecked});
  CHECK(world.only(10).severity == model::Severity::fix);
}

TEST_CASE("a failure ends by a report that is as sure as its own") {
  auto world = half_failing("certificate-expired", "mx1.example.org");
  for (const char* reporter : {"alpha", "beta"})
    world.day(reporter, 11, {.successful = 100, .trust = Trust::unchecked});
  CHECK(world.said(11) == "tls_failing");
  for (const char* reporter : {"alpha", "beta"}) world.day(reporter, 11, {.successful = 100});
  CHECK(world.said(11).empty());
}

TEST_CASE("a reporter that fails under another type is not one for whom all is well") {
  TlsWorld world;
  world.mx("10 mx1.example.org.");
  const char* types[] = {"certificate-expired", "certificate-not-trusted", "validation-failure"};
  const char* reporters[] = {"alpha", "beta", "gamma"};
  for (int i = 0; i < 3; ++i)
    world.day(reporters[i], 10, {.successful = 50, .failed = 50})
        .failure(reporters[i], 10, {types[i], "mx1.example.org", 50});
  for (const auto& finding : world.judged(10)) {
    CAPTURE(finding.id);
    CHECK(finding.severity > model::Severity::info);
    CHECK(test::words_of(finding).find("had no such failure") == std::string::npos);
  }
}

TEST_CASE("a lone sender is not at fault while another one fails in another way") {
  TlsWorld world;
  world.mx("10 mx1.example.org.");
  world.day("gamma", 10, {.failed = 40}).failure("gamma", 10, {"certificate-expired", "mx1.example.org", 40});
  for (const char* other : {"alpha", "beta"}) world.day(other, 10, {.successful = 50});
  REQUIRE(world.only(10).severity == model::Severity::info);
  world.day("delta", 9, {.successful = 5, .failed = 5})
      .failure("delta", 9, {"validation-failure", "mx1.example.org", 5});
  CHECK(world.only(10).severity == model::Severity::info);  // not in the same days
  world.day("delta", 10, {.successful = 5, .failed = 5})
      .failure("delta", 10, {"validation-failure", "mx1.example.org", 5});
  for (const auto& finding : world.judged(10)) {
    CAPTURE(finding.id);
    CHECK(finding.subject.reporter.empty());
    CHECK(finding.severity > model::Severity::info);
    CHECK(model::english(finding.action).find("fault") == std::string::npos);
  }
}

TEST_CASE("failures of another type say nothing of how many succeeded where this one fails") {
  TlsWorld world;
  world.mx("10 mx1.example.org.");
  world.day("alpha", 10, {.successful = 50, .failed = 50})
      .failure("alpha", 10, {"certificate-expired", "mx1.example.org", 50});
  world.day("alpha", 9, {.successful = 100, .failed = 10})
      .failure("alpha", 9, {"certificate-expired", "mx1.example.org", 10});
  world.day("beta", 10, {.failed = 40, .tells_successes = false})
      .failure("beta", 10, {"certificate-expired", "mx1.example.org", 4})
      .failure("beta", 10, {"certificate-not-trusted", "mx1.example.org", 36});
  const auto all = world.judged(10);
  const auto expired = std::find_if(
      all.begin(), all.end(), [](const auto& one) { return one.id == "tls_failing/example.org/certificate-expired"; });
  REQUIRE(expired != all.end());
  const auto words = test::words_of(*expired);
  CHECK(words.find("60 of 210 TLS sessions (28.6 %) failed on 2 days from ") == 0);
  CHECK(words.find("\n4 TLS sessions failed on one day") != std::string::npos);

  // On a day that no policy leaves open, and under a policy that the failure cannot come from.
  auto told = half_failing("certificate-expired", "mx1.example.org");
  told.day("alpha", 10, {.failed = 30, .type = Type::no_policy_found, .tells_successes = false});
  told.day("beta", 8, {.failed = 30, .tells_successes = false});
  CHECK(test::words_of(told.only(10)).find("how many succeeded was not reported") == std::string::npos);
}

TEST_CASE("failures of DANE and modes of no RFC have no word on what the MTA-STS mode means") {
  const auto words = [](const std::string& type, const std::string& mode) {
    auto world = half_failing(type, "mx1.example.org");
    world.mx("10 mx1.example.org.").seen(10, {"version: STSv1", "mode: " + mode, "mx: mx1.example.org"});
    return test::words_of(world.only(10));
  };
  for (const char* mode : {"enforce", "testing", "none"}) {
    CAPTURE(mode);
    CHECK(words("certificate-expired", mode).find("the MTA-STS policy says " + std::string(mode)) != std::string::npos);
    for (const char* type : {"tlsa-invalid", "dnssec-invalid", "dane-required"})
      CHECK(words(type, mode).find("MTA-STS policy") == std::string::npos);
  }
  CHECK(words("certificate-expired", "enforced").find("MTA-STS policy says") == std::string::npos);
}

TEST_CASE("what does not prove where it comes from is told as that, whether it was checked or failed") {
  for (const auto trust : {Trust::unchecked, Trust::indeterminate, Trust::unauthenticated}) {
    TlsWorld world;
    world.day("alpha", 10, {.successful = 1, .failed = 1, .trust = trust})
        .failure("alpha", 10, {"certificate-expired", "mx1.example.org", 1, "example.org", trust});
    CHECK(
        test::words_of(world.only(10)).find("all of this comes from reports that do not prove where they come from") !=
        std::string::npos);
    world.day("beta", 10, {.successful = 1, .failed = 1})
        .failure("beta", 10, {"certificate-expired", "mx1.example.org", 1});
    CHECK(test::words_of(world.only(10)).find("1 of these 2 failed sessions is in reports that do not prove") !=
          std::string::npos);
  }
}

TEST_CASE("one and several of sessions, days, hosts and reporters are told in the right number") {
  TlsWorld one;
  one.day("alpha", 10, {.failed = 1}).failure("alpha", 10, {"certificate-expired", "mx1.example.org", 1});
  one.day("beta", 10, {.successful = 1, .type = Type::no_policy_found});
  CHECK(test::words_of(one.only(10)).find("1 of 1 TLS session (100.0 %) failed on one day, ") == 0);
  one.day("beta", 10, {.successful = 1});
  INFO(test::words_of(one.only(10)));
  CHECK(test::words_of(one.only(10)).find("1 of 2 TLS sessions (50.0 %) failed on one day, ") == 0);
  CHECK(test::words_of(one.only(10)).find("1 other reporter had no such failure in 1 session\n") != std::string::npos);

  TlsWorld alone;
  alone.day("alpha", 10, {.failed = 1, .tells_successes = false})
      .failure("alpha", 10, {"certificate-expired", "mx1.example.org", 1});
  alone.day("beta", 10, {.successful = 1});
  CHECK(test::words_of(alone.only(10)).find("1 TLS session failed on one day, ") == 0);
  CHECK(test::words_of(alone.only(10)).find(" to ") == std::string::npos);
  CHECK(test::words_of(alone.only(10)).find("had no such failure in 1 session\n") != std::string::npos);

  const auto action = [](const std::string& type, bool is_mx_known) {
    auto world = half_failing(type, "mx1.example.org");
    world.failure("beta", 10, {type, "mx2.example.org", 1});
    if (is_mx_known) world.mx("10 mx1.example.org.\n10 mx2.example.org.");
    return model::english(world.only(10).action);
  };
  CHECK(action("certificate-expired", false) ==
        "If mx1.example.org and mx2.example.org are mail hosts of yours: Renew the certificates of mx1.example.org and "
        "mx2.example.org");
  CHECK(action("certificate-host-mismatch", true) ==
        "Install at each of mx1.example.org and mx2.example.org a certificate that has the name of that host");
  CHECK(action("tlsa-invalid", true).ends_with("match their certificates"));
  CHECK(action("starttls-not-supported", true).starts_with("Make mx1.example.org and mx2.example.org offer STARTTLS"));
  CHECK(action("validation-failure", true).find("what their logs say") != std::string::npos);
  CHECK(action("odd", true) == "Ask beta and alpha what is meant by: odd");
  CHECK(action("", true) == "Ask beta and alpha what failed: their reports do not say");
}

TEST_CASE("of many reporters some are named in a sentence, and the others counted") {
  const auto asked = [](int reporters) {
    TlsWorld world;
    for (int i = 0; i < reporters; ++i) {
      const auto name = "r" + std::to_string(i);
      world.day(name, 10, {.failed = 40 - i}).failure(name, 10, {"odd", "mx1.example.org", 40 - i});
    }
    return model::english(world.only(10).action);
  };
  CHECK(asked(1) == "Ask r0 what is meant by: odd");
  CHECK(asked(3) == "Ask r0, r1 and r2 what is meant by: odd");
  CHECK(asked(4) == "Ask r0, r1, r2 and r3 what is meant by: odd");
  CHECK(asked(5) == "Ask r0, r1, r2 and 2 others what is meant by: odd");
}

TEST_CASE("many reporters that fall silent are one finding, since the first of them did") {
  TlsWorld world;
  for (int day = 1; day <= 24; ++day) {
    world.report("alpha", day, 100);
    for (int i = 0; i < 11; ++i)
      if (day <= 13 + i % 3) world.report("sender-" + std::to_string(i), day, 100);
  }
  const auto finding = world.only(24);
  CHECK(finding.id == "tls_reporter_silent/example.org/several");
  CHECK(finding.since == test::epoch_day + 14);
  CHECK(test::words_of(finding).find("11 reporters sent TLS reports regularly, and send none any more") == 0);
}

TEST_CASE("silences on domains that nobody names are some findings and a sum, since the first of these") {
  const auto sum = [](int domains) {
    TlsWorld world;
    for (int i = 0; i < domains; ++i) {
      const auto domain = "d" + std::to_string(100 + i) + ".example";
      const int silent_since = i == 26 ? 15 : 18;
      for (int day = 1; day <= 24; ++day) {
        world.report("alpha", day, 100, domain);
        if (day < silent_since) world.report("beta", day, 100, domain);
      }
    }
    const auto all = world.judged(24);
    REQUIRE(all.size() == 26);
    const auto found =
        std::find_if(all.begin(), all.end(), [](const auto& one) { return one.id == "tls_reporter_silent"; });
    REQUIRE(found != all.end());
    return *found;
  };
  CHECK(test::words_of(sum(26)) == "senders of TLS reports fell silent in 1 more case\n");
  CHECK(test::words_of(sum(28)) == "senders of TLS reports fell silent in 3 more cases\n");
  CHECK(sum(28).since == test::epoch_day + 15);
}

TEST_CASE("a domain that ends as the owner's own one, and is not below it, is a stranger's") {
  TlsWorld world;
  for (const char* domain : {"example.org", "mail.example.org", "notexample.org"})
    world.day("alpha", 10, {.failed = 90, .domain = domain})
        .failure("alpha", 10, {"certificate-expired", "mx1.example.org", 90, domain});
  world.owns("example.org");
  REQUIRE(world.judged(10).size() == 2);
  for (const auto& finding : world.judged(10)) CHECK(finding.domain != "notexample.org");
}

TEST_CASE("two policies that are seen on one day are no change; another one since a day is") {
  const std::vector<std::string> one = {"version: STSv1", "mode: testing", "mx: mx1.example.org"};
  const std::vector<std::string> other = {"version: STSv1", "mode: enforce", "mx: mx1.example.org"};
  auto world = half_failing("validation-failure", "mx1.example.org");
  for (int day = 8; day <= 10; ++day) world.seen(day, one).seen(day, other);
  const auto words = test::words_of(world.only(10));
  CHECK(words.find("changed on") == std::string::npos);
  CHECK(words.find("says enforce") != std::string::npos);
  auto changed = half_failing("validation-failure", "mx1.example.org");
  changed.seen(8, one).seen(9, other).seen(10, other);
  CHECK(test::words_of(changed.only(10)).find("changed on") != std::string::npos);
}

TEST_CASE("a policy in testing mode that anybody may have made up does not make a failure less") {
  const std::vector<std::string> enforced = {"version: STSv1", "mode: enforce", "mx: mx1.example.org"};
  const std::vector<std::string> tested = {"version: STSv1", "mode: testing", "mx: mx1.example.org"};
  auto world = half_failing("certificate-expired", "mx1.example.org");
  world.mx("10 mx1.example.org.").seen(9, enforced).seen(10, tested, Trust::unchecked);
  CHECK(world.only(10).severity == model::Severity::fix);
  world.seen(10, tested);
  CHECK(world.only(10).severity == model::Severity::ask);
}

TEST_CASE("single sessions of very many that fail on every day are watched, but for certificates") {
  const auto severity = [](const std::string& type, std::int64_t successful) {
    TlsWorld world;
    world.mx("10 mx1.example.org.").seen(1, {"version: STSv1", "mode: enforce", "mx: mx1.example.org"});
    for (int day = 1; day <= 10; ++day)
      for (const char* reporter : {"alpha", "beta"})
        world.day(reporter, day, {.successful = successful, .failed = 1})
            .failure(reporter, day, {type, "mx1.example.org", 1});
    return world.only(10).severity;
  };
  CHECK(severity("starttls-not-supported", 1'000) == model::Severity::watch);
  CHECK(severity("starttls-not-supported", 100) == model::Severity::ask);
  CHECK(severity("certificate-expired", 1'000) == model::Severity::ask);
  // What no session breaks by chance.
  CHECK(severity("sts-policy-invalid", 1'000) == model::Severity::ask);
  CHECK(severity("sts-webpki-invalid", 1'000) == model::Severity::ask);
}

TEST_CASE("failures that anybody may have made up are not measured by the sessions of proved reports alone") {
  TlsWorld world;
  world.mx("10 mx1.example.org.");
  world.day("alpha", 10, {.successful = 999, .failed = 1})
      .failure("alpha", 10, {"certificate-expired", "mx1.example.org", 1});
  world.day("forger", 10, {.successful = 99'900, .failed = 100, .trust = Trust::unchecked})
      .failure("forger", 10, {"certificate-expired", "mx1.example.org", 100, "example.org", Trust::unchecked});
  CHECK(world.only(10).severity == model::Severity::watch);
}

TEST_CASE("where no report says how many succeeded no share is told") {
  TlsWorld world;
  for (const char* reporter : {"alpha", "beta"})
    world.day(reporter, 10, {.failed = 5, .tells_successes = false})
        .failure(reporter, 10, {"certificate-expired", "mx1.example.org", 5});
  const auto finding = world.only(10);
  CHECK(test::words_of(finding).find('%') == std::string::npos);
  CHECK(test::words_of(finding).find("how many succeeded was not reported") != std::string::npos);
  CHECK(finding.severity < model::Severity::fix);
}

TEST_CASE("result types that no RFC has are one finding, and one that is empty is told as such") {
  TlsWorld world;
  world.day("alpha", 10, {.successful = 1000, .failed = 3000});
  world.failure("alpha", 10, {"", "mx1.example.org", 1});
  CHECK(model::english(world.only(10).action) == "Ask alpha what failed: the report does not say");
  for (int i = 0; i < 3000; ++i) world.failure("alpha", 10, {"odd-" + std::to_string(i), "mx1.example.org", 1});
  const auto finding = world.only(10);
  CHECK(finding.id == "tls_failing/example.org/unknown");
  CHECK(model::english(finding.action).size() < 500);
  CHECK(test::words_of(finding).size() < 2000);
}

TEST_CASE("a million domains in one report are some findings and a sum, the owner's own ones among them") {
  TlsWorld world;
  for (int i = 0; i < 5000; ++i) {
    const auto domain = "d" + std::to_string(i) + ".example";
    world.day("alpha", 10, {.successful = 0, .failed = 90, .domain = domain});
    world.failure("alpha", 10, {"certificate-expired", "mx1.example.org", 90, domain});
  }
  const auto all = world.judged(10);
  CHECK(all.size() < 40);
  CHECK(std::any_of(all.begin(), all.end(), [](const auto& one) {
    return one.id == "tls_failing" && test::words_of(one).find("4,975 more domains") != std::string::npos;
  }));
  world.owns("d4999.example").owns("d4998.example");
  REQUIRE(world.judged(10).size() == 2);
  CHECK(world.judged(10)[0].domain.starts_with("d499"));
}

TEST_CASE("a finding is called by the reporter, however the reporter writes its name") {
  TlsWorld world;
  world.mx("10 mx1.example.org.").called("gamma", "Gamma  <b>Inc</b>");
  world.day("gamma", 10, {.failed = 4}).failure("gamma", 10, {"certificate-expired", "mx1.example.org", 4});
  for (const char* other : {"alpha", "beta"}) world.day(other, 10, {.successful = 50});
  CHECK(world.only(10).id == "tls_failing/example.org/certificate-expired/gamma");
  CHECK(world.only(10).subject.reporter == "Gamma  <b>Inc</b>");
}

TEST_CASE("sums of what strangers claim stay numbers") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  TlsWorld world;
  for (const char* reporter : {"alpha", "beta", "gamma"})
    world.day(reporter, 10, {.successful = most, .failed = most})
        .failure(reporter, 10, {"certificate-expired", "mx1.example.org", most});
  for (const auto& sentence : world.only(10).evidence)
    CHECK(model::english(sentence).find('-' + std::string("9")) == std::string::npos);
}

TEST_CASE("a reporter with one session a day is missed as soon as seven would have been told of") {
  TlsWorld world;
  for (int day = 1; day <= 20; ++day) {
    world.report("alpha", day, 100);
    if (day <= 13) world.report("beta", day, day % 3 == 0 ? 2 : 1);  // 17 sessions in 13 days
  }
  CHECK(world.said(18).empty());  // five days: 6.5 sessions
  CHECK(world.said(19) == "tls_reporter_silent");
}

TEST_CASE("TLS reports that were ingested once are no reporter that fell silent") {
  TlsWorld world;
  for (int day = 1; day <= 14; ++day) world.report("alpha", day, 100);
  CHECK(world.said(20) == "tls_reporter_silent");
  CHECK(world.taken_in_at_once(15).said(20).empty());
}
