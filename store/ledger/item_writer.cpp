#include "store/ledger/item_writer.hpp"

#include <algorithm>
#include <array>

namespace ruaudit::store {
namespace {

constexpr std::int64_t chunk_shift = 24;

constexpr std::string_view insert_sql =
    "INSERT INTO ledger (id, item_kind, source, locator, content_hash, size, outcome, received, first_seen, last_seen,"
    " acknowledgement, mailbox, folder, uidvalidity, uid) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, "
    "?12,"
    " ?13, ?14)";

constexpr std::string_view best_part_sql =
    "SELECT outcome FROM ledger_part WHERE ledger_id = ? ORDER BY"
    " instr('stored conflict superseded duplicate kept rejected not_a_report', outcome) LIMIT 1";

void bind_text_or_null(Statement& statement, int index, const std::string& text) {
  if (text.empty())
    statement.bind_null(index);
  else
    statement.bind(index, text);
}

Outcome outcome_of(std::string_view text) { return model::parse_enum<Outcome>(text).value_or(Outcome::not_a_report); }

}  // namespace

model::Result<ItemWriter> ItemWriter::create(sqlite3* db) {
  constexpr std::array<std::string_view, 19> texts = {
      "SELECT id, mailbox IS NOT NULL FROM ledger WHERE content_hash = ? ORDER BY id",
      "SELECT id, content_hash FROM ledger WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?",
      "UPDATE ledger SET seen_count = seen_count + 1, last_seen = max(last_seen, ?) WHERE id = ?",
      "UPDATE ledger SET mailbox = NULL, folder = NULL, uidvalidity = NULL, uid = NULL, acknowledgement = CASE"
      " acknowledgement WHEN 'done' THEN 'done' ELSE 'none' END WHERE id = ?",
      insert_sql,
      "UPDATE ledger SET outcome = ? WHERE id = ?",
      "INSERT INTO ledger_part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      best_part_sql,
      "INSERT INTO original_chunk (id, codec, size, data) VALUES (?, ?, ?, ?)",
      "DELETE FROM original_chunk WHERE id BETWEEN ? AND ?",
      "INSERT INTO failure_original_chunk VALUES (?, ?, ?, ?)",
      "DELETE FROM failure_original_chunk WHERE id BETWEEN ? AND ?",
      "INSERT INTO failure_original_chunk SELECT id, codec, size, data FROM original_chunk WHERE id BETWEEN ? AND ?",
      "INSERT INTO original (ledger_id, extent, size) VALUES (?, ?, ?)",
      "DELETE FROM original WHERE ledger_id = ?",
      "SELECT path, outcome, coalesce(report_id, 0), coalesce(failure_id, 0), coalesce(tls_id, 0) FROM ledger_part"
      " WHERE ledger_id = ? ORDER BY part",
      "DELETE FROM ledger_part WHERE ledger_id = ?",
      "SELECT received FROM ledger WHERE id = ?",
      "UPDATE original SET sample_policy = NULL WHERE ledger_id = ?"};
  std::vector<Statement> s;
  for (const auto text : texts) {
    TRY(auto prepared, Statement::prepare(db, text));
    s.push_back(std::move(prepared));
  }
  auto next = s.begin();
  const auto take = [&next] { return std::move(*next++); };
  // Members are initialised in their order, which is that of the texts.
  return ItemWriter({take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take(),
                     take(), take(), take(), take(), take(), take(), take()});
}

Status ItemWriter::reload() {
  TRY(next_ledger_key_,
      query_integer(sqlite3_db_handle(statements_.insert.handle()), "SELECT coalesce(max(id), 0) + 1 FROM ledger"));
  return {};
}

model::Result<std::int64_t> ItemWriter::find_message(const Item& item) {
  Statement& find = statements_.find_message;
  std::int64_t key = 0;
  bool is_same = false;
  {
    ResetAtEnd reset(find);
    const auto& message = *item.message;
    find.bind(1, message.mailbox).bind(2, message.folder).bind(3, message.uidvalidity).bind(4, message.uid);
    TRY(const bool has_row, find.step());
    if (!has_row) return 0;
    key = find.integer(0);
    const auto hash = find.blob(1);
    is_same = std::equal(hash.begin(), hash.end(), item.content_hash.begin(), item.content_hash.end());
  }
  if (is_same) return key;
  // A server that gives a UID to another message: the new one takes the name, the old row stays without it, and nothing
  // is left to be done with its message.
  TRY_VOID(statements_.forget_message.bind(1, key).run());
  return 0;
}

// The first row with these octets, one without a mailbox before those that have one. Not sorted by SQLite, which would
// set up a sorter for each item, although most are new.
model::Result<std::int64_t> ItemWriter::find_content(const Item& item) {
  Statement& find = statements_.find_content;
  ResetAtEnd reset(find);
  find.bind_blob(1, item.content_hash);
  std::int64_t first = 0;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return first;
    if (find.integer(1) == 0) return find.integer(0);
    if (first == 0) first = find.integer(0);
  }
}

