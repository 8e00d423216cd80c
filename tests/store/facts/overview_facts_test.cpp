// Rows of the big receivers: what they say of a demand, and what they leave open.
#include "store/facts/overview_facts.hpp"

#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

using model::AlignedResult;
using model::DkimResult;
using model::SpfResult;

struct Told {
  const char* what;
  AlignedResult dkim, spf;  // policy_evaluated
  std::optional<DkimResult> dkim_auth;
  std::optional<SpfResult> spf_auth;
  bool passes_dkim, knows_dkim, passes_spf, knows_spf, is_aligned;
};

TestReport report_of(const Told& told, const std::string& reporter) {
  auto made = make_report(told.what, 1);
  made.report.header.metadata.org_name = reporter;
  auto& record = made.records.front();
  record.count = 3;
  record.policy_evaluated.dkim = told.dkim;
  record.policy_evaluated.spf = told.spf;
  record.auth_results = {};
  if (told.dkim_auth) record.auth_results.dkim.push_back({"example.com", "s1", *told.dkim_auth, {}});
  if (told.spf_auth) record.auth_results.spf.push_back({"example.com", model::SpfScope::mfrom, *told.spf_auth, {}});
  return made;
}

std::vector<model::ReceiverRow> rows_of(const Told& told, const std::string& reporter) {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  {
    auto writer = Writer::create(database);
    REQUIRE(writer);
    REQUIRE(writer->begin());
    REQUIRE(ingest(*writer, told.what, report_of(told, reporter)));
    REQUIRE(writer->commit());
  }
  const auto rows = read_receiver_rows(database, "2023-11-01", "2023-11-30");
  if (!rows) FAIL(rows.error().message);
  return *rows;
}

}  // namespace

TEST_CASE("receiver rows: a result that a receiver does not tell is not known, and so not unmet") {
  constexpr auto pass = AlignedResult::pass, fail = AlignedResult::fail;
  const Told cases[] = {
      {"both pass", pass, pass, DkimResult::pass, SpfResult::pass, true, true, true, true, true},
      {"both fail", fail, fail, DkimResult::fail, SpfResult::fail, false, true, false, true, false},
      {"for another domain", fail, fail, DkimResult::pass, SpfResult::pass, true, true, true, true, false},
      {"no SPF result", pass, fail, DkimResult::pass, {}, true, true, false, false, true},
      {"no SPF result, aligned all the same", fail, pass, DkimResult::fail, {}, false, true, true, true, true},
      {"SPF temperror", pass, fail, DkimResult::pass, SpfResult::temperror, true, true, false, false, true},
      {"SPF softfail", pass, fail, DkimResult::pass, SpfResult::softfail, true, true, false, true, true},
      {"no signature", fail, pass, {}, SpfResult::pass, false, true, true, true, true},
      {"DKIM temperror", fail, pass, DkimResult::temperror, SpfResult::pass, false, false, true, true, true},
      {"nothing told", fail, fail, {}, {}, false, true, false, false, false}};
  for (const auto& told : cases) {
    CAPTURE(told.what);
    const auto rows = rows_of(told, "google.com");
    REQUIRE(rows.size() == 1);
    const auto& row = rows.front();
    CHECK(row.receiver == model::BigReceiver::gmail);
    CHECK(row.domain == "example.com");
    CHECK(row.messages == 3);
    CHECK(row.passes_dkim == told.passes_dkim);
    CHECK(row.knows_dkim == told.knows_dkim);
    CHECK(row.passes_spf == told.passes_spf);
    CHECK(row.knows_spf == told.knows_spf);
    CHECK(row.is_aligned == told.is_aligned);
    CHECK(row.knows_alignment);
  }
}

TEST_CASE("receiver rows: the big receivers are known by the names they report under, others have no rows") {
  const Told told{
      "both pass", AlignedResult::pass, AlignedResult::pass, DkimResult::pass, SpfResult::pass, true, true, true, true,
      true};
  for (const auto& [reporter, receiver] :
       {std::pair("Google Inc.", model::BigReceiver::gmail), std::pair("Yahoo", model::BigReceiver::yahoo),
        std::pair("AOL", model::BigReceiver::yahoo), std::pair("Outlook.com", model::BigReceiver::outlook)}) {
    CAPTURE(reporter);
    const auto rows = rows_of(told, reporter);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().receiver == receiver);
  }
  CHECK(rows_of(told, "Enterprise Outlook").empty());
}

}  // namespace ruaudit::store::test
