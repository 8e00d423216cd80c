#include "report/advice.hpp"

#include <catch2/catch.hpp>

#include "tests/report/planted_facts.hpp"

using namespace ruaudit::report;
using namespace ruaudit::model;
using Catch::Contains;

namespace {

SourceFacts failing(std::vector<MessageCount> dkim, std::vector<MessageCount> spf, std::vector<MessageCount> broken,
                    std::vector<MessageCount> overrides, std::vector<MessageCount> arc = {}) {
  auto source = planted::source("192.0.2.1", 100, 0);
  source.details.dkim_domains = std::move(dkim);
  source.details.spf_domains = std::move(spf);
  source.details.failed_dkim_domains = std::move(broken);
  source.details.overrides = std::move(overrides);
  source.details.arc_domains = std::move(arc);
  return source;
}

}  // namespace

TEST_CASE("what a failing source is follows from what authenticated") {
  const struct {
    const char* rule;
    SourceFacts source;
    SourceKind want;
  } cases[] = {
      {"a service signs as itself", failing({{"mailer.net", 9}}, {}, {}, {}), SourceKind::service},
      {"a service has only its own SPF", failing({}, {{"bounce.mailer.net", 9}}, {}, {}), SourceKind::service},
      {"nothing authenticates", failing({}, {}, {}, {}), SourceKind::unknown},
      {"a stranger's broken signature is nobody", failing({}, {}, {{"other.net", 9}}, {}), SourceKind::unknown},
      {"reporters call it a list", failing({{"list.net", 9}}, {}, {}, {{"mailing_list", 9}}), SourceKind::forwarder},
      {"an ARC chain passes", failing({}, {}, {}, {{"local_policy", 9}}, {{"google.com", 9}}), SourceKind::forwarder},
      {"your signature inside a stranger's envelope", failing({}, {{"fwd.net", 9}}, {{"example.com", 9}}, {}),
       SourceKind::forwarder},
      {"your signature fails where nothing else authenticates", failing({}, {}, {{"example.com", 9}}, {}),
       SourceKind::misconfigured},
      {"a subdomain of yours passes, strict alignment", failing({{"mail.example.com", 9}}, {}, {}, {}),
       SourceKind::misconfigured},
      {"a similar name is a stranger", failing({{"badexample.com", 9}}, {}, {}, {}), SourceKind::service},
      {"a passing result without a domain tells nothing", failing({{"", 9}}, {}, {}, {}), SourceKind::unknown},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rule);
    CHECK(text_of(kind_of(c.source, "example.com")) == text_of(c.want));
  }
}

TEST_CASE("the owner is told about the service that is not aligned") {
  const auto domain = planted::main_domain();
  const auto advice = advise(domain, figures_of(domain), 2);
  REQUIRE(advice.size() == 2);
  CHECK_THAT(advice[0], Contains("mailer.example.net") && Contains("d=example.com"));
  CHECK_THAT(advice[1], Contains("authenticate as nobody") && Contains("ruaudit summary"));
}

TEST_CASE("a domain where all is well has nothing to do") {
  const auto domain = planted::quiet_domain();
  CHECK(advise(domain, figures_of(domain), 0) == std::vector<std::string>{"Nothing stands out."});
}

TEST_CASE("advice never speaks of the next policy: only the gate knows whose the failing mail is") {
  auto domain = planted::main_domain();
  domain.totals = {domain.totals[0], domain.totals[3]};  // own mail passes, the rest authenticates as nobody
  domain.failing_top = {domain.failing_top[1]};
  for (const auto& text : advise(domain, figures_of(domain), 0)) CHECK(text.find("p=") == std::string::npos);
}

TEST_CASE("silence is told") {
  DomainFacts domain;
  domain.domain = "example.com";
  CHECK_THAT(advise(domain, {}, 7).at(0), Contains("No report in this period"));
  auto reported = planted::quiet_domain();
  reported.report_days.resize(10);
  CHECK_THAT(advise(reported, figures_of(reported), 19).back(), Contains("19 days without any report"));
}

TEST_CASE("names of strangers in advice are harmless") {
  auto domain = planted::main_domain();
  domain.failing_top[0].details.dkim_domains = {{"evil\x1b[2J.net", 8'200}};
  const auto advice = advise(domain, figures_of(domain), 0);
  CHECK(advice.at(0).find('\x1b') == std::string::npos);
}