// A mailbox message is known by its name; a copy of known octets under another name gets a row of its own, because it
// is acknowledged by itself. Anything else is known by its octets.
model::Result<bool> ItemWriter::begin(const Item& item) {
  item_ = item;
  is_again_ = has_changed_parts_ = has_failure_ = false;
  parts_ = chunks_ = original_octets_ = 0;
  best_ = Outcome::not_a_report;
  if (item.message) {
    TRY(const auto named, find_message(item));
    if (named != 0) {
      TRY_VOID(touch(named, item));
      return true;
    }
  }
  TRY(const auto same_octets, find_content(item));
  if (same_octets != 0 && !item.message) {
    TRY_VOID(touch(same_octets, item));
    return true;
  }
  ledger_key_ = next_ledger_key_++;
  if (same_octets != 0) TRY_VOID(insert(item, Outcome::duplicate));
  return same_octets != 0;
}

Status ItemWriter::touch(std::int64_t ledger_key, const Item& item) {
  return statements_.touch.bind(1, item.now).bind(2, ledger_key).run();
}

Status ItemWriter::insert(const Item& item, Outcome outcome) {
  Statement& insert = statements_.insert;
  insert.bind(1, ledger_key_).bind(2, model::to_text(item.kind)).bind(3, item.source).bind(4, item.locator);
  insert.bind_blob(5, item.content_hash).bind(6, item.size).bind(7, model::to_text(outcome)).bind(8, item.received);
  insert.bind(9, item.now).bind(10, item.needs_acknowledgement ? "pending" : "none");
  for (const int index : {11, 12, 13, 14}) insert.bind_null(index);
  if (item.message) {
    insert.bind(11, item.message->mailbox).bind(12, item.message->folder).bind(13, item.message->uidvalidity);
    insert.bind(14, item.message->uid);
  }
  return insert.run();
}

model::Result<std::vector<FormerPart>> ItemWriter::begin_again(std::int64_t ledger_key) {
  item_ = {};
  is_again_ = true;
  has_changed_parts_ = has_failure_ = false;
  parts_ = chunks_ = original_octets_ = 0;
  best_ = Outcome::not_a_report;
  ledger_key_ = ledger_key;
  {
    ResetAtEnd reset(statements_.find_received);
    TRY(const bool is_there, statements_.find_received.bind(1, ledger_key).step());
    if (!is_there) return model::failure("ledger-row", "there is no ledger row " + std::to_string(ledger_key));
    item_.received = statements_.find_received.integer(0);
  }
  std::vector<FormerPart> former;
  {
    Statement& find = statements_.find_parts;
    ResetAtEnd reset(find);
    find.bind(1, ledger_key);
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) break;
      former.push_back({std::string(find.text(0)),
                        outcome_of(find.text(1)),
                        find.integer(2),
                        find.integer(2),
                        {},
                        find.integer(3),
                        find.integer(4)});
    }
  }
  TRY_VOID(statements_.delete_parts.bind(1, ledger_key).run());
  return former;
}

