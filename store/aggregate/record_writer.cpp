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

model::Result<InternTable> make_table(sqlite3* db, std::string_view find, std::string_view insert, std::size_t sets) {
  TRY(auto find_statement, Statement::prepare(db, find));
  TRY(auto insert_statement, Statement::prepare(db, insert));
  return InternTable{std::move(find_statement), std::move(insert_statement), InternCache(sets), 1};
}

Status read_next_id(InternTable& table, const char* sql) {
  sqlite3* db = sqlite3_db_handle(table.insert.handle());
  TRY(table.next_id, query_integer(db, sql));
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

void bind_facts(Statement& insert, const VerdictFacts& facts) {
  insert.bind(3, model::to_text(facts.disposition)).bind(4, model::to_text(facts.dkim));
  insert.bind(5, model::to_text(facts.spf)).bind(6, model::to_text(facts.dkim_auth));
  insert.bind(7, model::to_text(facts.spf_auth)).bind(8, static_cast<std::int64_t>(facts.is_overridden));
}

constexpr std::size_t record_columns = 7;
constexpr std::size_t records_at_once = 64;  // one statement for so many rows costs half of as many statements

// OR ROLLBACK: an error ends the whole transaction anyhow. By default SQLite keeps, for each statement of several rows,
// the former state of all pages that it changes, in a file: seven times as many pages as go to the log.
model::Result<Statement> prepare_insert(sqlite3* db, std::size_t rows) {
  std::string sql =
      "INSERT OR ROLLBACK INTO record (id, source_id, count, identifier_id, recipient_id, verdict_id, self_check) "
      "VALUES ";
  for (std::size_t row = 0; row < rows; ++row) sql += row == 0 ? "(?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?)";
  return Statement::prepare(db, sql);
}

}  // namespace

model::Result<RecordWriter> RecordWriter::create(sqlite3* db) {
  TRY(auto sources, make_table(db, "SELECT id FROM source WHERE text = ?",
                               "INSERT INTO source VALUES (?, ?, ?) ON CONFLICT DO NOTHING", source_cache_sets));
  TRY(auto identifiers,
      make_table(db, "SELECT id FROM identifier_set WHERE digest = ?",
                 "INSERT INTO identifier_set VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", set_cache_sets));
  TRY(auto recipients, make_table(db, "SELECT id FROM recipient WHERE name = ?",
                                  "INSERT INTO recipient VALUES (?, ?) ON CONFLICT DO NOTHING", set_cache_sets));
  TRY(auto verdicts,
      make_table(db, "SELECT id FROM verdict WHERE digest = ?",
                 "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", verdict_cache_sets));
  TRY(auto auth_results, AuthResultInserts::create(db));
  TRY(auto policy_override, Statement::prepare(db, "INSERT INTO policy_override VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  TRY(auto one, prepare_insert(db, 1));
  TRY(auto many, prepare_insert(db, records_at_once));
  return RecordWriter(std::move(sources), std::move(identifiers), std::move(recipients), std::move(verdicts),
                      {std::move(auth_results), std::move(policy_override)}, {std::move(one), std::move(many)});
}

RecordWriter::RecordWriter(InternTable sources, InternTable identifiers, InternTable recipients, InternTable verdicts,
                           Children children, Inserts inserts)
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
    const std::size_t rows = records - i >= records_at_once ? records_at_once : 1;
    Statement& insert = rows == 1 ? inserts_.one : inserts_.many;
    for (std::size_t row = 0; row < rows; ++row, ++i) {
      RUAUDIT_FAIL_POINT("store.insert");
      const EncodedRecord& record = batch.records[i];
      const int first = static_cast<int>(row * record_columns) + 1;
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
  for (const EncodedSet& set : sets) {
    std::int64_t id = table.cache.find(set.digest);
    if (id == 0) {
      TRY(id, intern_set(table, batch, set));
      table.cache.insert(set.digest, id);
    }
    ids.push_back(id);
  }
  return {};
}

// Inserts first: at a content's first sight, the expensive case, nothing is looked up.
model::Result<std::int64_t> RecordWriter::intern_set(InternTable& table, const EncodedBatch& batch,
                                                     const EncodedSet& set) {
  const std::string_view content = content_of(batch, set);
  TRY_VOID(insert_set(table, set, content));
  if (sqlite3_changes(sqlite3_db_handle(table.insert.handle())) == 1) {
    const std::int64_t id = table.next_id++;
    if (&table == &verdicts_) TRY_VOID(insert_verdict_children(id, content));
    return id;
  }
  ResetAtEnd reset(table.find);
  if (&table == &recipients_)
    table.find.bind(1, content);
  else
    table.find.bind_blob(1, set.digest);
  TRY(const bool is_known, table.find.step());
  if (!is_known) return model::failure("database-damaged", "an interned content is neither new nor known");
  return table.find.integer(0);
}

Status RecordWriter::insert_set(InternTable& table, const EncodedSet& set, std::string_view content) {
  Statement& insert = table.insert;
  insert.bind(1, table.next_id);
  if (&table == &recipients_) return insert.bind(2, content).run();
  insert.bind_blob(2, set.digest);
  if (&table == &verdicts_) {
    bind_facts(insert, VerdictFacts::unpack(set.facts));
    return insert.run();
  }
  CanonicalReader reader(content);
  insert.bind(3, reader.text());
  insert.bind_optional(4, reader.optional_text());
  return insert.run();
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
  const Miss* previous = nullptr;
  for (const Miss& miss : misses_) {
    if (previous != nullptr && previous->key == miss.key) {
      source_ids_[miss.record] = source_ids_[previous->record];
      continue;
    }
    TRY(source_ids_[miss.record], intern_source(miss.key));
    previous = &miss;
  }
  return {};
}

// Inserts first: at an address's first sight, the expensive case, that is all.
model::Result<std::int64_t> RecordWriter::intern_source(const model::IpAddress::Key& key) {
  const std::string text = model::IpAddress::from_key(key).to_string();
  Statement& insert = sources_.insert;
  insert.bind(1, sources_.next_id).bind_blob(2, key).bind(3, text);
  if (const int code = insert.run_fast(); code != SQLITE_OK) return model::failure(insert.error("source", code));
  std::int64_t id = sources_.next_id;
  if (sqlite3_changes(sqlite3_db_handle(insert.handle())) == 1) {
    ++sources_.next_id;
  } else {
    ResetAtEnd reset(sources_.find);
    TRY(const bool is_known, sources_.find.bind(1, text).step());
    if (!is_known) return model::failure("database-damaged", "the address " + text + " is neither new nor known");
    id = sources_.find.integer(0);
  }
  sources_.cache.insert(key, id);
  return id;
}

}  // namespace ruaudit::store
