#include "store/care/cell.hpp"

#include <sqlite3.h>

namespace ruaudit::store {

model::Cell cell_of(sqlite3_stmt* row, int column) {
  const auto octets = [&](const void* data) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
  };
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(row, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(row, column);
    case SQLITE_TEXT:
      return octets(sqlite3_column_text(row, column));
    case SQLITE_BLOB:
      return model::Blob{octets(sqlite3_column_blob(row, column))};
    default:
      return std::monostate{};
  }
}

}  // namespace ruaudit::store
