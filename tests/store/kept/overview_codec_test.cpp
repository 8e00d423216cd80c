// Octets of findings and overviews come back as they were, or not at all.
#include "store/kept/overview_codec.hpp"

#include <catch2/catch.hpp>

namespace ruaudit::store::test {
namespace {

using namespace model;

Finding finding() {
  return {.id = "dkim_broken/example.com/shop",
          .kind = FindingKind::dkim_broken,
          .severity = Severity::fix,
          .domain = "example.com",
          .subject = {.service = "shop",
                      .sources = {"192.0.2.1", "2001:db8::1"},
                      .selector = "s1",
                      .mechanism = "dkim",
                      .reporter = "Reporter Inc."},
          .messages = 12,
          .since = 19'000,
          .evidence = {say("{} sent {} since {}, {}", "shop", 12, DayOf{19'000}, ShareOf{1, 3}),
                       say("because {}", say("of {}", "it"))},
          .action = say("publish the key"),
          .cause = FindingCause{CauseRecord::dkim, "s1._domainkey.example.com", RecordChange::removed},
          .is_said_once = true};
}

Overview overview() {
  const MailShare share{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  DomainOverview domain{.domain = "xn--bcher-kva.example",
                        .unicode =
                            "b\xC3\xBC"
                            "cher.example",
                        .reports = 3};
  domain.own = domain.passed_on = domain.unknown_steady = domain.strangers = share;
  domain.gate = {.state = GateState::blocked,
                 .now = {.name = "_dmarc.example.com",
                         .record = "v=DMARC1; p=none",
                         .inherited_from = "_dmarc.example.org",
                         .is_missing = true,
                         .is_usable = false,
                         .p = Policy::reject,
                         .np = Policy::none,
                         .aspf = AlignmentMode::s,
                         .is_testing = true,
                         .since = 18'000},
                 .basis = {.first_day = 1, .last_day = 2, .days = 3, .own = share, .risk_high = 9},
                 .blocks = {{"finding", say("so"), say("that"), 4, "id", 1}},
                 .notes = {say("beside")},
                 .steps = {{19'100, "v=DMARC1; p=quarantine", "p=quarantine", say("next")}},
                 .sides = {{"np", true, say("too"), "np=reject"}},
                 .snoozed = {{"id", 3, 1'800'000'000}, {"other", 4, std::nullopt}},
                 .sentence = say("stay")};
  domain.trust = {1, 2, 3, 4, 5, 6, 7, {"ask"}};
  domain.receivers = {{"Gmail", 5, 4, 19'001, true, {{"SPF and DKIM pass", 3, 2, {"550 5.7.26"}}}},
                      {.receiver = "Yahoo", .messages = 1}};
  return {.made_at = 1'700'000'000,
          .label = "last 30 days",
          .first_day = 18'900,
          .last_day = 19'000,
          .reports = 3,
          .reporters = 2,
          .domains = {domain, {}},
          .findings = {{1, finding(), true}},
          .to_come = ReportsToCome{19'000, {"Reporter Inc."}, 20},
          .mailboxes = {{"inbox", 1, 2, 3, 4, "refused"}, {.name = "other", .last_success = {}, .error = {}}}};
}

TEST_CASE("kept: findings and overviews come back equal") {
  const std::vector<Finding> findings = {finding(), {}};
  CHECK(unpacked_findings(packed(findings)) == findings);
  CHECK(unpacked_findings(packed(std::vector<Finding>{})) == std::vector<Finding>{});
  CHECK(unpacked_overview(packed(overview())) == overview());
  CHECK(unpacked_overview(packed(Overview{})) == Overview{});
}

TEST_CASE("kept: octets cut anywhere, or with more behind them, are none") {
  const std::string whole = packed(overview());
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(unpacked_overview(whole.substr(0, size)));
  CHECK_FALSE(unpacked_overview(whole + '\0'));
  CHECK_FALSE(unpacked_findings(std::string(8, '\xFF')));
}

TEST_CASE("kept: sentences nested without an end are refused") {
  Sentence nested = say("end");
  for (int i = 0; i < 1000; ++i) nested = say("{}", nested);
  Finding deep = finding();
  deep.action = nested;
  CHECK_FALSE(unpacked_findings(packed(std::vector<Finding>{deep})));
}

}  // namespace
}  // namespace ruaudit::store::test
