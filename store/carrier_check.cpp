#include "store/carrier_check.hpp"

#include "model/fail_point.hpp"
#include "store/aggregate/versions.hpp"
#include "store/content/compress.hpp"
#include "store/sqlite/sqlite_detail.hpp"
#include "store/tls/rows.hpp"

namespace ruaudit::store {
namespace {

// A part that gave way to a complete copy says nothing about that one's text.
#define RUAUDIT_CARRYING " AND q.outcome IN ('stored', 'conflict', 'duplicate')"

// A part is of one kind, so it names one report at most.
constexpr std::string_view reports_sql =
    "SELECT p.id IS NULL, ifnull(p.id, t.id), q.path, iif(p.id IS NULL, t.organization_name, p.org_name),"
    " iif(p.id IS NULL, t.contact_info, p.email), ifnull(p.authenticity, t.authenticity),"
    " ifnull(p.authenticity, t.authenticity) = 'unchecked' OR"
    " ifnull(iif(p.id IS NULL, t.authenticity_reason, p.authenticity_reason) LIKE 'dns-failure:%', 0)"
    " FROM ledger_part q LEFT JOIN report p ON p.id = q.report_id LEFT JOIN tls_report t ON t.id = q.tls_id"
    " WHERE q.ledger_id = ?1" RUAUDIT_CARRYING " AND ifnull(p.id, t.id) IS NOT NULL ORDER BY q.part";

// What a mail of `ledger l` carries.
constexpr std::string_view carried =
    "SELECT p.authenticity AS authenticity FROM ledger_part q JOIN report p ON p.id = q.report_id"
    " WHERE q.ledger_id = l.id" RUAUDIT_CARRYING
    " UNION ALL SELECT p.authenticity FROM ledger_part q JOIN tls_report p ON p.id = q.tls_id"
    " WHERE q.ledger_id = l.id" RUAUDIT_CARRYING;

// ?1: after this key; ?2: received since.
std::string from_carriers(CarrierChoice choice) {
  std::string sql =
      " FROM ledger l JOIN original o ON o.ledger_id = l.id AND o.extent = 'full' LEFT JOIN carrier_check c ON"
      " c.ledger_id = l.id WHERE l.id > ?1 AND l.received >= ?2 AND l.item_kind = 'mail' AND EXISTS (SELECT 1 FROM (";
  sql += carried;
  sql += ")";
  if (choice == CarrierChoice::waiting)
    sql += " WHERE c.ledger_id IS NULL OR c.is_final = 0 OR authenticity = 'unchecked'";
  sql += ")";
  if (choice == CarrierChoice::recorded) sql += " AND c.ledger_id IS NOT NULL";
  return sql;
}

}  // namespace

model::Result<std::vector<Carrier>> next_carriers(Database& database, const CarrierRequest& request,
                                                  std::int64_t behind, std::size_t most) {
  const std::string sql = "SELECT l.id, l.received, o.size, coalesce(c.is_final, 0)" + from_carriers(request.choice) +
                          " ORDER BY l.id LIMIT ?3";
  TRY(auto find, Statement::prepare(database.handle(), sql));
  find.bind(1, behind).bind(2, request.received_since).bind(3, static_cast<std::int64_t>(most));
  std::vector<Carrier> carriers;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return carriers;
    carriers.push_back({find.integer(0), find.integer(1), find.integer(2), find.integer(3) != 0});
  }
}

model::Result<std::int64_t> count_carriers(Database& database, const CarrierRequest& request) {
  TRY(auto count, Statement::prepare(database.handle(), "SELECT count(*)" + from_carriers(request.choice)));
  TRY(const bool has_row, count.bind(1, std::int64_t{0}).bind(2, request.received_since).step());
  return has_row ? count.integer(0) : 0;
}

struct CarrierReader::State {
  Statement reports, answers;
};

CarrierReader::CarrierReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
CarrierReader::CarrierReader(CarrierReader&&) noexcept = default;
CarrierReader& CarrierReader::operator=(CarrierReader&&) noexcept = default;
CarrierReader::~CarrierReader() = default;

