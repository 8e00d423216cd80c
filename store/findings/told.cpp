#include "store/findings/told.hpp"

#include <nlohmann/json.hpp>

#include "model/calendar.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view select_sql =
    "SELECT id, kind, severity, domain, service, sources, selector, mechanism, reporter, messages, since, evidence,"
    " action, cause_record, cause_name, cause_change, is_said_once, is_open, first_told, nights FROM finding"
    " WHERE digest_name = ?1 ORDER BY id";
constexpr std::string_view upsert_sql =
    "INSERT OR REPLACE INTO finding (digest_name, id, kind, severity, domain, service, sources, selector, mechanism,"
    " reporter, messages, since, evidence, action, cause_record, cause_name, cause_change, is_said_once, is_open,"
    " first_told, nights) VALUES (?21, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
    " ?19, ?20)";

std::vector<std::string> list_of(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  std::vector<std::string> out;
  if (!parsed.is_array()) return out;
  for (const auto& text : parsed)
    if (text.is_string()) out.push_back(text.get<std::string>());
  return out;
}

std::vector<std::string> english(const std::vector<model::Sentence>& sentences) {
  std::vector<std::string> out;
  for (const auto& sentence : sentences) out.push_back(model::english(sentence));
  return out;
}

std::string json_of(const std::vector<std::string>& list) {
  return nlohmann::json(list).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

template <class E>
E word(std::string_view text, E otherwise) {
  return model::parse_enum<E>(text).value_or(otherwise);
}

std::string text_of(std::int32_t day) {
  return model::day_text(static_cast<std::int64_t>(day) * model::seconds_per_day);
}

model::Finding finding_of(const Statement& row) {
  model::Finding finding{.id = std::string(row.text(0)),
                         .kind = word(row.text(1), model::FindingKind::record_changed),
                         .severity = word(row.text(2), model::Severity::info),
                         .domain = std::string(row.text(3))};
  finding.subject = {.service = std::string(row.text(4)),
                     .sources = list_of(row.text(5)),
                     .selector = std::string(row.text(6)),
                     .mechanism = std::string(row.text(7)),
                     .reporter = std::string(row.text(8))};
  finding.messages = row.integer(9);
  if (const auto day = model::parse_day(row.text(10)))
    finding.since = static_cast<std::int32_t>(model::day_number(*day));
  for (const auto& sentence : list_of(row.text(11))) finding.evidence.emplace_back(sentence);
  finding.action = row.text(12);
  if (!row.is_null(13))
    finding.cause = model::FindingCause{word(row.text(13), model::CauseRecord::dkim), std::string(row.text(14)),
                                        word(row.text(15), model::RecordChange::changed)};
  finding.is_said_once = row.integer(16) != 0;
  return finding;
}

// Texts that the statement is bound to must live until it has run.
struct Texts {
  std::string sources, evidence, action, since;
};

void bind(Statement& statement, const model::Finding& finding, Texts& texts) {
  texts = {json_of(finding.subject.sources), json_of(english(finding.evidence)), model::english(finding.action),
           finding.since ? text_of(*finding.since) : ""};
  statement.bind(1, finding.id).bind(2, model::to_text(finding.kind)).bind(3, model::to_text(finding.severity));
  statement.bind(4, finding.domain).bind(5, finding.subject.service).bind(6, texts.sources);
  statement.bind(7, finding.subject.selector).bind(8, finding.subject.mechanism).bind(9, finding.subject.reporter);
  statement.bind(10, finding.messages).bind(12, texts.evidence).bind(13, texts.action);
  finding.since ? statement.bind(11, texts.since) : statement.bind_null(11);
  if (finding.cause) {
    statement.bind(14, model::to_text(finding.cause->record)).bind(15, finding.cause->name);
    statement.bind(16, model::to_text(finding.cause->change));
  } else {
    statement.bind_null(14).bind_null(15).bind_null(16);
  }
  statement.bind(17, static_cast<std::int64_t>(finding.is_said_once));
}

}  // namespace

