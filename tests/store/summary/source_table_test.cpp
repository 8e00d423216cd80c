#include "store/summary/source_table.hpp"

#include <catch2/catch.hpp>

using ruaudit::store::SourceTable;

TEST_CASE("source table: every id has its own sums, however the ids lie") {
  constexpr std::int64_t ids = 20'000;
  for (const std::int64_t step :
       {std::int64_t{1}, std::int64_t{2}, std::int64_t{1} << 32, (std::int64_t{1} << 40) + 7}) {
    CAPTURE(step);
    SourceTable table;
    for (int month = 0; month < 3; ++month)
      for (std::int64_t n = 1; n <= ids; ++n) table[n * step].messages += n;
    REQUIRE(table.size() == ids);
    std::int64_t expected = 0;
    for (const auto& [id, sums] : table) {
      ++expected;
      if (id != expected * step || sums.messages != 3 * expected) FAIL("entry " << expected);
    }
    CHECK(expected == ids);
  }
}

TEST_CASE("source table: an empty one has no entries") {
  const SourceTable table;
  CHECK(table.size() == 0);
  CHECK(table.begin() == table.end());
}
