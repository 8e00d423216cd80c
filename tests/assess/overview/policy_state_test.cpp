#include <catch2/catch.hpp>

#include <algorithm>

#include "assess/overview/policy_state.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using model::DnsRecordStatus;

namespace {

constexpr std::int64_t day_seconds = 86'400;

model::DnsRecordState state(std::int32_t day, const std::string& text, DnsRecordStatus status = DnsRecordStatus::ok) {
  return {.domain = "example.org",
          .type = model::DnsRecordType::dmarc,
          .name = "_dmarc.example.org",
          .status = status,
          .text = text,
          .target = {},
          .fault = {},
          .first_seen = (day + 1) * day_seconds + 10'800,
          .last_seen = (day + 5) * day_seconds};
}

// The state of a name that the walk from a.news.example.org asks.
model::DnsRecordState walked(const std::string& name, const std::string& text) {
  auto state_there = state(1, text, text.empty() ? DnsRecordStatus::none : DnsRecordStatus::ok);
  state_there.name = name;
  state_there.type = name == "_dmarc.a.news.example.org" ? model::DnsRecordType::dmarc : model::DnsRecordType::psd;
  return state_there;
}

model::PolicyFacts seen(model::Policy p, const char* first, const char* last, std::int64_t reports = 10) {
  model::PolicyFacts facts;
  facts.p = p;
  facts.first_day = first;
  facts.last_day = last;
  facts.reports = reports;
  return facts;
}

}  // namespace

