// Writes the <dkim> and <spf> results of new verdicts, many rows to one statement. Rows wait between add() and flush(),
// with views into the canonical content they were read from, which must live until then. Part of the writer; works
// inside its transaction.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "store/aggregate/canonical.hpp"
#include "store/sqlite/row_inserts.hpp"

namespace ruaudit::store {

class AuthResultInserts {
 public:
  static model::Result<AuthResultInserts> create(sqlite3* db);

  // Takes the results off the reader, first those of DKIM, then those of SPF (docs/identity.md).
  Status add(std::int64_t verdict_id, CanonicalReader& reader);
  Status flush();
  // Forgets what waits: after an error its content may be gone.
  void discard() { waiting_.clear(); }

 private:
  struct Row {
    std::int64_t verdict_id = 0, n = 0;
    bool is_dkim = false;
    std::string_view domain;
    std::optional<std::string_view> selector;
    std::uint8_t scope = absent_enum, result = absent_enum;
    std::optional<std::string_view> human, lang;
  };

  explicit AuthResultInserts(RowInserts inserts) : inserts_(std::move(inserts)) {}
  static Row read(CanonicalReader& reader, bool is_dkim);
  static void bind(Statement& insert, int first, const Row& row);

  RowInserts inserts_;
  std::vector<Row> waiting_;
};

}  // namespace ruaudit::store