model::Result<CarrierReader> CarrierReader::create(Database& database) {
  TRY(auto reports, Statement::prepare(database.handle(), reports_sql));
  TRY(auto answers,
      Statement::prepare(database.handle(), "SELECT evidence, evidence_size FROM carrier_check WHERE ledger_id = ?"));
  return CarrierReader(std::make_unique<State>(State{std::move(reports), std::move(answers)}));
}

model::Result<std::vector<CarriedReport>> CarrierReader::reports(std::int64_t ledger_key) {
  Statement& find = state_->reports;
  ResetAtEnd reset(find);
  find.bind(1, ledger_key);
  std::vector<CarriedReport> reports;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return reports;
    reports.push_back({find.integer(0) == 0 ? ReportSort::aggregate : ReportSort::tls, find.integer(1),
                       std::string(find.text(2)), std::string(find.text(3)), std::string(find.text(4)),
                       model::parse_enum<Authenticity>(find.text(5)).value_or(Authenticity::unchecked),
                       find.integer(6) != 0});
  }
}

model::Result<std::optional<std::string>> CarrierReader::kept_answers(std::int64_t ledger_key) {
  Statement& find = state_->answers;
  ResetAtEnd reset(find);
  TRY(const bool has_row, find.bind(1, ledger_key).step());
  if (!has_row) return std::optional<std::string>{};
  TRY(auto json, inflated(find.blob(0), find.integer(1)));
  return std::optional(std::move(json));
}

struct AuthenticityWriter::State {
  Database* database;
  Versions versions;
  Rollup rollup;
  TlsRows tls;
  Statement save;
  bool is_open = false;

  void undo() {
    if (!is_open) return;
    sqlite3_exec(database->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    is_open = false;
    rollup.clear();
  }
};

AuthenticityWriter::AuthenticityWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
AuthenticityWriter::AuthenticityWriter(AuthenticityWriter&&) noexcept = default;
AuthenticityWriter& AuthenticityWriter::operator=(AuthenticityWriter&&) noexcept = default;
AuthenticityWriter::~AuthenticityWriter() {
  if (state_) state_->undo();
}

model::Result<AuthenticityWriter> AuthenticityWriter::create(Database& database) {
  TRY(auto versions, Versions::create(database.handle()));
  TRY(auto rollup, Rollup::create(database.handle()));
  TRY(auto tls, TlsRows::create(database.handle()));
  TRY(auto save, Statement::prepare(database.handle(), "INSERT OR REPLACE INTO carrier_check VALUES (?, ?, ?, ?, ?)"));
  return AuthenticityWriter(std::make_unique<State>(
      State{&database, std::move(versions), std::move(rollup), std::move(tls), std::move(save)}));
}

model::Result<void> AuthenticityWriter::begin() {
  TRY_VOID(state_->database->check_free_space());
  TRY_VOID(state_->database->checkpoint_if_due());
  TRY_VOID(execute(state_->database->handle(), "BEGIN IMMEDIATE"));
  state_->is_open = true;
  state_->rollup.clear();  // another process may have written since
  return {};
}

model::Result<void> AuthenticityWriter::save(const CarrierCheck& check) {
  const std::string packed = deflated(check.evidence);
  const auto* octets = reinterpret_cast<const std::uint8_t*>(packed.data());
  Statement& save = state_->save;
  save.bind(1, check.ledger_key).bind(2, check.checked_at).bind(3, static_cast<std::int64_t>(check.is_final));
  save.bind(4, static_cast<std::int64_t>(check.evidence.size())).bind_blob(5, {octets, packed.size()});
  return save.run();
}

model::Result<void> AuthenticityWriter::set(const AuthenticityFinding& finding) {
  if (finding.sort == ReportSort::tls)
    return state_->tls.set_authenticity(
        finding.report_key,
        {.state = finding.state, .authenticated_as = finding.authenticated_as, .reason = finding.reason});
  return state_->versions.set_authenticity(
      finding.report_key,
      {.state = finding.state, .authenticated_as = finding.authenticated_as, .reason = finding.reason}, state_->rollup);
}

model::Result<void> AuthenticityWriter::commit() {
  TRY_VOID(state_->rollup.settle());
  RUAUDIT_FAIL_POINT("store.authenticity");
  TRY_VOID(execute(state_->database->handle(), "COMMIT"));
  state_->is_open = false;
  return {};
}

}  // namespace ruaudit::store
