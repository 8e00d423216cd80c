#include "store/aggregate/record_writer.hpp"

#include <algorithm>

#include "model/fail_point.hpp"
#include "store/aggregate/arc_comment.hpp"
#include "store/aggregate/canonical.hpp"
#include "store/aggregate/result_class.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t source_cache_sets = 16384;  // of four entries of 24 octets: 1.5 MiB
constexpr std::size_t set_cache_sets = 4096;      // 0.4 MiB each
constexpr std::size_t verdict_cache_sets = 16384;

// OR IGNORE: what is known is left out.
model::Result<InternTable> make_table(sqlite3* db, const std::string& table, const std::string& key, int columns,
                                      std::size_t sets) {
  TRY(auto find, Statement::prepare(db, "SELECT id FROM " + table + " WHERE " + key + " = ?"));
  TRY(auto list, Statement::prepare(db, "SELECT id FROM " + table + " WHERE id BETWEEN ? AND ?"));
  TRY(auto inserts, RowInserts::prepare(db, "INSERT OR IGNORE INTO " + table, columns));
  return InternTable{std::move(find), std::move(list), std::move(inserts), columns, InternCache(sets), 1};
}

Status read_next_id(InternTable& table, const char* sql) {
  TRY(table.next_id, query_integer(sqlite3_db_handle(table.find.handle()), sql));
  table.cache.clear();
  return {};
}

void roll_back(InternTable& table, std::int64_t next_id) {
  if (table.next_id == next_id) return;
  table.cache.forget_from(next_id);
  table.next_id = next_id;
}

std::string_view content_of(const EncodedBatch& batch, const EncodedSet& set) {
  return std::string_view(batch.content).substr(set.offset, set.length);
}

void bind_facts(Statement& insert, int first, const VerdictFacts& facts) {
  insert.bind(first, model::to_text(facts.disposition)).bind(first + 1, model::to_text(facts.dkim));
  insert.bind(first + 2, model::to_text(facts.spf)).bind(first + 3, model::to_text(facts.dkim_auth));
  insert.bind(first + 4, model::to_text(facts.spf_auth))
      .bind(first + 5, static_cast<std::int64_t>(facts.is_overridden));
}

constexpr int source_columns = 3;
constexpr int identifier_columns = 4;
constexpr int recipient_columns = 2;
constexpr int verdict_columns = 8;

// OR ROLLBACK: an error ends the whole transaction anyhow. By default SQLite keeps, for each statement of several rows,
// the former state of all pages that it changes, in a file: seven times as many pages as go to the log.
constexpr int record_columns = 7;
constexpr std::string_view insert_record_sql =
    "INSERT OR ROLLBACK INTO record (id, source_id, count, identifier_id, recipient_id, verdict_id, self_check)";

}  // namespace

