#include "store/summary/queries.hpp"

#include <catch2/catch.hpp>

#include "store/carrier_check.hpp"
#include "store/summary/selection.hpp"
#include "tests/store/summary/planted_database.hpp"

using namespace ruaudit::store;
using namespace ruaudit::model;
using planted::at;

namespace {

SummaryFacts read(const planted::TestDatabase& database, const SummaryRequest& request) {
  auto facts = read_summary_facts(database.path(), request);
  if (!facts) FAIL(facts.error().message);
  return *facts;
}

const DomainFacts& domain_of(const SummaryFacts& facts, const std::string& name) {
  for (const auto& domain : facts.domains)
    if (domain.domain == name) return domain;
  FAIL("no domain " << name);
  throw 0;
}

std::int64_t messages_of(const DomainFacts& domain) {
  std::int64_t sum = 0;
  for (const auto& total : domain.totals) sum += total.messages;
  return sum;
}

std::int64_t messages(const SummaryFacts& facts, const std::string& name) {
  return messages_of(domain_of(facts, name));
}

SummaryRequest days(const char* first, const char* after_last, std::int64_t offset = 0) {
  SummaryRequest request;
  request.period = {at(first) - offset, at(after_last) - offset};
  return request;
}

}  // namespace

TEST_CASE("all days: totals, sources, reporters, policies and defects of each domain") {
  const planted::TestDatabase database;
  database.write(planted::february());
  const auto facts = read(database, {});
  REQUIRE(facts.domains.size() == 2);
  CHECK(facts.first_day == "2024-02-01");
  CHECK(facts.last_day == "2024-03-01");
  const auto& domain = facts.domains[0];
  CHECK(domain.domain == "example.com");
  CHECK(messages_of(domain) == 150 + 130 + 12 + 100 + 30);
  CHECK(domain.reports == 5);
  CHECK(domain.report_days == std::vector<std::string>{"2024-02-01", "2024-02-02", "2024-02-29", "2024-03-01"});
  REQUIRE(domain.reporters.size() == 3);
  CHECK(domain.reporters[0] == ReporterFacts{"google.com", 2, 280, "2024-02-02", 0, 0});
  CHECK(domain.reporters[1] == ReporterFacts{"yahoo", 2, 112, "2024-02-29", 1, 7});
  REQUIRE(domain.policies.size() == 2);
  CHECK(domain.policies[0].p == Policy::none);
  CHECK(domain.policies[1].first_day == "2024-02-29");
  REQUIRE(domain.defects.size() == 1);
  CHECK(domain.defects[0] == DefectCount{"spf-scope-missing", 5, 5});
  CHECK(domain.edges == EdgeFacts{});
  REQUIRE(facts.ledger.size() == 1);
  CHECK(facts.ledger[0] == LedgerCount{"stored", "", 6});
}

TEST_CASE("a failing source tells who it is") {
  const planted::TestDatabase database;
  database.write(planted::february());
  const auto facts = read(database, {});
  const auto& domain = facts.domains[0];
  CHECK(domain.sources == 4);
  CHECK(domain.failing_sources == 3);
  REQUIRE(domain.failing_top.size() == 3);
  const auto& service = domain.failing_top[0];
  CHECK(service.address == "192.0.2.7");
  CHECK(service.messages == 90);
  CHECK(service.passed == 0);
  CHECK(service.first_seen == at("2024-02-01"));
  CHECK(service.last_seen == at("2024-03-02") - 1);
  CHECK(service.details.is_complete);
  CHECK(service.details.rows == 3);
  CHECK(service.details.dkim_domains == std::vector<MessageCount>{{"mailer.net", 90}});
  CHECK(service.details.reporters == std::vector<MessageCount>{{"google.com", 60}, {"outlook", 30}});
  CHECK(domain.failing_top[1].address == "2001:db8::bad");
  CHECK(domain.failing_top[1].quarantined == 20);
  const auto& list = domain.failing_top[2].details;
  CHECK(list.failed_dkim_domains == std::vector<MessageCount>{{"example.com", 5}});
  CHECK(list.overrides == std::vector<MessageCount>{{"mailing_list", 5}});
  CHECK(list.arc_domains == std::vector<MessageCount>{{"seal.example", 5}});
  CHECK(domain.top_sources[0].address == "203.0.113.5");
}

