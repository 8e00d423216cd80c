#include <catch2/catch.hpp>
#include <vector>

#include "assess/overview/monthly.hpp"

using namespace ruaudit::assess;

TEST_CASE("the same every day is that times thirty, with the interval of a Poisson process") {
  const std::vector<std::int64_t> days(30, 100);
  const auto found = monthly(days);
  CHECK(found.mean == 3000);
  CHECK(found.low == 2893);  // 3000 +- 1.96 * sqrt(3000)
  CHECK(found.high == 3107);
}

TEST_CASE("mail that comes in bursts has the wider interval of its days") {
  std::vector<std::int64_t> days(30, 0);
  days[3] = days[17] = 1500;
  const auto found = monthly(days);
  CHECK(found.mean == 3000);
  CHECK(found.low == 0);
  CHECK(found.high > 6000);
}

TEST_CASE("nothing seen is not nothing: three events in the time looked at, more where that was shorter") {
  CHECK(monthly(std::vector<std::int64_t>(30, 0)).high == 3);
  CHECK(monthly(std::vector<std::int64_t>(10, 0)).high == 9);
  CHECK(monthly({}).high == 0);
}

TEST_CASE("ten million a day do not overflow") {
  CHECK(monthly(std::vector<std::int64_t>(30, 10'000'000)).mean == 300'000'000);
}
