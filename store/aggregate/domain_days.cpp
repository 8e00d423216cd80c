#include "store/aggregate/domain_days.hpp"

namespace ruaudit::store {
namespace {

// Counted records of a domain: the range of record ids of each counted report.
constexpr std::string_view select_day_sql =
    "SELECT v.disposition, v.dkim, v.spf, v.dkim_auth, v.spf_auth, v.overridden, g.self_check, g.authenticity, "
    "g.records,"
    " g.messages FROM (SELECT r.verdict_id AS verdict_id, r.self_check AS self_check, p.authenticity AS authenticity,"
    " count(*) AS records, sum(r.count) AS messages FROM report p JOIN record r"
    " ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215 WHERE p.domain_id = ?1 AND p.day = ?2"
    " AND p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0 GROUP BY 1, 2, 3) g"
    " JOIN verdict v ON v.id = g.verdict_id";

constexpr std::string_view select_report_sql =
    "SELECT verdict_id, self_check, count FROM record WHERE id BETWEEN ?1 * 16777216 AND ?1 * 16777216 + 16777215"
    " AND source_id IS NOT NULL AND count > 0";

// ?4 and ?5: what comes; below zero what leaves.
constexpr std::string_view take_from_class_sql =
    "UPDATE domain_day SET records = records + ?4, messages = messages + ?5 WHERE domain_id = ?1 AND day = ?2"
    " AND class_id = ?3 AND records + ?4 > 0 AND messages + ?5 > 0";
constexpr std::string_view remove_class_sql =
    "DELETE FROM domain_day WHERE domain_id = ?1 AND day = ?2 AND class_id = ?3 AND records + ?4 = 0"
    " AND messages + ?5 = 0";

template <class E>
E enum_of(std::string_view text, E otherwise) {
  return model::parse_enum<E>(text).value_or(otherwise);
}

// Columns from `first` on: disposition, dkim, spf, dkim_auth, spf_auth, overridden.
std::uint32_t packed_facts(const Statement& row, int first) {
  VerdictFacts facts;
  facts.disposition = enum_of(row.text(first), model::Disposition::unknown);
  facts.dkim = enum_of(row.text(first + 1), model::AlignedResult::unknown);
  facts.spf = enum_of(row.text(first + 2), model::AlignedResult::unknown);
  facts.dkim_auth = enum_of(row.text(first + 3), AuthSummary::absent);
  facts.spf_auth = enum_of(row.text(first + 4), AuthSummary::absent);
  facts.is_overridden = row.integer(first + 5) != 0;
  return facts.pack();
}

ResultClass class_of_row(const Statement& row) {
  return with_authenticity(make_class(packed_facts(row, 0), static_cast<std::uint8_t>(row.integer(6))),
                           enum_of(row.text(7), Authenticity::unchecked));
}

}  // namespace

model::Result<DomainDays> DomainDays::create(sqlite3* db) {
  TRY(auto insert_class, Statement::prepare(db,
                                            "INSERT INTO result_class VALUES (?,?,?,?,?,?,?,?,?,?,?)"
                                            " ON CONFLICT DO NOTHING"));
  TRY(auto upsert, Statement::prepare(db,
                                      "INSERT INTO domain_day VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE"
                                      " SET records = records + excluded.records,"
                                      " messages = messages + excluded.messages"));
  TRY(auto remove, Statement::prepare(db, "DELETE FROM domain_day WHERE domain_id = ? AND day = ?"));
  TRY(auto select, Statement::prepare(db, select_day_sql));
  TRY(auto mark_stale, Statement::prepare(db, "INSERT OR IGNORE INTO stale_day VALUES (?, ?)"));
  TRY(auto select_report, Statement::prepare(db, select_report_sql));
  TRY(auto take_from_class, Statement::prepare(db, take_from_class_sql));
  TRY(auto remove_class, Statement::prepare(db, remove_class_sql));
  TRY(auto verdicts,
      RowCache::create(db, "SELECT id, disposition, dkim, spf, dkim_auth, spf_auth, overridden FROM verdict",
                       [](const Statement& row) { return std::int64_t{packed_facts(row, 1)}; }));
  return DomainDays(
      {std::move(insert_class), std::move(upsert), std::move(remove), std::move(select), std::move(mark_stale),
       std::move(select_report), std::move(take_from_class), std::move(remove_class)},
      std::move(verdicts));
}

void DomainDays::add(const Day& day, ResultClass result_class, const Totals& totals) {
  Totals& sum = sums_[{day.first, day.second, result_class}];
  sum.records += totals.records;
  sum.messages += totals.messages;
}

Status DomainDays::move_report(std::int64_t report_key, const Day& day, const Move& move) {
  Statement& select = statements_.select_report.bind(1, report_key);
  ResetAtEnd reset(select);
  std::unordered_map<ResultClass, Totals> classes;
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) break;
    TRY(const auto facts, verdicts_.of(select.integer(0)));
    Totals& totals =
        classes[make_class(static_cast<std::uint32_t>(facts), static_cast<std::uint8_t>(select.integer(1)))];
    ++totals.records;
    totals.messages += select.integer(2);
  }
  for (const auto& [result_class, totals] : classes) {
    Totals& from = moves_[{day.first, day.second, with_authenticity(result_class, move.from)}];
    from.records -= totals.records;
    from.messages -= totals.messages;
    Totals& to = moves_[{day.first, day.second, with_authenticity(result_class, move.to)}];
    to.records += totals.records;
    to.messages += totals.messages;
  }
  return {};
}

