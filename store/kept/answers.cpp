#include "store/kept/answers.hpp"

#include <array>
#include <string_view>

#include "store/content/compress.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// The rows of a report, what they share, and their sums: they change in the transaction alone that stores, counts,
// trusts or removes a report, or are rebuilt to the same effect (store/facts/streams.hpp). A trigger for each of them
// would cost an ingest a third of its time; those of the reports do for all.
constexpr std::array<std::string_view, 22> of_reports = {
    "auth_month",      "auth_name",     "auth_result", "domain",          "domain_day", "identifier_set",
    "override_month",  "override_name", "policy",      "policy_override", "record",     "reporter",
    "result_class",    "source",        "source_day",  "stale_day",       "stream_day", "tls_day",
    "tls_failure_day", "tls_policy",    "verdict",     "verdict_day"};

constexpr int patience_ms = 100;  // for another writer; an answer that is not kept is only made again

// Names of views are among what was read, next to the tables behind them.
model::Result<bool> is_table(sqlite3* db, const std::string& name) {
  TRY(auto find, Statement::prepare(db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1"));
  return find.bind(1, std::string_view(name)).step();
}

// One for each change, since an SQLite trigger handles one event only.
Status watch_table(sqlite3* db, const std::string& table) {
  for (const std::string change : {"INSERT", "UPDATE", "DELETE"}) {
    const std::string sql = "CREATE TRIGGER IF NOT EXISTS kept_" + table + "_" + change + " AFTER " + change + " ON " +
                            table + " WHEN EXISTS (SELECT 1 FROM kept_answer) BEGIN DELETE FROM kept_answer; END";
    TRY_VOID(execute(db, sql.c_str()));
  }
  return {};
}

Status insert(sqlite3* db, const KeptJudgement& answer) {
  if (answer.content.size() > longest_kept_answer) return {};
  const std::string packed = deflated(answer.content);
  TRY(auto add, Statement::prepare(db,
                                   "INSERT OR REPLACE INTO kept_answer (question, made_at, octets, content)"
                                   " VALUES (?1, ?2, ?3, ?4)"));
  add.bind(1, std::string_view(answer.question)).bind(2, answer.made_at);
  add.bind(3, static_cast<std::int64_t>(answer.content.size()));
  add.bind_blob(4, {reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size()});
  return add.run();
}

Status keep_all(sqlite3* db, const Moment& moment, const std::vector<KeptJudgement>& answers) {
  // This transaction has the right to write, and nobody else can: what is still now stays so until it ends.
  if (!moment.is_still_now()) return model::failure("kept-late", "the facts have changed");
  auto names = moment.tables();
  for (const auto name : of_reports) names.erase(std::string(name));
  names.erase("kept_answer");
  names.insert({"report", "tls_report"});
  for (const auto& name : names) {
    TRY(const bool is_watched, is_table(db, name));
    if (is_watched) TRY_VOID(watch_table(db, name));
  }
  for (const auto& answer : answers) TRY_VOID(insert(db, answer));
  TRY(auto trim, Statement::prepare(db,
                                    "DELETE FROM kept_answer WHERE rowid NOT IN"
                                    " (SELECT rowid FROM kept_answer ORDER BY rowid DESC LIMIT ?1)"));
  return trim.bind(1, static_cast<std::int64_t>(most_kept_answers)).run();
}

}  // namespace

std::optional<KeptJudgement> kept_answer(const Database& database, const std::string& question) {
  auto find =
      Statement::prepare(database.handle(), "SELECT made_at, octets, content FROM kept_answer WHERE question = ?1");
  if (!find) return std::nullopt;
  const auto has_row = find->bind(1, std::string_view(question)).step();
  if (!has_row || !*has_row) return std::nullopt;
  const std::int64_t octets = find->integer(1);
  if (octets < 0 || octets > static_cast<std::int64_t>(longest_kept_answer)) return std::nullopt;
  auto content = inflated(find->blob(2), octets);
  if (!content) return std::nullopt;
  return KeptJudgement{.question = question, .made_at = find->integer(0), .content = std::move(*content)};
}

bool keep_answers(Moment& moment, const std::vector<KeptJudgement>& answers) {
  if (!moment.end()) return false;
  const auto writer = Database::open({.path = moment.path(),
                                      .access = Access::read_write,
                                      .older = OlderFile::refuse,
                                      .busy_timeout_ms = patience_ms});
  if (!writer) return false;
  sqlite3* const db = writer->handle();
  return in_transaction(db, [&] { return keep_all(db, moment, answers); }).has_value();
}

}  // namespace ruaudit::store
