#include "store/failure/results.hpp"

#include <array>
#include <vector>

#include "store/content/digest.hpp"

namespace ruaudit::store {
namespace {

struct TextColumn {
  const char* select;  // key columns, then the text
  const char* update;  // text, then the keys
  std::string (Redactor::*redact)(std::string_view) const = &Redactor::addresses;
};

// Free text that may name people.
constexpr std::array text_table = {
    TextColumn{"SELECT id, 0, summary FROM failure_result WHERE failure_id = ?",
               "UPDATE failure_result SET summary = ?1 WHERE id = ?2"},
    TextColumn{"SELECT id, 0, advice FROM failure_result WHERE failure_id = ? AND advice IS NOT NULL",
               "UPDATE failure_result SET advice = ?1 WHERE id = ?2"},
    TextColumn{"SELECT id, 0, disagreement FROM failure_result WHERE failure_id = ? AND disagreement IS NOT NULL",
               "UPDATE failure_result SET disagreement = ?1 WHERE id = ?2"},
    TextColumn{"SELECT id, 0, details FROM failure_result WHERE failure_id = ?",
               "UPDATE failure_result SET details = ?1 WHERE id = ?2", &Redactor::details},
    TextColumn{"SELECT failure_id, n, algorithm FROM failure_signature WHERE failure_id = ?",
               "UPDATE failure_signature SET algorithm = ?1 WHERE failure_id = ?2 AND n = ?3", &Redactor::known_words},
    TextColumn{
        "SELECT e.result_id, e.n, e.text FROM failure_evidence_line e JOIN failure_result r ON r.id = e.result_id"
        " WHERE r.failure_id = ?",
        "UPDATE failure_evidence_line SET text = ?1 WHERE result_id = ?2 AND n = ?3"},
    TextColumn{"SELECT failure_id, n, value FROM failure_signature WHERE failure_id = ?",
               "UPDATE failure_signature SET value = ?1 WHERE failure_id = ?2 AND n = ?3", &Redactor::signature},
};

struct TextRow {
  std::int64_t key = 0, n = 0;
  std::string text;
};

Status redact_column(sqlite3* db, const TextColumn& column, std::int64_t failure_key, const Redactor& redactor) {
  std::vector<TextRow> rows;
  {
    TRY(auto select, Statement::prepare(db, column.select));
    select.bind(1, failure_key);
    while (true) {
      TRY(const bool has_row, select.step());
      if (!has_row) break;
      rows.push_back({select.integer(0), select.integer(1), std::string(select.text(2))});
    }
  }
  TRY(auto update, Statement::prepare(db, column.update));
  for (const TextRow& row : rows) {
    const std::string text = (redactor.*column.redact)(row.text);
    if (text == row.text) continue;
    update.bind(1, text).bind(2, row.key);
    if (sqlite3_bind_parameter_count(update.handle()) > 2) update.bind(3, row.n);
    TRY_VOID(update.run());
  }
  return {};
}

Status delete_lines(sqlite3* db, std::int64_t failure_key, std::string_view kind) {
  TRY(auto remove, Statement::prepare(db,
                                      "DELETE FROM failure_evidence_line WHERE kind = ? AND result_id IN"
                                      " (SELECT id FROM failure_result WHERE failure_id = ?)"));
  return remove.bind(1, kind).bind(2, failure_key).run();
}

struct HeaderInput {
  std::int64_t n = 0;
  ContentHash digest{};
};

// The canonical header input is replaced by its SHA-256: b= can be checked against that alone.
model::Result<std::vector<HeaderInput>> digests(sqlite3* db, std::int64_t failure_key) {
  TRY(auto hasher, Hasher::create());
  TRY(auto select, Statement::prepare(db,
                                      "SELECT n, header_input FROM failure_signature WHERE failure_id = ?"
                                      " AND header_codec = 'raw'"));
  select.bind(1, failure_key);
  std::vector<HeaderInput> inputs;
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return inputs;
    const auto data = select.blob(1);
    const std::string_view octets(reinterpret_cast<const char*>(data.data()), data.size());
    inputs.push_back({select.integer(0), hasher.hash(octets)});
  }
}

Status reduce_signatures(sqlite3* db, std::int64_t failure_key) {
  TRY(const auto inputs, digests(db, failure_key));
  TRY(auto update, Statement::prepare(db,
                                      "UPDATE failure_signature SET header_codec = 'digest', header_input = ?"
                                      " WHERE failure_id = ? AND n = ?"));
  for (const HeaderInput& input : inputs)
    TRY_VOID(update.bind_blob(1, input.digest).bind(2, failure_key).bind(3, input.n).run());
  return {};
}

}  // namespace

Status reduce_results(sqlite3* db, std::int64_t failure_key, SamplePolicy policy, const Redactor& redactor) {
  if (!permits_bodies(policy)) TRY_VOID(delete_lines(db, failure_key, "body-change"));
  if (permits_words(policy)) return {};
  TRY_VOID(delete_lines(db, failure_key, "header-change"));
  for (const TextColumn& column : text_table) TRY_VOID(redact_column(db, column, failure_key, redactor));
  return reduce_signatures(db, failure_key);
}

}  // namespace ruaudit::store
