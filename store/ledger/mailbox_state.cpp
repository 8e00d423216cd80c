#include "store/ledger/mailbox_state.hpp"

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// A copy of known octets has outcome duplicate and no parts; what its octets are says the row that has them.
constexpr std::string_view pending_sql =
    "SELECT m.id, m.uid, m.attempts, coalesce("
    "  CASE WHEN m.outcome = 'duplicate' THEN"
    "    (SELECT o.outcome FROM ledger AS o WHERE o.content_hash = m.content_hash"
    "      AND EXISTS (SELECT 1 FROM ledger_part AS p WHERE p.ledger_id = o.id) ORDER BY o.id LIMIT 1) END, m.outcome)"
    " FROM ledger AS m INDEXED BY ledger_by_acknowledgement"
    " WHERE m.acknowledgement IN ('pending', 'failed')"
    "  AND (m.acknowledgement = 'pending' OR m.last_attempt IS NULL OR m.last_attempt < ?5)"
    "  AND m.mailbox = ?1 AND m.folder = ?2 AND m.uidvalidity = ?3 AND m.id > ?4 ORDER BY m.id LIMIT ?6";

constexpr std::string_view visit_sql =
    "INSERT INTO source_state (source, last_attempt, last_success, failures, messages, error_code, error)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT (source) DO UPDATE SET last_attempt = excluded.last_attempt,"
    "  last_success = coalesce(excluded.last_success, last_success),"
    "  failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE failures + 1 END,"
    "  messages = messages + excluded.messages, error_code = excluded.error_code, error = excluded.error";

Statement& bind_folder(Statement& statement, const MailboxFolder& folder) {
  return statement.bind(1, folder.mailbox).bind(2, folder.folder).bind(3, folder.uidvalidity);
}

Outcome outcome_of(std::string_view text) { return model::parse_enum<Outcome>(text).value_or(Outcome::not_a_report); }

}  // namespace

struct MailboxState::Statements {
  sqlite3* db;
  Statement is_known, find, begin_check, forget_pending, forget_attempts, attempts, begin_attempt, restore_attempt,
      settle, forget_attempt, pending, acknowledge, count_failed, visit;
};

MailboxState::MailboxState(std::unique_ptr<Statements> statements) : statements_(std::move(statements)) {}
MailboxState::MailboxState(MailboxState&&) noexcept = default;
MailboxState& MailboxState::operator=(MailboxState&&) noexcept = default;
MailboxState::~MailboxState() = default;

model::Result<MailboxState> MailboxState::create(Database& database) {
  // Long statements are split over lines on purpose.  NOLINTBEGIN(bugprone-suspicious-missing-comma)
  constexpr std::string_view texts[] = {
      "SELECT 1 FROM ledger WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?",
      "SELECT id, size, acknowledgement, attempts, seen_count, last_attempt FROM ledger"
      " WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?",
      "UPDATE ledger SET attempts = attempts + 1 WHERE id = ? AND acknowledgement <> 'pending'",
      "UPDATE ledger SET acknowledgement = 'none' WHERE acknowledgement IN ('pending', 'failed')"
      " AND mailbox = ? AND folder = ? AND uidvalidity <> ?",
      "DELETE FROM mailbox_attempt WHERE mailbox = ? AND folder = ? AND uidvalidity <> ?",
      "SELECT uid, attempts, last_attempt FROM mailbox_attempt WHERE mailbox = ? AND folder = ? AND uidvalidity = ?",
      "INSERT INTO mailbox_attempt (mailbox, folder, uidvalidity, uid, attempts, last_attempt)"
      " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET attempts = attempts + 1,"
      " last_attempt = excluded.last_attempt",
      "UPDATE mailbox_attempt SET attempts = ?5, last_attempt = ?6"
      " WHERE mailbox = ?1 AND folder = ?2 AND uidvalidity = ?3 AND uid = ?4",
      "DELETE FROM mailbox_attempt WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND EXISTS"
      " (SELECT 1 FROM ledger AS l WHERE l.mailbox = mailbox_attempt.mailbox AND l.folder = mailbox_attempt.folder"
      "  AND l.uidvalidity = mailbox_attempt.uidvalidity AND l.uid = mailbox_attempt.uid)",
      "DELETE FROM mailbox_attempt WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?",
      pending_sql,
      "UPDATE ledger SET acknowledgement = ? WHERE id = ?",
      "UPDATE ledger SET attempts = attempts + 1, last_attempt = ?2,"
      " acknowledgement = CASE WHEN attempts + 1 >= ?3 THEN 'failed' ELSE 'pending' END WHERE id = ?1",
      visit_sql};
  // NOLINTEND(bugprone-suspicious-missing-comma)
  sqlite3* db = database.handle();
  std::vector<Statement> prepared;
  for (const auto text : texts) {
    TRY(auto statement, Statement::prepare(db, text));
    prepared.push_back(std::move(statement));
  }
  auto next = prepared.begin();
  const auto take = [&next] { return std::move(*next++); };
  // Members are initialised in their order, which is that of the texts.
  return MailboxState(
      std::make_unique<Statements>(Statements{db, take(), take(), take(), take(), take(), take(), take(), take(),
                                              take(), take(), take(), take(), take(), take()}));
}

