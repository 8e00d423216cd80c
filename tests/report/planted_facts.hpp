// Facts of a planted month for two domains: an aligned sender, a mailing service that passes for its own domain only, a
// forwarder, a spoofing wave and a reporter that contradicts itself.
#pragma once
#include "model/calendar.hpp"
#include "model/facts/summary_facts.hpp"
#include "report/summary.hpp"

namespace planted {

using namespace ruaudit::model;

inline std::int64_t at(const char* day) { return *parse_day(day); }

inline ClassTotal total(Disposition disposition, AlignedResult dkim, AlignedResult spf, AuthOutcome dkim_auth,
                        AuthOutcome spf_auth, std::int64_t messages) {
  ClassTotal total;
  total.of.disposition = disposition;
  total.of.dkim = dkim;
  total.of.spf = spf;
  total.of.dkim_auth = dkim_auth;
  total.of.spf_auth = spf_auth;
  total.records = messages / 100 + 1;
  total.messages = messages;
  return total;
}

inline SourceFacts source(const char* address, std::int64_t messages, std::int64_t passed) {
  SourceFacts source;
  source.address = address;
  source.messages = messages;
  source.passed = source.dkim_aligned = passed;
  source.first_seen = at("2024-02-01");
  source.last_seen = at("2024-02-28");
  source.details.rows = 40;
  source.details.is_complete = true;
  source.details.header_froms = {{"example.com", messages}};
  source.details.reporters = {{"google.com", messages - 1}, {"yahoo", 1}};
  return source;
}

inline DomainFacts main_domain() {
  constexpr auto pass = AlignedResult::pass, fail = AlignedResult::fail;
  constexpr auto passed = AuthOutcome::passed, failed = AuthOutcome::failed, absent = AuthOutcome::absent;
  DomainFacts domain;
  domain.domain = "example.com";
  domain.totals = {total(Disposition::none, pass, pass, passed, passed, 90'000),
                   total(Disposition::none, fail, fail, passed, passed, 8'200),
                   total(Disposition::none, pass, fail, passed, failed, 2'500),
                   total(Disposition::none, fail, fail, absent, failed, 6'100),
                   total(Disposition::none, fail, fail, failed, passed, 420)};
  domain.totals[2].of.contradiction = 1;
  domain.totals[4].of.overridden = true;
  domain.reports = 58;
  domain.damaged_reports = 1;
  domain.conflicting_reports = 1;
  for (int day = 1; day <= 29; ++day)
    if (day != 11 && day != 12) domain.report_days.push_back(day_text(at("2024-02-01") + (day - 1) * seconds_per_day));
  domain.edges = {2, 310, 1, 44};
  domain.reporters = {{"google.com", 29, 80'000, "2024-02-29", 0, 0}, {"yahoo", 29, 27'220, "2024-02-29", 26, 2'500}};
  PolicyFacts policy;
  policy.p = Policy::none;
  policy.adkim = policy.aspf = AlignmentMode::r;
  policy.first_day = "2024-02-01";
  policy.last_day = "2024-02-29";
  policy.reports = 58;
  domain.policies = {policy};
  domain.sources = 45;
  domain.failing_sources = 12;
  auto service = source("192.0.2.7", 8'200, 0);
  service.details.dkim_domains = {{"mailer.example.net", 8'200}};
  service.details.spf_domains = {{"bounce.mailer.example.net", 8'200}};
  service.details.envelope_froms = {{"bounce.mailer.example.net", 8'200}};
  auto spoofer = source("2001:db8::bad", 6'100, 0);
  spoofer.details.envelope_froms = {{"", 6'100}};
  auto forwarder = source("198.51.100.20", 520, 100);
  forwarder.details.failed_dkim_domains = {{"example.com", 420}};
  forwarder.details.spf_domains = {{"lists.example.org", 520}};
  forwarder.details.overrides = {{"mailing_list", 420}};
  auto sender = source("203.0.113.5", 90'000, 90'000);
  sender.spf_aligned = 90'000;
  sender.details.dkim_domains = {{"example.com", 90'000}};
  domain.failing_top = {service, spoofer, forwarder};
  domain.top_sources = {sender, service, spoofer, forwarder};
  domain.defects = {{"spf-scope-missing", 29, 812}, {"date-end-before-begin", 1, 1}};
  return domain;
}

inline DomainFacts quiet_domain() {
  DomainFacts domain;
  domain.domain = "example.org";
  domain.totals = {total(Disposition::pass, AlignedResult::pass, AlignedResult::pass, AuthOutcome::passed,
                         AuthOutcome::passed, 1'000)};
  domain.reports = 29;
  for (int day = 0; day < 29; ++day) domain.report_days.push_back(day_text(at("2024-02-01") + day * seconds_per_day));
  domain.reporters = {{"google.com", 29, 1'000, "2024-02-29", 0, 0}};
  PolicyFacts former, current;
  former.p = Policy::quarantine;
  former.first_day = "2024-02-01";
  former.last_day = "2024-02-09";
  former.reports = 9;
  current.p = Policy::reject;
  current.first_day = "2024-02-10";
  current.last_day = "2024-02-29";
  current.reports = 20;
  domain.policies = {former, current};
  domain.sources = 1;
  auto sender = source("203.0.113.5", 1'000, 1'000);
  sender.spf_aligned = 1'000;
  sender.details.dkim_domains = {{"example.org", 1'000}};
  domain.top_sources = {sender};
  return domain;
}

inline SummaryFacts month() {
  SummaryFacts facts;
  facts.period = {at("2024-02-01"), at("2024-03-01")};
  facts.first_day = "2024-02-01";
  facts.last_day = "2024-02-29";
  facts.domains = {main_domain(), quiet_domain()};
  facts.ledger = {{"stored", "", 87}, {"duplicate", "", 3}, {"rejected", "gzip-truncated", 2}};
  return facts;
}

inline ruaudit::report::SummaryContext context() {
  ruaudit::report::SummaryContext context;
  context.period = {
      {at("2024-02-01"), at("2024-03-01")}, "2024-02-01", "2024-02-29", "UTC", "last-month, 2024-02-01 to 2024-02-29"};
  context.now = at("2024-03-01") + 4 * 3600;
  return context;
}

}  // namespace planted
