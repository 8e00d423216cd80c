#include "store/failure/kept_original.hpp"

#include "store/content/original.hpp"
#include "store/failure/permitted.hpp"
#include "store/ledger/reprocess.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t max_header_octets = std::size_t{1} << 20U;

struct OriginalState {
  bool exists = false;
  bool is_mail = false;
  SamplePolicy policy = SamplePolicy::full;
};

model::Result<OriginalState> state_of(sqlite3* db, std::int64_t ledger_key) {
  TRY(auto select, Statement::prepare(db,
                                      "SELECT l.item_kind = 'mail', coalesce(o.sample_policy, 'full') FROM original o"
                                      " JOIN ledger l ON l.id = o.ledger_id WHERE o.ledger_id = ?"));
  TRY(const bool has_row, select.bind(1, ledger_key).step());
  if (!has_row) return OriginalState{};
  return OriginalState{true, select.integer(0) != 0,
                       model::parse_enum<SamplePolicy>(select.text(1)).value_or(SamplePolicy::full)};
}

Status note_policy(sqlite3* db, std::int64_t ledger_key, SamplePolicy policy) {
  TRY(auto update, Statement::prepare(db, "UPDATE original SET sample_policy = ? WHERE ledger_id = ?"));
  return update.bind(1, model::to_text(policy)).bind(2, ledger_key).run();
}

// The beginning of the item, as long as a header block may be.
model::Result<std::string> beginning(Database& database, std::int64_t ledger_key) {
  std::string octets;
  const auto stop = model::failure("stop", "");
  const auto read = read_original(database, ledger_key, [&](std::string_view chunk) -> model::Result<void> {
    octets += chunk;
    if (octets.size() >= max_header_octets) return stop;
    return {};
  });
  if (!read && read.error().code != "stop") return model::failure(read.error());
  octets.resize(std::min(octets.size(), max_header_octets));
  return octets;
}

Status remove_chunks(sqlite3* db, std::int64_t ledger_key) {
  for (const char* sql :
       {"DELETE FROM original_chunk WHERE id BETWEEN ?1 * 16777216 AND ?1 * 16777216 + 16777215",
        "DELETE FROM failure_original_chunk WHERE id BETWEEN ?1 * 16777216 AND ?1 * 16777216 + 16777215"}) {
    TRY(auto remove, Statement::prepare(db, sql));
    TRY_VOID(remove.bind(1, ledger_key).run());
  }
  return {};
}

Status write_header(sqlite3* db, std::int64_t ledger_key, std::string_view header) {
  OriginalChunker chunker(header);
  TRY(auto insert, Statement::prepare(db, "INSERT INTO failure_original_chunk VALUES (?, ?, ?, ?)"));
  std::int64_t id = ledger_key << 24U;
  while (const auto chunk = chunker.next()) {
    insert.bind(1, id++).bind(2, model::to_text(chunk->codec)).bind(3, static_cast<std::int64_t>(chunk->size));
    insert.bind_blob(4, {reinterpret_cast<const std::uint8_t*>(chunk->data.data()), chunk->data.size()});
    TRY_VOID(insert.run());
  }
  TRY(auto update, Statement::prepare(db, "UPDATE original SET extent = 'headers', size = ? WHERE ledger_id = ?"));
  return update.bind(1, static_cast<std::int64_t>(header.size())).bind(2, ledger_key).run();
}

Status drop(sqlite3* db, std::int64_t ledger_key) {
  TRY_VOID(remove_chunks(db, ledger_key));
  TRY(auto remove, Statement::prepare(db, "DELETE FROM original WHERE ledger_id = ?"));
  return remove.bind(1, ledger_key).run();
}

}  // namespace

model::Result<bool> reduce_original(Database& database, std::int64_t ledger_key, SamplePolicy policy,
                                    const Redactor& redactor) {
  sqlite3* db = database.handle();
  TRY(const auto state, state_of(db, ledger_key));
  if (!state.exists) return false;
  if (policy == SamplePolicy::full || policy <= state.policy) {
    if (state.policy == SamplePolicy::full) TRY_VOID(note_policy(db, ledger_key, SamplePolicy::full));
    return false;
  }
  // Of a file that is not a mail (an archive, a bare report) there is no header block to tell from the rest.
  if (policy == SamplePolicy::none || !state.is_mail) {
    TRY_VOID(drop(db, ledger_key));
    return true;
  }
  TRY(const auto octets, beginning(database, ledger_key));
  const std::string header = header_fields(octets);
  const std::string left = permits_words(policy) ? header : redactor.header(header);
  TRY_VOID(remove_chunks(db, ledger_key));
  TRY_VOID(write_header(db, ledger_key, left));
  TRY_VOID(note_policy(db, ledger_key, policy));
  return true;
}

}  // namespace ruaudit::store
