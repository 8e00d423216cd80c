#include "store/facts/labels.hpp"

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

model::Result<void> save_label(Database& database, const model::Label& label) {
  TRY(auto insert, Statement::prepare(database.handle(), "INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?, ?)"));
  insert.bind(1, model::to_text(label.kind)).bind(2, label.subject).bind(3, model::to_text(label.word));
  insert.bind_null(4).bind(5, label.set_at);
  if (!label.note.empty()) insert.bind(4, label.note);
  return insert.run();
}

model::Result<bool> remove_label(Database& database, model::LabelKind kind, const std::string& subject) {
  TRY(auto remove, Statement::prepare(database.handle(), "DELETE FROM label WHERE kind = ? AND subject = ?"));
  TRY_VOID(remove.bind(1, model::to_text(kind)).bind(2, subject).run());
  return sqlite3_changes(database.handle()) > 0;
}

model::Result<std::vector<model::Label>> labels(Database& database) {
  TRY(auto find,
      Statement::prepare(database.handle(),
                         "SELECT kind, subject, label, coalesce(note, ''), set_at FROM label ORDER BY 1, 2"));
  std::vector<model::Label> found;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return found;
    found.push_back({.kind = model::parse_enum<model::LabelKind>(find.text(0)).value_or(model::LabelKind::address),
                     .subject = std::string(find.text(1)),
                     .word = model::parse_enum<model::LabelWord>(find.text(2)).value_or(model::LabelWord::unwanted),
                     .note = std::string(find.text(3)),
                     .set_at = find.integer(4)});
  }
}

}  // namespace ruaudit::store
