// The SQL aggregate reporter_bits(reporter_id): a set of reporters in 62 bits, one bit for one or more of them. Sets of
// several days are joined by OR; the number of bits is a lower bound of the number of reporters.
#pragma once
#include <cstdint>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// The set that holds one reporter.
constexpr std::uint64_t reporter_bit(std::int64_t reporter_id) {
  return std::uint64_t{1} << ((static_cast<std::uint64_t>(reporter_id) * 40503 >> 3) % 62);
}

Status define_reporter_bits(sqlite3* db);

}  // namespace ruaudit::store
