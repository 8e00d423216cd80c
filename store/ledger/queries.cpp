#include "store/ledger/queries.hpp"

#include <algorithm>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

model::Result<std::int64_t> count_rejected(Database& database) {
  return query_integer(database.handle(),
                       "SELECT count(DISTINCT ledger_id) FROM ledger_part WHERE outcome = 'rejected'");
}

namespace {

constexpr std::string_view unread_sql =
    "SELECT l.source, p.reason, l.first_seen, l.last_seen, p.code FROM ledger AS l JOIN ledger_part AS p"
    " ON p.ledger_id = l.id WHERE l.size = 0 AND l.outcome = 'rejected' AND l.mailbox IS NULL AND l.last_seen >= ?"
    " ORDER BY l.source, l.first_seen, l.id";

// A later run of the source that saw other entries, but not this one, could read it, or found it gone.
constexpr std::string_view newest_sql =
    "SELECT source, max(last_seen) FROM ledger WHERE last_seen >= ? GROUP BY source";

}  // namespace

model::Result<std::vector<UnreadEntry>> unread_entries(Database& database, std::int64_t since,
                                                       std::span<const std::string_view> codes) {
  TRY(auto find, Statement::prepare(database.handle(), unread_sql));
  find.bind(1, since);
  std::vector<UnreadEntry> entries;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) break;
    if (std::find(codes.begin(), codes.end(), find.text(4)) == codes.end()) continue;
    entries.push_back({std::string(find.text(0)), std::string(find.text(1)), find.integer(2), find.integer(3)});
  }
  if (entries.empty()) return entries;
  TRY(auto newest, Statement::prepare(database.handle(), newest_sql));
  newest.bind(1, since);
  while (true) {
    TRY(const bool has_row, newest.step());
    if (!has_row) return entries;
    std::erase_if(entries, [&](const UnreadEntry& entry) {
      return entry.source == newest.text(0) && entry.last_seen < newest.integer(1);
    });
  }
}

}  // namespace ruaudit::store
