#include "store/kept/moment.hpp"

#include <string_view>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

struct Moment::State {
  explicit State(Database& of) : database(&of) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    sqlite3_set_authorizer(database->handle(), nullptr, nullptr);
    if (is_open) sqlite3_exec(database->handle(), "COMMIT", nullptr, nullptr, nullptr);
  }

  Database* database;
  std::set<std::string> tables{};
  std::int64_t version = 0;  // PRAGMA data_version: it changes with what other connections commit
  bool is_open = false;
};

namespace {

// Of a table whose rows are only counted SQLite names no schema.
int note_table(void* of, int action, const char* name, const char*, const char* schema, const char*) {
  if (action != SQLITE_READ || name == nullptr || (schema != nullptr && std::string_view(schema) != "main"))
    return SQLITE_OK;
  if (!std::string_view(name).starts_with("sqlite_")) static_cast<std::set<std::string>*>(of)->emplace(name);
  return SQLITE_OK;
}

}  // namespace

Moment::Moment(std::unique_ptr<State> state) : state_(std::move(state)) {}
Moment::Moment(Moment&&) noexcept = default;
Moment& Moment::operator=(Moment&&) noexcept = default;
Moment::~Moment() = default;

model::Result<Moment> Moment::begin(Database& database) {
  sqlite3* const db = database.handle();
  auto state = std::make_unique<State>(database);
  TRY(state->version, query_integer(db, "PRAGMA data_version"));
  TRY_VOID(execute(db, "BEGIN"));
  state->is_open = true;
  // A transaction sees the moment of its first reading, not that of BEGIN.
  TRY_VOID(query_integer(db, "SELECT count(*) FROM sqlite_schema"));
  sqlite3_set_authorizer(db, note_table, &state->tables);
  return Moment(std::move(state));
}

bool Moment::end() {
  sqlite3_set_authorizer(state_->database->handle(), nullptr, nullptr);
  if (state_->is_open) state_->is_open = !execute(state_->database->handle(), "COMMIT").has_value();
  return is_still_now();
}

bool Moment::is_still_now() const {
  const auto version = query_integer(state_->database->handle(), "PRAGMA data_version");
  return !state_->is_open && version && *version == state_->version;
}

const std::set<std::string>& Moment::tables() const { return state_->tables; }
const std::string& Moment::path() const { return state_->database->options().path; }

}  // namespace ruaudit::store
