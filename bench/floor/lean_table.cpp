#include "bench/floor/lean_table.hpp"

#include <arpa/inet.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <unordered_map>

#include "bench/floor/mails.hpp"

namespace floor_bench {
namespace {

struct Row {
  std::array<unsigned char, 16> address{};
  std::uint8_t address_octets = 0;
  char disposition = 0, reason = 0;
  bool dkim = false, spf = false;
  std::int64_t count = 0;
  std::uint32_t header_from = 0, envelope_from = 0;
  std::uint32_t auth_begin = 0, auth_octets = 0;
};

struct Report {
  Head head;
  std::size_t end_row;
};

class Connection {
 public:
  explicit Connection(const std::string& path) {
    if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) give_up("cannot open " + path);
  }
  ~Connection() { sqlite3_close(db_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  void run(const char* sql) const {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) give_up(sqlite3_errmsg(db_));
  }
  [[nodiscard]] sqlite3_stmt* prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
      give_up(sqlite3_errmsg(db_));
    return statement;
  }

 private:
  sqlite3* db_ = nullptr;
};

void finish(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK) give_up("an insert failed");
}

void bind_text(sqlite3_stmt* statement, int index, const std::string& text) {
  sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

}  // namespace

struct LeanTable::State {
  std::vector<Row> rows;
  std::vector<Report> reports;
  std::string auth;  // of all rows: number of the domain, number of the selector, result
  std::vector<std::string> names;
  std::unordered_map<std::string, std::uint32_t> number_of;

  std::uint32_t intern(const std::string& name) {
    const auto [at, is_new] = number_of.try_emplace(name, static_cast<std::uint32_t>(names.size() + 1));
    if (is_new) names.push_back(name);
    return at->second;
  }
  void append_auth(std::uint32_t value) { auth.append(reinterpret_cast<const char*>(&value), 3); }

  void insert_names(const Connection& db) const;
  void insert_reports(const Connection& db) const;
  void insert_row(sqlite3_stmt* insert, const Row& row) const;
};

LeanTable::LeanTable() : state_(std::make_unique<State>()) {}
LeanTable::~LeanTable() = default;
std::size_t LeanTable::records() const { return state_->rows.size(); }

void LeanTable::record(const Fields& fields) {
  Row row;
  if (inet_pton(AF_INET, fields.source_ip.c_str(), row.address.data()) == 1)
    row.address_octets = 4;
  else if (inet_pton(AF_INET6, fields.source_ip.c_str(), row.address.data()) == 1)
    row.address_octets = 16;
  row.count = fields.count;
  row.disposition = fields.disposition.front();
  row.reason = fields.reason.empty() ? '-' : fields.reason.front();
  row.dkim = fields.dkim == "pass";
  row.spf = fields.spf == "pass";
  row.header_from = state_->intern(fields.header_from);
  row.envelope_from = state_->intern(fields.envelope_from);
  row.auth_begin = static_cast<std::uint32_t>(state_->auth.size());
  for (std::size_t i = 0; i < fields.auths; ++i) {
    state_->append_auth(state_->intern(fields.auth[i].domain));
    state_->append_auth(state_->intern(fields.auth[i].selector));
    state_->auth.push_back(fields.auth[i].result.front());
  }
  row.auth_octets = static_cast<std::uint32_t>(state_->auth.size()) - row.auth_begin;
  state_->rows.push_back(row);
}

void LeanTable::report(const Head& head) { state_->reports.push_back({head, state_->rows.size()}); }

void LeanTable::insert_all(const std::string& path) const {
  const auto remove = [&path] {
    for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((path + suffix).c_str());
  };
  remove();
  {
    const Connection db(path);
    db.run(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; BEGIN IMMEDIATE;"
        "CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
        "CREATE TABLE report (id INTEGER PRIMARY KEY, reporter TEXT, report_id TEXT, domain TEXT, first INT,"
        " last INT, email TEXT, p TEXT, sp TEXT, UNIQUE (reporter, report_id));"
        "CREATE TABLE record (report INT, n INT, address BLOB, count INT, disposition INT, dkim INT, spf INT,"
        " header_from INT, envelope_from INT, reason INT, auth BLOB, PRIMARY KEY (report, n)) WITHOUT ROWID;"
        "CREATE INDEX record_by_address ON record (address)");
    state_->insert_names(db);
    state_->insert_reports(db);
    db.run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  }
  remove();
}

void LeanTable::State::insert_names(const Connection& db) const {
  sqlite3_stmt* const insert = db.prepare("INSERT INTO name VALUES (?, ?)");
  for (std::size_t i = 0; i < names.size(); ++i) {
    sqlite3_bind_int64(insert, 1, static_cast<std::int64_t>(i + 1));
    bind_text(insert, 2, names[i]);
    finish(insert);
  }
  sqlite3_finalize(insert);
}

void LeanTable::State::insert_reports(const Connection& db) const {
  sqlite3_stmt* const insert = db.prepare("INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  sqlite3_stmt* const insert_record = db.prepare("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  std::size_t next = 0;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Head& head = reports[i].head;
    const auto number = static_cast<std::int64_t>(i + 1);
    sqlite3_bind_int64(insert, 1, number);
    int index = 2;
    for (const auto* text : {&head.org_name, &head.report_id, &head.domain}) bind_text(insert, index++, *text);
    sqlite3_bind_int64(insert, index++, head.begin);
    sqlite3_bind_int64(insert, index++, head.end);
    for (const auto* text : {&head.email, &head.policy, &head.subdomain_policy}) bind_text(insert, index++, *text);
    finish(insert);
    sqlite3_bind_int64(insert_record, 1, number);
    for (std::int64_t n = 1; next < reports[i].end_row; ++next, ++n) {
      sqlite3_bind_int64(insert_record, 2, n);
      insert_row(insert_record, rows[next]);
    }
  }
  sqlite3_finalize(insert_record);
  sqlite3_finalize(insert);
}

void LeanTable::State::insert_row(sqlite3_stmt* insert, const Row& row) const {
  sqlite3_bind_blob(insert, 3, row.address.data(), row.address_octets, SQLITE_STATIC);
  sqlite3_bind_int64(insert, 4, row.count);
  sqlite3_bind_int(insert, 5, row.disposition);
  sqlite3_bind_int(insert, 6, row.dkim);
  sqlite3_bind_int(insert, 7, row.spf);
  sqlite3_bind_int64(insert, 8, row.header_from);
  sqlite3_bind_int64(insert, 9, row.envelope_from);
  sqlite3_bind_int(insert, 10, row.reason);
  sqlite3_bind_blob(insert, 11, auth.data() + row.auth_begin, static_cast<int>(row.auth_octets), SQLITE_STATIC);
  finish(insert);
}

}  // namespace floor_bench