TEST_CASE("periods add up: each report belongs to the one that holds its midpoint") {
  const planted::TestDatabase database;
  database.write(planted::february());
  const struct {
    const char *first, *after_last;
    std::int64_t messages;
  } cases[] = {{"2024-01-01", "2024-02-01", 0},  {"2024-02-01", "2024-02-02", 162}, {"2024-02-02", "2024-02-03", 130},
               {"2024-02-03", "2024-02-29", 0},  {"2024-02-29", "2024-03-01", 100}, {"2024-02-01", "2024-03-01", 392},
               {"2024-03-01", "2024-04-01", 30}, {"2024-02-02", "2024-03-02", 260}, {"2023-12-15", "2024-03-15", 422}};
  for (const auto& c : cases) {
    CAPTURE(c.first, c.after_last);
    const auto facts = read(database, days(c.first, c.after_last));
    const auto& domain = domain_of(facts, "example.com");
    CHECK(messages_of(domain) == c.messages);
    std::int64_t by_source = 0, by_reporter = 0;
    for (const auto& source : domain.top_sources) by_source += source.messages;
    for (const auto& reporter : domain.reporters) by_reporter += reporter.messages;
    CHECK(by_source == c.messages);
    CHECK(by_reporter == c.messages);
  }
}

TEST_CASE("messages in reports that cross the edges are stated") {
  const planted::TestDatabase database;
  database.write(planted::february());
  const auto first = domain_of(read(database, days("2024-02-01", "2024-02-02")), "example.com").edges;
  CHECK(first == EdgeFacts{1, 12, 0, 0});  // y1 runs into the 2nd
  const auto second = domain_of(read(database, days("2024-02-02", "2024-02-03")), "example.com").edges;
  CHECK(second == EdgeFacts{0, 0, 1, 12});
  const auto month = domain_of(read(database, days("2024-02-01", "2024-03-01")), "example.com").edges;
  CHECK(month == EdgeFacts{1, 100, 0, 0});
}

TEST_CASE("with overlap a report belongs to every period it touches") {
  const planted::TestDatabase database;
  auto reports = planted::february();
  const planted::Row row{"192.0.2.9", 1};
  reports.push_back({"weeks", "w1", "example.net", at("2024-01-20"), at("2024-02-20"), {row}});   // encloses
  reports.push_back({"zero", "z1", "example.net", at("2024-02-10"), at("2024-02-10"), {row}});    // zero length
  reports.push_back({"ends", "e1", "example.net", at("2024-02-08"), at("2024-02-09"), {row}});    // ends at the begin
  reports.push_back({"begins", "b1", "example.net", at("2024-02-11"), at("2024-02-12"), {row}});  // begins at the end
  database.write(reports);
  auto request = days("2024-02-09", "2024-02-11");
  CHECK(messages(read(database, request), "example.net") == 1);  // the zero-length report alone
  request.membership = Membership::overlap;
  CHECK(messages(read(database, request), "example.net") == 2);
  request = days("2024-02-02", "2024-02-03");
  request.membership = Membership::overlap;
  const auto facts = read(database, request);
  CHECK(messages(facts, "example.com") == 130 + 12);
  CHECK(domain_of(facts, "example.com").edges == EdgeFacts{1, 12, 0, 0});
  CHECK(domain_of(facts, "example.com").sources == 3);
}

TEST_CASE("a time zone's days are cut out of UTC days by their reports") {
  const planted::TestDatabase database;
  database.write(planted::february());
  // UTC+14: the local 2nd of February is 2024-02-01 10:00 to 2024-02-02 10:00 UTC, which holds the midpoints of g1 and
  // y1.
  CHECK(messages(read(database, days("2024-02-02", "2024-02-03", 14 * 3600)), "example.com") == 162);
  CHECK(messages(read(database, days("2024-02-03", "2024-02-04", 14 * 3600)), "example.com") == 130);
  CHECK(messages(read(database, days("2024-02-01", "2024-04-01", 14 * 3600)), "example.com") == 422);
}

TEST_CASE("wanted domains are read alone, and those never reported on are named") {
  const planted::TestDatabase database;
  database.write(planted::february());
  SummaryRequest request;
  request.domains = {"example.org", "typo.example"};
  const auto facts = read(database, request);
  REQUIRE(facts.domains.size() == 1);
  CHECK(messages(facts, "example.org") == 100);
  CHECK(facts.missing_domains == std::vector<std::string>{"typo.example"});
}

TEST_CASE("rows read for details are bounded, and the facts say when there are more") {
  const planted::TestDatabase database;
  std::vector<planted::Report> reports;
  std::vector<std::string> ids;
  for (int i = 0; i < 150; ++i) ids.push_back("r" + std::to_string(i));
  const planted::Row row{"192.0.2.7", 1, "mailer.net", DkimResult::pass};
  for (const auto& id : ids)
    reports.push_back({"google.com", id.c_str(), "example.com", at("2024-02-01"), at("2024-02-02"), {row}});
  database.write(reports);
  SummaryRequest request;
  request.detail_rows = 1;  // 50 per source at the least
  const auto facts = read(database, request);
  CHECK(facts.domains[0].failing_top[0].messages == 150);
  CHECK(facts.domains[0].failing_top[0].details.rows == 50);
  CHECK_FALSE(facts.domains[0].failing_top[0].details.is_complete);
}

