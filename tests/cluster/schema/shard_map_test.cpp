#include "cluster/schema/shard_map.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::cluster;

namespace {

ruaudit::store::Digest key(std::uint8_t first) {
  ruaudit::store::Digest digest{};
  digest[0] = first;
  return digest;
}
const ShardMap two_then_three({{202702, 3}, {0, 2}});

}  // namespace

TEST_CASE("a month stays on the shards that it was given") {
  CHECK(two_then_three.shard_of_month(key(5), 202612) == 1);
  CHECK(two_then_three.shard_of_month(key(5), 202701) == 1);
  CHECK(two_then_three.shard_of_month(key(5), 202702) == 2);
  CHECK(two_then_three.shard_of_month(key(5), 210512) == 2);
}

TEST_CASE("a report without dates lies where it would have lain from the beginning") {
  CHECK(two_then_three.shard_of_month(key(5), 0) == 1);
}

TEST_CASE("where only the key of a report is known, every shard that may have it is named once") {
  CHECK(two_then_three.possible_shards(key(5)) == std::vector<std::size_t>{1, 2});
  CHECK(two_then_three.possible_shards(key(1)) == std::vector<std::size_t>{1});
  CHECK(ShardMap({{0, 2}}).possible_shards(key(4)) == std::vector<std::size_t>{0});
}

TEST_CASE("maps of which one has more entries are united") {
  const auto both = united(ShardMap({{0, 2}}), two_then_three);
  REQUIRE(both);
  CHECK(*both == two_then_three);
  CHECK(*united(ShardMap{}, two_then_three) == two_then_three);
}

TEST_CASE("maps that say different things of one month are not united, and shards never become fewer") {
  for (const auto& other : {ShardMap({{0, 3}}), ShardMap({{0, 2}, {202702, 4}}), ShardMap({{0, 2}, {202705, 2}})}) {
    CAPTURE(other.text());
    const auto both = united(two_then_three, other);
    REQUIRE_FALSE(both);
    CHECK(both.error().code == "cluster-map");
  }
}

TEST_CASE("a map is told in words") {
  CHECK(ShardMap({{0, 1}}).text() == "1 shard");
  CHECK(two_then_three.text() == "2 shards, from 2027-02 on 3");
}

TEST_CASE("a day belongs to its month") {
  CHECK(month_of_day("2026-09-30") == 202609);
  CHECK(month_of_day("") == 0);
}