model::Result<RecordWriter> RecordWriter::create(sqlite3* db) {
  TRY(auto sources, make_table(db, "source", "text", source_columns, source_cache_sets));
  TRY(auto identifiers, make_table(db, "identifier_set", "digest", identifier_columns, set_cache_sets));
  TRY(auto recipients, make_table(db, "recipient", "name", recipient_columns, set_cache_sets));
  TRY(auto verdicts, make_table(db, "verdict", "digest", verdict_columns, verdict_cache_sets));
  TRY(auto auth_results, AuthResultInserts::create(db));
  TRY(auto policy_override, Statement::prepare(db, "INSERT INTO policy_override VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  TRY(auto inserts, RowInserts::prepare(db, insert_record_sql, record_columns));
  return RecordWriter(std::move(sources), std::move(identifiers), std::move(recipients), std::move(verdicts),
                      {std::move(auth_results), std::move(policy_override)}, std::move(inserts));
}

RecordWriter::RecordWriter(InternTable sources, InternTable identifiers, InternTable recipients, InternTable verdicts,
                           Children children, RowInserts inserts)
    : sources_(std::move(sources)),
      identifiers_(std::move(identifiers)),
      recipients_(std::move(recipients)),
      verdicts_(std::move(verdicts)),
      children_(std::move(children)),
      inserts_(std::move(inserts)) {}

Status RecordWriter::reload() {
  TRY_VOID(read_next_id(sources_, "SELECT coalesce(max(id), 0) + 1 FROM source"));
  TRY_VOID(read_next_id(identifiers_, "SELECT coalesce(max(id), 0) + 1 FROM identifier_set"));
  TRY_VOID(read_next_id(recipients_, "SELECT coalesce(max(id), 0) + 1 FROM recipient"));
  return read_next_id(verdicts_, "SELECT coalesce(max(id), 0) + 1 FROM verdict");
}

RecordWriter::Mark RecordWriter::mark() const {
  return {sources_.next_id, identifiers_.next_id, recipients_.next_id, verdicts_.next_id};
}

void RecordWriter::roll_back_to(const Mark& mark) {
  roll_back(sources_, mark[0]);
  roll_back(identifiers_, mark[1]);
  roll_back(recipients_, mark[2]);
  roll_back(verdicts_, mark[3]);
}

Status RecordWriter::write(const EncodedBatch& batch, std::int64_t report_key, Rollup* rollup) {
  TRY_VOID(intern_sets(identifiers_, batch, batch.identifiers, identifier_ids_));
  TRY_VOID(intern_sets(recipients_, batch, batch.recipients, recipient_ids_));
  children_.auth_results.discard();
  TRY_VOID(intern_sets(verdicts_, batch, batch.verdicts, verdict_ids_));
  TRY_VOID(children_.auth_results.flush());
  TRY_VOID(resolve_sources(batch));
  TRY_VOID(insert_records(batch, report_key));
  if (rollup == nullptr) return {};
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    const EncodedRecord& record = batch.records[i];
    if (record.is_countable())
      rollup->add(source_ids_[i], make_class(batch.verdicts[record.verdict].facts, record.self_check), record.count);
  }
  return {};
}

Status RecordWriter::insert_records(const EncodedBatch& batch, std::int64_t report_key) {
  const std::size_t records = batch.records.size();
  for (std::size_t i = 0; i < records;) {
    const auto [insert, rows] = inserts_.next(records - i);
    for (std::size_t row = 0; row < rows; ++row, ++i) {
      RUAUDIT_FAIL_POINT("store.insert");
      const EncodedRecord& record = batch.records[i];
      const int first = static_cast<int>(row) * record_columns + 1;
      sqlite3_bind_int64(insert.handle(), first, report_key << 24 | record.row_number);
      bind_record(insert, first, record);
      if (record.has_source) sqlite3_bind_int64(insert.handle(), first + 1, source_ids_[i]);
    }
    if (const int code = insert.run_fast(); code != SQLITE_OK) return model::failure(insert.error("record", code));
  }
  return {};
}

// All but the key, which the caller has; without an address, whose number it has too.
void RecordWriter::bind_record(Statement& to, int first, const EncodedRecord& record) {
  sqlite3_stmt* const insert = to.handle();
  if (!record.has_source) sqlite3_bind_null(insert, first + 1);
  if (record.count >= 0)
    sqlite3_bind_int64(insert, first + 2, record.count);
  else
    sqlite3_bind_null(insert, first + 2);
  sqlite3_bind_int64(insert, first + 3, identifier_ids_[record.identifiers]);
  if (record.recipient != EncodedRecord::absent)
    sqlite3_bind_int64(insert, first + 4, recipient_ids_[record.recipient]);
  else
    sqlite3_bind_null(insert, first + 4);
  sqlite3_bind_int64(insert, first + 5, verdict_ids_[record.verdict]);
  sqlite3_bind_int64(insert, first + 6, record.self_check);
}

Status RecordWriter::intern_sets(InternTable& table, const EncodedBatch& batch, const std::vector<EncodedSet>& sets,
                                 std::vector<std::int64_t>& ids) {
  ids.clear();
  missing_sets_.clear();
  for (const EncodedSet& set : sets) {
    ids.push_back(table.cache.find(set.digest));
    if (ids.back() == 0) missing_sets_.push_back(static_cast<std::uint32_t>(ids.size() - 1));
  }
  return intern_missing(table, batch, sets, ids);
}

// After an insert of so many rows with the next ids: which of them were new. The ids of the others stay unused.
Status RecordWriter::take_ids(InternTable& table, std::size_t rows) {
  const int changes = sqlite3_changes(sqlite3_db_handle(table.find.handle()));
  const std::int64_t first = table.next_id;
  table.next_id += static_cast<std::int64_t>(rows);
  is_new_.assign(rows, changes == static_cast<int>(rows));
  if (changes == 0 || changes == static_cast<int>(rows)) return {};
  ResetAtEnd reset(table.list);
  table.list.bind(1, first).bind(2, table.next_id - 1);
  while (true) {
    TRY(const bool has_row, table.list.step());
    if (!has_row) return {};
    is_new_[static_cast<std::size_t>(table.list.integer(0) - first)] = true;
  }
}

// Inserts first: at a content's first sight, the expensive case, nothing is looked up.
Status RecordWriter::intern_missing(InternTable& table, const EncodedBatch& batch, const std::vector<EncodedSet>& sets,
                                    std::vector<std::int64_t>& ids) {
  for (std::size_t from = 0; from < missing_sets_.size();) {
    const auto [insert, rows] = table.inserts.next(missing_sets_.size() - from);
    const std::int64_t first_id = table.next_id;
    for (std::size_t row = 0; row < rows; ++row) {
      const EncodedSet& set = sets[missing_sets_[from + row]];
      const int first = static_cast<int>(row) * table.columns + 1;
      insert.bind(first, first_id + static_cast<std::int64_t>(row));
      bind_set(table, insert, first + 1, set, content_of(batch, set));
    }
    TRY_VOID(insert.run());
    TRY_VOID(take_ids(table, rows));
    for (std::size_t row = 0; row < rows; ++row, ++from) {
      const std::uint32_t at = missing_sets_[from];
      const std::string_view content = content_of(batch, sets[at]);
      ids[at] = first_id + static_cast<std::int64_t>(row);
      if (!is_new_[row]) {
        TRY(ids[at], find_set(table, sets[at], content));
      } else if (&table == &verdicts_) {
        TRY_VOID(insert_verdict_children(ids[at], content));
      }
      table.cache.insert(sets[at].digest, ids[at]);
    }
  }
  return {};
}

model::Result<std::int64_t> RecordWriter::find_set(InternTable& table, const EncodedSet& set,
                                                   std::string_view content) {
  ResetAtEnd reset(table.find);
  if (&table == &recipients_)
    table.find.bind(1, content);
  else
    table.find.bind_blob(1, set.digest);
  TRY(const bool is_known, table.find.step());
  if (!is_known) return model::failure("database-damaged", "an interned content is neither new nor known");
  return table.find.integer(0);
}

// All but the id.
void RecordWriter::bind_set(const InternTable& table, Statement& insert, int first, const EncodedSet& set,
                            std::string_view content) {
  if (&table == &recipients_) {
    insert.bind(first, content);
    return;
  }
  insert.bind_blob(first, set.digest);
  if (&table == &verdicts_) return bind_facts(insert, first + 1, VerdictFacts::unpack(set.facts));
  CanonicalReader reader(content);
  insert.bind(first + 1, reader.text());
  insert.bind_optional(first + 2, reader.optional_text());
}

Status RecordWriter::insert_verdict_children(std::int64_t verdict_id, std::string_view content) {
  CanonicalReader reader(content);
  for (int skipped = 0; skipped < 3; ++skipped) reader.octet();  // disposition, dkim, spf: in facts
  Statement& override = children_.policy_override;
  const std::uint32_t reasons = reader.u32();
  for (std::uint32_t n = 1; n <= reasons; ++n) {
    override.bind(1, verdict_id).bind(2, static_cast<std::int64_t>(n));
    override.bind_optional(3, word_of<model::OverrideType>(reader.octet()));
    override.bind(4, reader.text());
    const auto comment = reader.optional_text();
    override.bind_optional(5, comment);
    override.bind_optional(6, comment ? std::optional(reader.text()) : std::nullopt);
    const ArcComment arc = parse_arc_comment(comment.value_or(std::string_view{}));
    override.bind_optional(7, arc.result).bind_optional(8, arc.chain).bind_optional(9, arc.remote_ip);
    TRY_VOID(override.run());
  }
  return children_.auth_results.add(verdict_id, reader);
}

// Addresses not known here are looked up in the order of their keys: neighbours share the pages of the index.
Status RecordWriter::resolve_sources(const EncodedBatch& batch) {
  source_ids_.assign(batch.records.size(), 0);
  misses_.clear();
  for (std::uint32_t i = 0; i < batch.records.size(); ++i) {
    const EncodedRecord& record = batch.records[i];
    if (!record.has_source) continue;
    source_ids_[i] = sources_.cache.find(record.source);
    if (source_ids_[i] == 0) misses_.push_back({record.source, i});
  }
  std::sort(misses_.begin(), misses_.end(), [](const Miss& a, const Miss& b) { return a.key < b.key; });
  new_sources_.clear();
  for (const Miss& miss : misses_)
    if (new_sources_.empty() || new_sources_.back().key != miss.key) new_sources_.push_back(miss);
  TRY_VOID(intern_sources());
  for (std::size_t i = 0, at = 0; i < misses_.size(); ++i) {
    if (misses_[i].key != new_sources_[at].key) ++at;
    source_ids_[misses_[i].record] = source_ids_[new_sources_[at].record];
  }
  return {};
}

// Gives the first record of each new address its id.
Status RecordWriter::intern_sources() {
  for (std::size_t from = 0; from < new_sources_.size();) {
    const auto inserts = sources_.inserts.next(new_sources_.size() - from);
    TRY_VOID(intern_some_sources(inserts, from));
    from += inserts.rows;
  }
  return {};
}

// As intern_missing().
Status RecordWriter::intern_some_sources(const RowInserts::Some& inserts, std::size_t from) {
  const auto& [insert, rows] = inserts;
  const std::int64_t first_id = sources_.next_id;
  source_texts_.resize(std::max(source_texts_.size(), rows));
  for (std::size_t row = 0; row < rows; ++row) {
    const auto& key = new_sources_[from + row].key;
    source_texts_[row] = model::IpAddress::from_key(key).to_string();
    const int first = static_cast<int>(row) * source_columns + 1;
    insert.bind(first, first_id + static_cast<std::int64_t>(row)).bind_blob(first + 1, key);
    insert.bind(first + 2, std::string_view(source_texts_[row]));
  }
  if (const int code = insert.run_fast(); code != SQLITE_OK) return model::failure(insert.error("source", code));
  TRY_VOID(take_ids(sources_, rows));
  for (std::size_t row = 0; row < rows; ++row) {
    const Miss& miss = new_sources_[from + row];
    std::int64_t& id = source_ids_[miss.record];
    id = first_id + static_cast<std::int64_t>(row);
    if (!is_new_[row]) {
      TRY(id, find_source(source_texts_[row]));
    }
    sources_.cache.insert(miss.key, id);
  }
  return {};
}

model::Result<std::int64_t> RecordWriter::find_source(const std::string& text) {
  ResetAtEnd reset(sources_.find);
  TRY(const bool is_known, sources_.find.bind(1, text).step());
  if (!is_known) return model::failure("database-damaged", "the address " + text + " is neither new nor known");
  return sources_.find.integer(0);
}

}  // namespace ruaudit::store
