#include "store/facts/dns_records.hpp"

#include "model/fail_point.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view select_states =
    "SELECT domain, type, name, status, text, target, fault, first_seen, last_seen, is_current FROM dns_record";

model::DnsRecordState state_of(const Statement& row) {
  return {.domain = std::string(row.text(0)),
          .type = model::parse_enum<model::DnsRecordType>(row.text(1)).value_or(model::DnsRecordType::spf),
          .name = std::string(row.text(2)),
          .status = model::parse_enum<model::DnsRecordStatus>(row.text(3)).value_or(model::DnsRecordStatus::none),
          .text = std::string(row.text(4)),
          .target = std::string(row.text(5)),
          .fault = std::string(row.text(6)),
          .first_seen = row.integer(7),
          .last_seen = row.integer(8),
          .is_current = row.integer(9) != 0};
}

struct SnapshotWriter {
  Statement find, extend, retire, insert;

  static model::Result<SnapshotWriter> create(sqlite3* db) {
    const std::string current =
        std::string(select_states) + " WHERE domain = ? AND type = ? AND name = ? AND is_current = 1";
    const std::string where = " WHERE domain = ?1 AND type = ?2 AND name = ?3 AND is_current = 1";
    TRY(auto find, Statement::prepare(db, current));
    TRY(auto extend, Statement::prepare(db, "UPDATE dns_record SET last_seen = max(last_seen, ?4)" + where));
    TRY(auto retire, Statement::prepare(db, "UPDATE dns_record SET is_current = 0" + where));
    TRY(auto insert,
        Statement::prepare(db, "INSERT INTO dns_record VALUES (NULL, ?1, ?2, ?3, ?5, ?6, ?7, ?8, ?4, ?4, 1)"));
    return SnapshotWriter{std::move(find), std::move(extend), std::move(retire), std::move(insert)};
  }
  static Statement& name(Statement& statement, const model::DnsRecordState& answer) {
    return statement.bind(1, answer.domain).bind(2, model::to_text(answer.type)).bind(3, answer.name);
  }
  Status save(const model::DnsRecordState& answer, std::int64_t asked_at) {
    bool is_known = false, is_same = false;
    {
      ResetAtEnd reset(find);
      TRY(is_known, name(find, answer).step());
      if (is_known) {
        const auto former = state_of(find);
        // A clock that goes back writes no history.
        is_same = former.last_seen > asked_at || (former.status == answer.status && former.text == answer.text &&
                                                  former.target == answer.target && former.fault == answer.fault);
      }
    }
    if (is_same) return name(extend, answer).bind(4, asked_at).run();
    if (is_known) TRY_VOID(name(retire, answer).run());
    name(insert, answer).bind(4, asked_at).bind(5, model::to_text(answer.status)).bind(6, answer.text);
    return insert.bind(7, answer.target).bind(8, answer.fault).run();
  }
};

}  // namespace

model::Result<void> save_snapshot(Database& database, const std::vector<model::DnsRecordState>& answers,
                                  std::int64_t asked_at) {
  TRY(auto writer, SnapshotWriter::create(database.handle()));
  return in_transaction(database.handle(), [&]() -> Status {
    for (const auto& answer : answers) TRY_VOID(writer.save(answer, asked_at));
    RUAUDIT_FAIL_POINT("store.snapshot");
    return {};
  });
}

model::Result<std::vector<model::DnsRecordState>> dns_record_states(Database& database) {
  const std::string sql = std::string(select_states) + " ORDER BY domain, type, name, first_seen, id";
  TRY(auto find, Statement::prepare(database.handle(), sql));
  std::vector<model::DnsRecordState> states;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return states;
    states.push_back(state_of(find));
  }
}

model::Result<std::vector<std::string>> reported_domains(Database& database) {
  TRY(auto find, Statement::prepare(database.handle(), "SELECT name FROM domain ORDER BY name"));
  std::vector<std::string> names;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return names;
    names.emplace_back(find.text(0));
  }
}

}  // namespace ruaudit::store
