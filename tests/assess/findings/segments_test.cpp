#include "assess/findings/segments.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::assess;

namespace {

std::vector<DayCount> days(int from, int to, std::int64_t good, std::int64_t bad) {
  std::vector<DayCount> out;
  for (int day = from; day <= to; ++day) out.push_back({day, good, bad});
  return out;
}

std::vector<DayCount> joined(std::vector<DayCount> a, const std::vector<DayCount>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("a change of state needs more messages for it than the cost of a change") {
  CHECK(stretches(joined(days(1, 20, 10, 0), days(21, 21, 0, 7))).size() == 1);
  CHECK(stretches(joined(days(1, 20, 10, 0), days(21, 21, 0, 8))).size() == 2);
  CHECK(stretches(joined(days(1, 20, 1, 0), days(21, 28, 0, 1))).back().first == 21);
}

TEST_CASE("a share of broken signatures below one half never makes a bad stretch, at any volume") {
  for (const std::int64_t scale : {1LL, 1000LL, 1'000'000LL}) {
    CAPTURE(scale);
    CHECK(stretches(days(1, 365, 6 * scale, 4 * scale)).size() == 1);
    CHECK(stretches(days(1, 365, 6 * scale, 4 * scale)).front().is_good);
  }
}

TEST_CASE("a fall is dated to its first day at ten messages a day and at ten million") {
  for (const std::int64_t volume : {10LL, 10'000'000LL}) {
    CAPTURE(volume);
    const auto parts = stretches(joined(days(1, 60, volume, volume / 100), days(61, 63, 0, volume)));
    REQUIRE(parts.size() == 2);
    CHECK(parts.back().first == 61);
    CHECK_FALSE(parts.back().is_good);
  }
}

TEST_CASE("what is repaired is good again, and what was never good has one bad stretch") {
  const auto parts = stretches(joined(joined(days(1, 10, 20, 0), days(11, 20, 0, 20)), days(21, 22, 20, 0)));
  REQUIRE(parts.size() == 3);
  CHECK(parts.back().is_good);
  CHECK(parts.back().first == 21);
  CHECK(stretches(days(1, 30, 0, 3)).size() == 1);
  CHECK_FALSE(stretches(days(1, 30, 0, 3)).front().is_good);
  CHECK(stretches({}).empty());
}