model::Result<bool> MailboxState::is_known(const MailboxFolder& folder, std::string_view uid) {
  Statement& find = statements_->is_known;
  ResetAtEnd reset(find);
  return bind_folder(find, folder).bind(4, uid).step();
}

model::Result<std::optional<NamedMessage>> MailboxState::find(const MailboxFolder& folder, std::string_view uid) {
  Statement& find = statements_->find;
  ResetAtEnd reset(find);
  TRY(const bool has_row, bind_folder(find, folder).bind(4, uid).step());
  if (!has_row) return std::optional<NamedMessage>();
  NamedMessage found{
      .ledger_key = find.integer(0),
      .size = find.integer(1),
      .acknowledgement = model::parse_enum<Acknowledgement>(find.text(2)).value_or(Acknowledgement::none),
      .attempts = find.integer(3),
      .seen_count = find.integer(4),
      .last_attempt = std::nullopt};
  if (!find.is_null(5)) found.last_attempt = find.integer(5);
  return std::optional(found);
}

Status MailboxState::begin_check(std::span<const std::int64_t> ledger_keys) {
  return in_transaction(statements_->db, [&]() -> Status {
    for (const std::int64_t key : ledger_keys) TRY_VOID(statements_->begin_check.bind(1, key).run());
    return {};
  });
}

model::Result<bool> MailboxState::has_mailbox(std::string_view name) {
  TRY(auto find, Statement::prepare(statements_->db,
                                    "SELECT 1 FROM ledger WHERE mailbox = ?1 UNION ALL"
                                    " SELECT 1 FROM mailbox_attempt WHERE mailbox = ?1 LIMIT 1"));
  return find.bind(1, name).step();
}

Status MailboxState::rename_mailbox(std::string_view former, std::string_view name) {
  return in_transaction(statements_->db, [&]() -> Status {
    for (const std::string_view sql :
         {"UPDATE OR IGNORE ledger SET mailbox = ?2 WHERE mailbox = ?1",
          "UPDATE ledger SET mailbox = NULL, folder = NULL, uidvalidity = NULL, uid = NULL, acknowledgement = 'none'"
          " WHERE mailbox = ?1",
          "UPDATE OR REPLACE mailbox_attempt SET mailbox = ?2 WHERE mailbox = ?1"}) {
      TRY(auto change, Statement::prepare(statements_->db, sql));
      TRY_VOID(change.bind(1, former).bind(2, name).run());
    }
    return {};
  });
}

Status MailboxState::forget_other_validities(const MailboxFolder& folder) {
  return in_transaction(statements_->db, [&]() -> Status {
    TRY_VOID(bind_folder(statements_->forget_pending, folder).run());
    return bind_folder(statements_->forget_attempts, folder).run();
  });
}

model::Result<Attempts> MailboxState::attempts(const MailboxFolder& folder) {
  Statement& find = statements_->attempts;
  ResetAtEnd reset(find);
  bind_folder(find, folder);
  Attempts found;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return found;
    found.emplace(find.text(0), Attempt{find.integer(1), find.integer(2)});
  }
}

Status MailboxState::begin_attempts(const MailboxFolder& folder, std::span<const std::string> uids, std::int64_t now) {
  return in_transaction(statements_->db, [&]() -> Status {
    for (const std::string& uid : uids)
      TRY_VOID(bind_folder(statements_->begin_attempt, folder).bind(4, uid).bind(5, now).run());
    return {};
  });
}

