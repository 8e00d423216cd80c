#include "store/facts/reporter_bits_detail.hpp"

namespace ruaudit::store {
namespace {

// NOLINTBEGIN(cppcoreguidelines-pro-bounds-pointer-arithmetic): SQLite hands an array of values.
void add_reporter(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  auto* bits = static_cast<std::uint64_t*>(sqlite3_aggregate_context(context, sizeof(std::uint64_t)));
  if (bits == nullptr) return sqlite3_result_error_nomem(context);
  *bits |= reporter_bit(sqlite3_value_int64(values[0]));
}
// NOLINTEND(cppcoreguidelines-pro-bounds-pointer-arithmetic)

void give_bits(sqlite3_context* context) noexcept {
  const auto* bits = static_cast<const std::uint64_t*>(sqlite3_aggregate_context(context, 0));
  sqlite3_result_int64(context, bits == nullptr ? 0 : static_cast<sqlite3_int64>(*bits));
}

}  // namespace

Status define_reporter_bits(sqlite3* db) {
  const int code = sqlite3_create_function_v2(db, "reporter_bits", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                              nullptr, add_reporter, give_bits, nullptr);
  return code == SQLITE_OK ? Status{} : model::failure(sqlite_error(db, code, "reporter_bits"));
}

}  // namespace ruaudit::store