Status DomainDays::flush() {
  // Days that are rebuilt from the records must not get the pending rows as well.
  const auto is_rebuilt = [this](const auto& row) { return marked_.contains({row.first.domain_id, row.first.day}); };
  std::erase_if(sums_, is_rebuilt);
  std::erase_if(moves_, is_rebuilt);
  TRY_VOID(flush_sums());
  return flush_moves();
}

Status DomainDays::settle() {
  for (const auto& [domain_id, day] : marked_) TRY_VOID(rebuild(domain_id, day));
  marked_.clear();
  return {};
}

void DomainDays::clear() {
  sums_.clear();
  moves_.clear();
  marked_.clear();
  verdicts_.forget();
  known_classes_.clear();
}

Status DomainDays::flush_sums() {
  const Key* former = nullptr;
  for (const auto& [key, totals] : sums_) {
    TRY_VOID(add_to_class(key, totals));
    const bool is_same = former != nullptr && former->domain_id == key.domain_id && former->day == key.day;
    if (!is_same) TRY_VOID(mark_stale(key.domain_id, key.day));
    former = &key;
  }
  sums_.clear();
  return {};
}

Status DomainDays::flush_moves() {
  const Key* former = nullptr;
  for (const auto& [key, totals] : moves_) {
    const bool is_same = former != nullptr && former->domain_id == key.domain_id && former->day == key.day;
    if (!is_same) TRY_VOID(mark_stale(key.domain_id, key.day));  // its streams change also where its totals do not
    former = &key;
    if (totals.records == 0 && totals.messages == 0) continue;
    const bool is_more = totals.records > 0 && totals.messages > 0;
    TRY_VOID(is_more ? add_to_class(key, totals) : take_away(key, totals));
  }
  moves_.clear();
  return {};
}

// A day that does not hold what is to leave it is rebuilt by settle().
Status DomainDays::take_away(const Key& key, const Totals& totals) {
  for (Statement* change : {&statements_.take_from_class, &statements_.remove_class}) {
    change->bind(1, key.domain_id).bind(2, key.day).bind(3, static_cast<std::int64_t>(key.result_class));
    TRY_VOID(change->bind(4, totals.records).bind(5, totals.messages).run());
    if (sqlite3_changes(sqlite3_db_handle(change->handle())) == 1) return {};
  }
  marked_.emplace(key.domain_id, key.day);
  return {};
}

Status DomainDays::mark_stale(std::int64_t domain_id, const std::string& day) {
  return statements_.mark_stale.bind(1, domain_id).bind(2, day).run();
}

Status DomainDays::add_to_class(const Key& key, const Totals& totals) {
  TRY_VOID(write_class(key.result_class));
  Statement& upsert = statements_.upsert;
  upsert.bind(1, key.domain_id).bind(2, key.day).bind(3, static_cast<std::int64_t>(key.result_class));
  return upsert.bind(4, totals.records).bind(5, totals.messages).run();
}

Status DomainDays::write_class(ResultClass result_class) {
  if (known_classes_.contains(result_class)) return {};
  const VerdictFacts facts = VerdictFacts::unpack(result_class);
  const std::uint8_t check = self_check_of(result_class);
  Statement& insert = statements_.insert_class;
  insert.bind(1, static_cast<std::int64_t>(result_class)).bind(2, model::to_text(facts.disposition));
  insert.bind(3, model::to_text(facts.dkim)).bind(4, model::to_text(facts.spf));
  insert.bind(5, model::to_text(facts.dkim_auth)).bind(6, model::to_text(facts.spf_auth));
  insert.bind(7, static_cast<std::int64_t>(facts.is_overridden));
  insert.bind(8, model::to_text(static_cast<model::Alignment>(check & 3)));
  insert.bind(9, model::to_text(static_cast<model::Alignment>(check >> 2 & 3)));
  insert.bind(10, static_cast<std::int64_t>(check >> 4)).bind(11, model::to_text(authenticity_of(result_class)));
  TRY_VOID(insert.run());
  known_classes_.insert(result_class);
  return {};
}

Status DomainDays::rebuild(std::int64_t domain_id, const std::string& day) {
  TRY_VOID(mark_stale(domain_id, day));
  TRY_VOID(statements_.remove.bind(1, domain_id).bind(2, day).run());
  std::map<ResultClass, Totals> classes;
  {
    Statement& select = statements_.select;
    ResetAtEnd reset(select);
    select.bind(1, domain_id).bind(2, day);
    while (true) {
      TRY(const bool has_row, select.step());
      if (!has_row) break;
      Totals& totals = classes[class_of_row(select)];
      totals.records += select.integer(8);
      totals.messages += select.integer(9);
    }
  }
  for (const auto& [result_class, totals] : classes) TRY_VOID(add_to_class({domain_id, day, result_class}, totals));
  return {};
}

}  // namespace ruaudit::store