Status ItemWriter::add_chunk(Extent extent, const EncodedChunk& chunk) {
  extent_ = extent;
  Statement& insert = has_failure_ ? statements_.insert_failure_chunk : statements_.insert_chunk;
  insert.bind(1, ledger_key_ << chunk_shift | chunks_).bind(2, model::to_text(chunk.codec));
  insert.bind(3, static_cast<std::int64_t>(chunk.size));
  insert.bind_blob(4, {reinterpret_cast<const std::uint8_t*>(chunk.data.data()), chunk.data.size()});
  TRY_VOID(insert.run());
  ++chunks_;
  original_octets_ += chunk.size;
  return {};
}

Status ItemWriter::discard_original() {
  const std::int64_t first = ledger_key_ << chunk_shift;
  const std::int64_t last = first + (1 << chunk_shift) - 1;
  TRY_VOID(statements_.delete_chunks.bind(1, first).bind(2, last).run());
  TRY_VOID(statements_.delete_failure_chunks.bind(1, first).bind(2, last).run());
  TRY_VOID(statements_.delete_original.bind(1, ledger_key_).run());
  chunks_ = original_octets_ = 0;
  return {};
}

Status ItemWriter::set_failure_original_apart() {
  if (has_failure_) return {};
  has_failure_ = true;
  const std::int64_t first = ledger_key_ << chunk_shift;
  const std::int64_t last = first + (1 << chunk_shift) - 1;
  TRY_VOID(statements_.move_chunks.bind(1, first).bind(2, last).run());
  TRY_VOID(statements_.delete_chunks.bind(1, first).bind(2, last).run());
  return statements_.forget_policy.bind(1, ledger_key_).run();
}

Status ItemWriter::add_part(const PartRow& row) {
  Statement& insert = statements_.insert_part;
  insert.bind(1, ledger_key_).bind(2, ++parts_).bind(3, row.part.path).bind(4, model::to_text(row.part.kind));
  insert.bind(5, model::to_text(row.outcome));
  bind_text_or_null(insert, 6, row.finding.code);
  bind_text_or_null(insert, 7, row.finding.place);
  bind_text_or_null(insert, 8, row.finding.reason);
  insert.bind(9, row.records).bind(10, row.messages);
  insert.bind_optional(11, row.report_key != 0 ? std::optional(row.report_key) : std::nullopt);
  insert.bind_optional(12, row.failure_key != 0 ? std::optional(row.failure_key) : std::nullopt);
  insert.bind_optional(13, row.tls_key != 0 ? std::optional(row.tls_key) : std::nullopt);
  best_ = std::min(best_, row.outcome);
  return insert.run();
}

model::Result<Outcome> ItemWriter::best_outcome() {
  if (!has_changed_parts_ || parts_ == 0) return best_;
  ResetAtEnd reset(statements_.best_part);
  TRY(const bool has_row, statements_.best_part.bind(1, ledger_key_).step());
  return has_row ? outcome_of(statements_.best_part.text(0)) : best_;
}

model::Result<Outcome> ItemWriter::end() {
  TRY(const Outcome outcome, best_outcome());
  if (is_again_) {
    TRY_VOID(statements_.finish.bind(1, model::to_text(outcome)).bind(2, ledger_key_).run());
  } else {
    TRY_VOID(insert(item_, outcome));
  }
  if (chunks_ > 0) {
    Statement& original = statements_.insert_original;
    original.bind(1, ledger_key_).bind(2, model::to_text(extent_)).bind(3, original_octets_);
    TRY_VOID(original.run());
  }
  return outcome;
}

}  // namespace ruaudit::store