TEST_CASE("of conflicting versions one is counted") {
  const planted::TestDatabase database;
  auto reports = planted::february();
  reports.push_back(reports[0]);
  reports.back().rows[0].count = 999;
  database.write(reports);
  const auto facts = read(database, {});
  CHECK(messages(facts, "example.com") == 422);
  CHECK(facts.domains[0].conflicting_reports == 1);
}

TEST_CASE("only authenticated reports are summed up where that is asked for, in every list") {
  const planted::TestDatabase database;
  database.write(planted::february());
  {
    auto opened = Database::open({.path = database.path()});
    REQUIRE(opened);
    auto writer = AuthenticityWriter::create(*opened);
    REQUIRE(writer->begin());
    REQUIRE(writer->set({1, ruaudit::store::Authenticity::authenticated, "google.com", "proved: x"}));
    REQUIRE(writer->set({2, ruaudit::store::Authenticity::unauthenticated, "", "unsigned: x"}));
    REQUIRE(writer->set({3, ruaudit::store::Authenticity::indeterminate, "", "key-gone: x"}));
    REQUIRE(writer->commit());
  }
  const auto all = read(database, {});
  SummaryRequest request;
  request.admission = Admission::authenticated;
  const auto facts = read(database, request);
  const auto& domain = domain_of(facts, "example.com");
  const auto& genuine = domain.authenticity;
  CHECK(domain.reports == 1);
  CHECK(genuine.authenticated.reports == 1);
  CHECK(genuine.unauthenticated.reports == 1);
  CHECK(genuine.indeterminate.reports == 1);
  CHECK(genuine.left_out.reports == domain_of(all, "example.com").reports - 1);
  CHECK(messages_of(domain) == genuine.authenticated.messages);
  CHECK(messages_of(domain) + genuine.left_out.messages == messages(all, "example.com"));
  std::int64_t of_sources = 0;
  for (const auto& source : domain.top_sources) of_sources += source.messages;
  CHECK(of_sources == messages_of(domain));
  REQUIRE(domain.reporters.size() == 1);
  CHECK(domain.reporters[0].name == "google.com");
  CHECK(domain_of(all, "example.com").authenticity.left_out.reports == 0);
  // The same by parts of days, where no roll-up serves.
  auto shifted = days("2024-02-01", "2024-02-03", 3600);
  shifted.admission = Admission::authenticated;
  CHECK(messages(read(database, shifted), "example.com") <= messages_of(domain));
}

TEST_CASE("whole days and months of a period") {
  const struct {
    const char* rule;
    Period period;
    const char *first_day, *last_day, *first_month, *last_month;
  } cases[] = {
      {"a leap February", {at("2024-02-01"), at("2024-03-01")}, "2024-02-01", "2024-02-29", "2024-02", "2024-02"},
      {"one second more", {at("2024-02-01"), at("2024-03-01") + 1}, "2024-02-01", "2024-02-29", "2024-02", "2024-02"},
      {"one second less", {at("2024-02-01"), at("2024-03-01") - 1}, "2024-02-01", "2024-02-28", "2024-02", "2024-01"},
      {"begins a second late",
       {at("2024-02-01") + 1, at("2024-04-01")},
       "2024-02-02",
       "2024-03-31",
       "2024-03",
       "2024-03"},
      {"within a day", {at("2024-02-01") + 1, at("2024-02-02") - 1}, "2024-02-02", "2024-01-31", "2024-03", "2024-01"},
      {"over new year", {at("2023-12-31"), at("2024-02-01")}, "2023-12-31", "2024-01-31", "2024-01", "2024-01"},
      {"all", {}, "0000-01-01", "9999-12-31", "0000-01", "9999-12"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rule);
    const auto got = coverage_of(c.period);
    CHECK(got.first_day == c.first_day);
    CHECK(got.last_day == c.last_day);
    CHECK(got.first_month == c.first_month);
    CHECK(got.last_month == c.last_month);
  }
}

TEST_CASE("a file that is missing or another program's is an error with a remedy") {
  const auto missing = read_summary_facts("/nonexistent/x.db", {});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == "database-open");
  CHECK_FALSE(missing.error().hint.empty());
}
