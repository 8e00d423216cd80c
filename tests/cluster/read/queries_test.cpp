#include "cluster/read/queries.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::cluster;

namespace {

std::size_t mentions(const std::string& text, const std::string& word) {
  std::size_t number = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++number;
  return number;
}

}  // namespace

TEST_CASE("every question of a named query for commits ends at the same moment, and no view asks again") {
  for (const char* name : {"domains", "failing-sources", "unaligned", "daily", "weekly", "reporters", "policy-changes",
                           "selectors", "overrides", "contradictions"}) {
    CAPTURE(name);
    const auto sql = cluster_query(name, "reports", Moment{1'788'220'800});
    REQUIRE(sql);
    CHECK(mentions(*sql, "reports.batch_local") > 1);
    CHECK(mentions(*sql, "reports.batch_local") ==
          mentions(*sql, "reports.batch_local WHERE toUInt32(made_at) <= 1788220800 "));
    CHECK(mentions(*sql, "reports.v_") == 0);
    CHECK(mentions(*sql, "{") == 0);
  }
}

TEST_CASE("a query that a cluster has no answer to names those that it answers") {
  const auto refused = cluster_query("classes", "reports");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "query-name");
  CHECK(refused.error().hint.find("contradictions") != std::string::npos);
}