Status MailboxState::settle_attempts(const MailboxFolder& folder, std::span<const std::string> not_counted,
                                     const Attempts& former) {
  return in_transaction(statements_->db, [&]() -> Status {
    TRY_VOID(bind_folder(statements_->settle, folder).run());
    for (const std::string& uid : not_counted) {
      const auto before = former.find(uid);
      if (before == former.end()) {
        TRY_VOID(forget_attempt(folder, uid));
        continue;
      }
      Statement& restore = bind_folder(statements_->restore_attempt, folder).bind(4, uid);
      TRY_VOID(restore.bind(5, before->second.count).bind(6, before->second.last).run());
    }
    return {};
  });
}

Status MailboxState::forget_attempt(const MailboxFolder& folder, std::string_view uid) {
  return bind_folder(statements_->forget_attempt, folder).bind(4, uid).run();
}

model::Result<std::vector<PendingMessage>> MailboxState::pending(const MailboxFolder& folder, std::int64_t after,
                                                                 std::int64_t failed_before, std::size_t limit) {
  Statement& find = statements_->pending;
  ResetAtEnd reset(find);
  bind_folder(find, folder).bind(4, after).bind(5, failed_before).bind(6, static_cast<std::int64_t>(limit));
  std::vector<PendingMessage> found;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return found;
    found.push_back({.ledger_key = find.integer(0),
                     .uid = std::string(find.text(1)),
                     .outcome = outcome_of(find.text(3)),
                     .attempts = find.integer(2)});
  }
}

Status MailboxState::set_acknowledgement(std::span<const std::int64_t> ledger_keys, Acknowledgement state) {
  return in_transaction(statements_->db, [&]() -> Status {
    for (const std::int64_t key : ledger_keys)
      TRY_VOID(statements_->acknowledge.bind(1, model::to_text(state)).bind(2, key).run());
    return {};
  });
}

Status MailboxState::count_failed_acknowledgement(std::span<const std::int64_t> ledger_keys, std::int64_t max_attempts,
                                                  std::int64_t now) {
  return in_transaction(statements_->db, [&]() -> Status {
    for (const std::int64_t key : ledger_keys)
      TRY_VOID(statements_->count_failed.bind(1, key).bind(2, now).bind(3, max_attempts).run());
    return {};
  });
}

Status MailboxState::record_visit(const Visit& visit) {
  Statement& insert = statements_->visit;
  const bool went_well = !visit.error;
  insert.bind(1, visit.source).bind(2, visit.now);
  insert.bind_optional(3, went_well ? std::optional(visit.now) : std::nullopt);
  insert.bind(4, went_well ? 0 : 1).bind(5, visit.stored_messages).bind_null(6).bind_null(7);
  if (visit.error) insert.bind(6, visit.error->code).bind(7, visit.error->message);
  return insert.run();
}

model::Result<std::vector<SourceState>> source_states(Database& database) {
  TRY(auto find, Statement::prepare(database.handle(),
                                    "SELECT source, last_attempt, last_success, failures, messages, error_code, error"
                                    " FROM source_state ORDER BY source"));
  std::vector<SourceState> found;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return found;
    SourceState state{.source = std::string(find.text(0)),
                      .last_attempt = find.integer(1),
                      .last_success = std::nullopt,
                      .failures = find.integer(3),
                      .messages = find.integer(4),
                      .error_code = std::string(find.text(5)),
                      .error = std::string(find.text(6))};
    if (!find.is_null(2)) state.last_success = find.integer(2);
    found.push_back(std::move(state));
  }
}

model::Result<AcknowledgementCounts> count_acknowledgements(Database& database) {
  sqlite3* db = database.handle();
  AcknowledgementCounts counts;
  TRY(counts.pending, query_integer(db, "SELECT count(*) FROM ledger WHERE acknowledgement = 'pending'"));
  TRY(counts.failed, query_integer(db, "SELECT count(*) FROM ledger WHERE acknowledgement = 'failed'"));
  TRY(counts.unfetched, query_integer(db, "SELECT count(*) FROM mailbox_attempt"));
  TRY(counts.withheld, query_integer(db, "SELECT count(*) FROM mailbox_attempt WHERE attempts >= 3"));
  return counts;
}

}  // namespace ruaudit::store
