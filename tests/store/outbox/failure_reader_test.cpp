#include "store/outbox/failure_reader.hpp"

#include "kept.hpp"
#include "tests/store/failure/failure_fixture.hpp"

using namespace ruaudit::store;
using namespace ruaudit::store::test;

TEST_CASE("a failure report is noted when it is stored, and again when it is verified") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  {
    auto writer = kept.begin();
    REQUIRE(ingest_failure(writer, "f", make_failure(1)));
    REQUIRE(writer.commit());
  }
  const auto rows = kept.rows();
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].is_gone);
  CHECK_FALSE(rows[0].is_dated);
  CHECK(rows[0].day == "2026-01-01");
  auto reader = FailureReader::create(kept.database);
  REQUIRE(reader);
  CHECK((*reader->report(rows[0].report_key, rows[0].identity_key))->is_open);
  kept.ship_all();
  CHECK(kept.rows().empty());
  REQUIRE(write_failure_results(kept.database, {make_result(rows[0].report_key)}));
  REQUIRE(kept.rows().size() == 1);
  CHECK_FALSE((*reader->report(rows[0].report_key, rows[0].identity_key))->is_open);
  CHECK(*count_unshipped_before(kept.database, "2026-01-02") == 1);
  CHECK(*count_unshipped_before(kept.database, "2026-01-01") == 0);
}

TEST_CASE("nothing that is shipped of a failure report names a person or quotes the mail") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  const Plant plant;
  {
    auto writer = kept.begin();
    REQUIRE(ingest_failure(writer, "f", make_failure(1, plant), SamplePolicy::full));
    REQUIRE(writer.commit());
  }
  const auto row = kept.rows().at(0);
  REQUIRE(write_failure_results(kept.database, {make_result(row.report_key, plant)}));
  const auto failure = FailureReader::create(kept.database)->report(row.report_key, row.identity_key);
  REQUIRE(failure);
  REQUIRE(failure->has_value());
  bool has_conclusion = false;
  for (std::size_t i = 0; i < failure_facts.size(); ++i) {
    const auto* const text = std::get_if<std::string>(&(*failure)->facts[i]);
    if (text == nullptr) continue;
    CAPTURE(failure_facts[i].name, *text);
    has_conclusion = has_conclusion || *text == "own_sender_broken";
    for (const auto& secret : {plant.local, plant.name, plant.subject, plant.body})
      CHECK(text->find(secret) == std::string::npos);
  }
  CHECK(has_conclusion);
}

TEST_CASE("a local part is not shipped in any shape that an address may have, nor as a word that a verifier quotes") {
  struct Shape {
    std::string text, shipped;
  };
  const Shape shapes[] = {
      {"sent by planted.local@example.com", "sent by @example.com"},
      {"sent by \"planted local\"@example.com", "sent by @example.com"},
      {R"(sent by "planted \" local"@example.com)", "sent by @example.com"},
      {R"(sent by "x planted"."local"@example.com)", "sent by @example.com"},
      {R"(sent by planted."local x"@example.com)", "sent by @example.com"},
      {"sent by planted(local)@example.com", "sent by @example.com"},
      {"sent by planted @example.com", "sent by @example.com"},
      {R"(sent by planted\@local@example.com)", "sent by @example.com"},
      {"sent by bounce+planted=example.org@local.example", "sent by @local.example"},
      {"smtp.mailfrom=planted@example.com", "@example.com"},
      {"planted\"@example.com", "@example.com"},
      {"\"sent by\" \"planted@example.com\"", "\"sent by\" \"@example.com\""},
      {"the signature of d=example.com s=s1 cannot be used: i='planted.local': no '@'",
       "the signature of d=example.com s=s1 cannot be used."},
      {"Not decided: the signature of d=example.com s=s1 cannot be used: i='planted': no '@': by whom cannot be told.",
       "Not decided: the signature of d=example.com s=s1 cannot be used: by whom cannot be told."},
      {"Not decided: the signature of d=example.com s=s1 cannot be used: by whom cannot be told.",
       "Not decided: the signature of d=example.com s=s1 cannot be used: by whom cannot be told."},
      {"the signature of d=example.com s=s1 cannot be used: rsa-sha1 must not be used any more.",
       "the signature of d=example.com s=s1 cannot be used: rsa-sha1 must not be used any more."},
      {"Correct the SPF record of example.com: 'include:%{l}._spf.example.com' of example.com includes nothing:"
       " planted._spf.example.com does not exist in DNS.",
       "Correct the SPF record of example.com."},
      {"Correct the SPF record of example.com.", "Correct the SPF record of example.com."},
  };
  for (const auto& [text, shipped] : shapes) {
    CAPTURE(text);
    Kept kept;
    REQUIRE(keep_outbox(kept.database));
    auto report = make_failure(1);
    report.claims.user_agent = report.claims.reporting_mta = report.claims.identity_alignment = text;
    {
      auto writer = kept.begin();
      REQUIRE(ingest_failure(writer, "f", report, SamplePolicy::full));
      REQUIRE(writer.commit());
    }
    const auto row = kept.rows().at(0);
    auto result = make_result(row.report_key);
    result.summary = text;
    result.advice = result.disagreement = text;
    REQUIRE(write_failure_results(kept.database, {result}));
    const auto failure = FailureReader::create(kept.database)->report(row.report_key, row.identity_key);
    std::size_t found = 0;
    for (const auto& fact : (*failure)->facts) {
      const auto* const value = std::get_if<std::string>(&fact);
      if (value == nullptr) continue;
      if (*value == shipped) ++found;
      CHECK(value->find("planted") == std::string::npos);
    }
    CHECK(found == 6);
  }
}

TEST_CASE("copies of a failure report at two ingesters have equal content, whenever they were verified") {
  std::vector<ContentHash> contents;
  for (const std::int64_t time : {1'767'300'000, 1'767'400'000}) {
    Kept kept;
    REQUIRE(keep_outbox(kept.database));
    auto writer = kept.begin();
    REQUIRE(ingest_failure(writer, "f" + std::to_string(time), make_failure(1)));
    REQUIRE(writer.commit());
    const auto row = kept.rows().at(0);
    auto result = make_result(row.report_key);
    result.verified_at = time;
    REQUIRE(write_failure_results(kept.database, {result}));
    contents.push_back((*FailureReader::create(kept.database)->report(row.report_key, row.identity_key))->content_hash);
  }
  CHECK(contents[0] == contents[1]);
}