TEST_CASE("a policy is as old as the change that DNS showed") {
  const auto policy = policy_state(
      "example.org", {state(20'000, "v=DMARC1; p=none"), state(20'010, "v=DMARC1; p=reject; sp=none")}, {});
  CHECK(policy.p == model::Policy::reject);
  CHECK(policy.sp == model::Policy::none);
  CHECK(policy.since == 20'010);
}

TEST_CASE("another tag changed is the same policy still, and the record before the first look is dated by reports") {
  const auto policy = policy_state(
      "example.org", {state(20'000, "v=DMARC1; p=none"), state(20'010, "v=DMARC1; p=none; rua=mailto:a@b.example")},
      {seen(model::Policy::none, "2024-01-01", "2024-12-01")});
  CHECK(policy.since == 19'723);
}

TEST_CASE("weeks of t=y are not weeks of the policy, in DNS and in reports") {
  CHECK(policy_state("example.org",
                     {state(20'000, "v=DMARC1; p=none"), state(20'010, "v=DMARC1; p=quarantine; t=y"),
                      state(20'040, "v=DMARC1; p=quarantine")},
                     {})
            .since == 20'040);
  auto tested = seen(model::Policy::quarantine, "2024-01-01", "2024-02-09");
  tested.testing = true;
  const auto policy =
      policy_state("example.org", {}, {tested, seen(model::Policy::quarantine, "2024-02-10", "2024-03-01")});
  CHECK(policy.since == 19'763);
}

TEST_CASE("a policy that DNS shows and no report saw yet is as old as the last report of another") {
  const auto records = std::vector{state(20'000, "v=DMARC1; p=quarantine")};
  CHECK(policy_state("example.org", records, {seen(model::Policy::none, "2024-01-01", "2024-10-03")}).since == 20'000);
  CHECK_FALSE(policy_state("example.org", records, {}).since);
}

TEST_CASE("without DNS the latest that reporters saw counts, since the last day on which they saw another") {
  const auto policy = policy_state("example.org", {},
                                   {seen(model::Policy::none, "2024-01-01", "2024-01-10"),
                                    seen(model::Policy::quarantine, "2024-01-09", "2024-02-01"),
                                    seen(model::Policy::reject, "2024-01-20", "2024-01-20", 1)});
  CHECK(policy.p == model::Policy::quarantine);
  CHECK(policy.since == 19'733);
  CHECK(policy.record.empty());
}

TEST_CASE("a record that is gone or is none any more is told, and has no policy") {
  const auto top = walked("_dmarc.org", "");
  const auto gone =
      policy_state("example.org", {state(1, "v=DMARC1; p=none"), state(9, "", DnsRecordStatus::none), top}, {});
  CHECK(gone.is_missing);
  CHECK_FALSE(gone.p);
  const auto broken = policy_state("example.org", {state(1, "v=DMARC1 p=none", DnsRecordStatus::broken)}, {});
  CHECK_FALSE(broken.is_usable);
  CHECK_FALSE(broken.is_missing);
  const auto misspelt = policy_state("example.org", {state(1, "v=DMRC1; p=reject", DnsRecordStatus::broken)}, {});
  CHECK_FALSE(misspelt.is_missing);
  // The SPF record of a wildcard.
  CHECK(policy_state("example.org", {state(1, "v=spf1 -all", DnsRecordStatus::broken), top}, {}).is_missing);
}

// RFC 9989 sections 4.10.1 and 4.10.2
TEST_CASE("without a record of its own a name has that of its Organizational Domain, sp before p") {
  const auto above = walked;
  const auto of = [](std::vector<model::DnsRecordState> records) {
    for (const char* name :
         {"_dmarc.a.news.example.org", "_dmarc.news.example.org", "_dmarc.example.org", "_dmarc.org"})
      if (std::none_of(records.begin(), records.end(), [name](const auto& one) { return one.name == name; }))
        records.push_back(walked(name, ""));
    return policy_state("a.news.example.org", records, {});
  };
  auto policy = of({above("_dmarc.example.org", "v=DMARC1; p=reject; sp=quarantine; t=y")});
  CHECK(policy.p == model::Policy::quarantine);
  CHECK(policy.inherited_from == "_dmarc.example.org");
  CHECK_FALSE(policy.is_missing);
  CHECK(policy.is_testing);
  CHECK(policy.record.empty());
  // The record with the fewest labels, unless psd=n says otherwise.
  policy =
      of({above("_dmarc.news.example.org", "v=DMARC1; p=none"), above("_dmarc.example.org", "v=DMARC1; p=reject")});
  CHECK(policy.p == model::Policy::reject);
  policy = of(
      {above("_dmarc.news.example.org", "v=DMARC1; p=none; psd=n"), above("_dmarc.example.org", "v=DMARC1; p=reject")});
  CHECK(policy.p == model::Policy::none);
  // A public suffix is the last resort only.
  policy = of({above("_dmarc.example.org", "v=DMARC1; p=reject"), above("_dmarc.org", "v=DMARC1; p=none; psd=y")});
  CHECK(policy.p == model::Policy::reject);
  CHECK(of({above("_dmarc.org", "v=DMARC1; p=quarantine; psd=y")}).p == model::Policy::quarantine);
  CHECK(of({}).is_missing);
}

// RFC 9989 section 4.10: a walk that DNS did not answer has no result.
TEST_CASE("where DNS did not answer for a name of the walk the policy is not known, and no record is missing") {
  const auto own = walked("_dmarc.a.news.example.org", ""), news = walked("_dmarc.news.example.org", ""),
             top = walked("_dmarc.org", ""), org = walked("_dmarc.example.org", "v=DMARC1; p=reject");
  for (const auto& [what, records] :
       {std::pair("the Organizational Domain", std::vector{own, news, top}),
        std::pair("a name between", std::vector{own, org, top}), std::pair("the top", std::vector{own, news, org}),
        std::pair("all of them", std::vector{own}), std::pair("its own", std::vector{news, org, top})}) {
    CAPTURE(what);
    const auto policy = policy_state("a.news.example.org", records, {});
    CHECK_FALSE(policy.p);
    CHECK_FALSE(policy.is_missing);
    CHECK(policy.is_usable);
    CHECK(policy.inherited_from.empty());
    CHECK_FALSE(policy.since);
  }
  // psd=n ends the walk: what lies above is not asked.
  const auto end = walked("_dmarc.news.example.org", "v=DMARC1; p=quarantine; psd=n");
  CHECK(policy_state("a.news.example.org", {own, end}, {}).p == model::Policy::quarantine);
}

TEST_CASE("pct=0 of old is a test, in DNS and in reports") {
  CHECK(policy_state("example.org", {state(1, "v=DMARC1; p=reject; PCT=0")}, {}).is_testing);
  CHECK_FALSE(policy_state("example.org", {state(1, "v=DMARC1; p=reject; pct=20")}, {}).is_testing);
  auto tested = seen(model::Policy::quarantine, "2024-01-01", "2024-02-09");
  tested.pct = 0;
  CHECK(policy_state("example.org", {}, {tested}).is_testing);
  CHECK(policy_state("example.org", {}, {tested, seen(model::Policy::quarantine, "2024-02-10", "2024-03-01")}).since ==
        19'763);
}

TEST_CASE("a record of another name says nothing") {
  auto other = state(1, "v=DMARC1; p=reject");
  other.name = "_dmarc.example.net";
  CHECK_FALSE(policy_state("example.org", {other}, {}).p);
}