model::Result<std::vector<model::ToldFinding>> told_findings(Database& database, const std::string& digest_name) {
  std::vector<model::ToldFinding> out;
  TRY(auto find, Statement::prepare(database.handle(), select_sql));
  find.bind(1, digest_name);
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return out;
    out.push_back({finding_of(find), find.integer(17) != 0, find.integer(18), static_cast<int>(find.integer(19))});
  }
}

model::Result<bool> has_reported(Database& database, const std::string& finding_id) {
  TRY(auto find, Statement::prepare(database.handle(), "SELECT 1 FROM finding WHERE id = ?1"));
  return find.bind(1, finding_id).step();
}

model::Result<std::vector<std::string>> digest_names(Database& database) {
  TRY(auto select, Statement::prepare(database.handle(), "SELECT DISTINCT digest_name FROM finding ORDER BY 1"));
  std::vector<std::string> names;
  for (;;) {
    TRY(const bool has_row, select.step());
    if (!has_row) return names;
    names.emplace_back(select.text(0));
  }
}

model::Result<std::optional<std::int64_t>> last_digest_time(Database& database, const std::string& digest_name) {
  TRY(auto find, Statement::prepare(database.handle(), "SELECT max(made_at) FROM digest WHERE name = ?1"));
  TRY(const bool has_row, find.bind(1, digest_name).step());
  if (!has_row || find.is_null(0)) return std::optional<std::int64_t>{};
  return std::optional<std::int64_t>{find.integer(0)};
}

model::Result<void> save_items(Database& database, const std::string& name, std::int64_t digest,
                               const model::Digest& value) {
  sqlite3* db = database.handle();
  TRY(auto upsert, Statement::prepare(db, upsert_sql));
  TRY(auto insert, Statement::prepare(db, "INSERT INTO digest_item VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
  std::int64_t n = 0;
  for (const model::DigestItem& item : value.items) {
    Texts texts;
    bind(upsert, item.finding, texts);
    const bool is_open = item.state != model::FindingState::resolved && !item.finding.is_said_once;
    upsert.bind(18, static_cast<std::int64_t>(is_open)).bind(19, item.first_told);
    TRY_VOID(upsert.bind(20, static_cast<std::int64_t>(item.nights)).bind(21, name).run());
    insert.bind(1, digest).bind(2, ++n).bind(3, item.finding.id).bind(4, model::to_text(item.state));
    TRY_VOID(insert.bind(5, model::to_text(item.finding.severity)).bind(6, item.finding.messages).run());
  }
  return {};
}

model::Result<std::vector<model::Care>> finding_care(Database& database) {
  std::vector<model::Care> out;
  TRY(auto find, Statement::prepare(database.handle(), "SELECT finding_id, word, until, set_at FROM finding_care"));
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return out;
    model::Care care{.finding_id = std::string(find.text(0)), .word = word(find.text(1), model::CareWord::snoozed)};
    if (!find.is_null(2)) care.until = find.integer(2);
    care.set_at = find.integer(3);
    out.push_back(std::move(care));
  }
}

model::Result<void> save_care(Database& database, const model::Care& care) {
  TRY(auto save, Statement::prepare(database.handle(), "INSERT OR REPLACE INTO finding_care VALUES (?1, ?2, ?3, ?4)"));
  save.bind(1, care.finding_id).bind(2, model::to_text(care.word)).bind_optional(3, care.until);
  return save.bind(4, care.set_at).run();
}

model::Result<bool> forget_care(Database& database, const std::string& finding_id) {
  TRY(auto forget, Statement::prepare(database.handle(), "DELETE FROM finding_care WHERE finding_id = ?1"));
  TRY_VOID(forget.bind(1, finding_id).run());
  return sqlite3_changes(database.handle()) > 0;
}

}  // namespace ruaudit::store
