#include "report/figures.hpp"

#include <catch2/catch.hpp>

#include "report/text_layout.hpp"
#include "tests/report/planted_facts.hpp"

using namespace ruaudit::report;
using namespace ruaudit::model;

TEST_CASE("failures are split by what failed and why") {
  const auto figures = figures_of(planted::main_domain());
  CHECK(figures.messages == 107'220);
  CHECK(figures.passed == 92'500);
  CHECK(figures.dkim_aligned == 92'500);
  CHECK(figures.spf_aligned == 90'000);
  CHECK(figures.failing() == 14'720);
  CHECK(figures.failing_dkim == FailureSplit{8'200, 420, 6'100});
  CHECK(figures.failing_spf == FailureSplit{8'620, 6'100, 0});
  CHECK(figures.failing_authenticated == 8'620);
  CHECK(figures.failing_unauthenticated == 6'100);
  CHECK(figures.failing_overridden == 420);
  CHECK(figures.contradicting_messages == 2'500);
}

TEST_CASE("the sums of all domains are the sums of each") {
  const auto facts = planted::month();
  const auto all = figures_of(facts);
  CHECK(all.messages == figures_of(facts.domains[0]).messages + figures_of(facts.domains[1]).messages);
  CHECK(all.none + all.quarantined + all.rejected + all.disposition_pass + all.disposition_unknown == all.messages);
  const auto& split = all.failing_dkim;
  CHECK(split.not_aligned + split.failed + split.absent == all.failing());
}

TEST_CASE("an unknown evaluated result is no pass") {
  DomainFacts domain;
  domain.totals = {planted::total(Disposition::unknown, AlignedResult::unknown, AlignedResult::unknown,
                                  AuthOutcome::passed, AuthOutcome::passed, 5)};
  CHECK(figures_of(domain).passed == 0);
  CHECK(figures_of(domain).disposition_unknown == 5);
}

TEST_CASE("days without reports are those of the period up to yesterday") {
  const auto facts = planted::month();
  auto context = planted::context();
  CHECK(days_without_reports(facts.domains[0], facts, context) == std::vector<std::string>{"2024-02-11", "2024-02-12"});
  CHECK(days_without_reports(facts.domains[1], facts, context).empty());
  context.now = planted::at("2024-02-12") + 60;  // the 12th itself is not over
  CHECK(days_without_reports(facts.domains[0], facts, context) == std::vector<std::string>{"2024-02-11"});
  context = planted::context();
  context.period = {{}, "", "", "UTC", "all days"};
  CHECK(days_without_reports(facts.domains[0], facts, context).size() == 2);
}

TEST_CASE("reporters that write the same policy differently saw one policy") {
  auto written = planted::quiet_domain().policies[1];
  auto short_form = written;
  written.sp = Policy::reject;
  written.pct = 100;
  written.reports = 30;
  const auto merged = policy_changes({short_form, written});
  REQUIRE(merged.size() == 1);
  CHECK(merged[0].reports == 50);
  CHECK(merged[0].sp == Policy::reject);
  CHECK(policy_changes(planted::quiet_domain().policies).back().p == Policy::reject);
}

TEST_CASE("a percentage is cut, so that only all is 100 percent") {
  CHECK(percent_text(9'999, 10'000) == "99.9%");
  CHECK(percent_text(10'000, 10'000) == "100.0%");
  CHECK(percent_text(0, 10) == "0.0%");
  CHECK(percent_text(0, 0) == "-");
  CHECK(percent_text(1'000'000'000'000'000'000, 1'000'000'000'000'000'000) == "100.0%");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(grouped(123) == "123");
  CHECK(grouped(-1'234) == "-1,234");
}
