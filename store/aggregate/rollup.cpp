#include "store/aggregate/rollup.hpp"

#include <algorithm>

namespace ruaudit::store {
namespace {

constexpr std::size_t index_slots = Rollup::max_entries * 2;

std::size_t slot_of(std::int64_t source_id, std::uint32_t place) {
  std::uint64_t mixed = static_cast<std::uint64_t>(source_id) * 0x9e3779b97f4a7c15ULL;
  mixed ^= (static_cast<std::uint64_t>(place) + 1) * 0xd6e8feb86659fd93ULL;
  mixed ^= mixed >> 29;
  return static_cast<std::size_t>(mixed * 0x9e3779b97f4a7c15ULL >> 32) & (index_slots - 1);
}

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

constexpr std::string_view rebuild_month_sql =
    "INSERT INTO domain_month_source SELECT ?1, ?2, r.source_id, count(*), sum(r.count),"
    " sum(iif(v.dkim = 'pass' OR v.spf = 'pass', r.count, 0)), sum(iif(v.dkim = 'pass', r.count, 0)),"
    " sum(iif(v.spf = 'pass', r.count, 0)), sum(iif(v.disposition = 'reject', r.count, 0)),"
    " sum(iif(v.disposition = 'quarantine', r.count, 0)), min(coalesce(p.date_begin, p.date_end, p.received)),"
    " max(coalesce(p.date_end, p.date_begin, p.received)) FROM report p JOIN record r"
    " ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215 JOIN verdict v ON v.id = r.verdict_id"
    " WHERE p.domain_id = ?1 AND p.day BETWEEN ?2 || '-01' AND ?2 || '-31' AND p.counted = 1"
    " AND r.source_id IS NOT NULL AND r.count > 0 GROUP BY r.source_id";

constexpr std::string_view insert_source_sql =
    "INSERT INTO domain_month_source VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

// What follows each of the inserts.
constexpr std::string_view add_sums =
    " ON CONFLICT DO UPDATE SET records = records + excluded.records, messages = messages + excluded.messages,"
    " passed = passed + excluded.passed, dkim_aligned = dkim_aligned + excluded.dkim_aligned,"
    " spf_aligned = spf_aligned + excluded.spf_aligned, rejected = rejected + excluded.rejected,"
    " quarantined = quarantined + excluded.quarantined";
constexpr std::string_view add_period =
    ", first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)";

// The columns of domain_month_source of the one report that is too large for the memory and has no cell yet. Temporary
// tables follow savepoints as all others do.
constexpr const char* spilled_schema =
    "CREATE TEMP TABLE IF NOT EXISTS spilled_source (source_id INTEGER PRIMARY KEY, records INTEGER, messages INTEGER,"
    " passed INTEGER, dkim_aligned INTEGER, spf_aligned INTEGER, rejected INTEGER, quarantined INTEGER)";

constexpr std::string_view insert_spilled_sql = "INSERT INTO spilled_source VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

constexpr std::string_view place_spilled_sql =
    "INSERT INTO domain_month_source SELECT ?1, ?2, source_id, records, messages, passed, dkim_aligned, spf_aligned,"
    " rejected, quarantined, ?3, ?4 FROM spilled_source WHERE true ORDER BY source_id";

model::Result<Statement> prepare(sqlite3* db, std::initializer_list<std::string_view> parts) {
  std::string sql;
  for (const auto part : parts) sql += part;
  return Statement::prepare(db, sql);
}

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

void add_row(SourceSums& sums, const VerdictFacts& facts, std::int64_t count) {
  ++sums.records;
  sums.messages += count;
  if (facts.passes()) sums.passed += count;
  if (facts.dkim == model::AlignedResult::pass) sums.dkim_aligned += count;
  if (facts.spf == model::AlignedResult::pass) sums.spf_aligned += count;
  if (facts.disposition == model::Disposition::reject) sums.rejected += count;
  if (facts.disposition == model::Disposition::quarantine) sums.quarantined += count;
}

}  // namespace

model::Result<Rollup> Rollup::create(sqlite3* db) {
  TRY(auto insert_class, Statement::prepare(db,
                                            "INSERT INTO result_class VALUES (?,?,?,?,?,?,?,?,?,?,?)"
                                            " ON CONFLICT DO NOTHING"));
  TRY(auto upsert_day, Statement::prepare(db,
                                          "INSERT INTO domain_day VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE"
                                          " SET records = records + excluded.records,"
                                          " messages = messages + excluded.messages"));
  TRY(auto upsert_source, prepare(db, {insert_source_sql, add_sums, add_period}));
  TRY(auto delete_day, Statement::prepare(db, "DELETE FROM domain_day WHERE domain_id = ? AND day = ?"));
  TRY(auto delete_month, Statement::prepare(db, "DELETE FROM domain_month_source WHERE domain_id = ? AND month = ?"));
  TRY(auto select_day, Statement::prepare(db, select_day_sql));
  TRY(auto rebuild_month, Statement::prepare(db, rebuild_month_sql));
  TRY_VOID(execute(db, spilled_schema));
  TRY(auto upsert_spilled, prepare(db, {insert_spilled_sql, add_sums}));
  TRY(auto place_spilled, prepare(db, {place_spilled_sql, add_sums, add_period}));
  TRY(auto delete_spilled, Statement::prepare(db, "DELETE FROM spilled_source"));
  TRY(auto mark_stale, Statement::prepare(db, "INSERT OR IGNORE INTO stale_day VALUES (?, ?)"));
  TRY(auto select_report, Statement::prepare(db, select_report_sql));
  TRY(auto take_from_class, Statement::prepare(db, take_from_class_sql));
  TRY(auto remove_class, Statement::prepare(db, remove_class_sql));
  TRY(auto verdicts,
      RowCache::create(db, "SELECT id, disposition, dkim, spf, dkim_auth, spf_auth, overridden FROM verdict",
                       [](const Statement& row) { return std::int64_t{packed_facts(row, 1)}; }));
  return Rollup({std::move(insert_class), std::move(upsert_day), std::move(upsert_source), std::move(delete_day),
                 std::move(delete_month), std::move(select_day), std::move(rebuild_month), std::move(upsert_spilled),
                 std::move(place_spilled), std::move(delete_spilled), std::move(mark_stale), std::move(select_report),
                 std::move(take_from_class), std::move(remove_class)},
                std::move(verdicts));
}

Rollup::Rollup(Statements statements, RowCache verdicts)
    : statements_(std::move(statements)), index_(index_slots, 0), verdicts_(std::move(verdicts)) {
  entries_.reserve(max_entries);
}

void Rollup::begin_report(const Cell& cell) {
  is_unplaced_ = false;
  cell_ = cell;
  const Place place{cell.domain_id, cell.day.substr(0, 7)};
  const auto [at, is_new] = place_of_.try_emplace(place, static_cast<std::uint32_t>(places_.size()));
  if (is_new) places_.push_back(place);
  place_ = at->second;
}

void Rollup::begin_unplaced_report() {
  is_unplaced_ = true;
  has_spilled_ = false;
  cell_ = {};
  place_ = static_cast<std::uint32_t>(places_.size());
  places_.push_back({});
}

Rollup::Entry& Rollup::entry_of(std::int64_t source_id) {
  std::size_t slot = slot_of(source_id, place_);
  while (index_[slot] != 0) {
    Entry& entry = entries_[index_[slot] - 1];
    if (entry.source_id == source_id && entry.place == place_) return entry;
    slot = (slot + 1) & (index_slots - 1);
  }
  entries_.push_back({source_id, place_, cell_.first, cell_.last, {}});
  index_[slot] = static_cast<std::uint32_t>(entries_.size());
  return entries_.back();
}

void Rollup::add(std::int64_t source_id, ResultClass result_class, std::int64_t count) {
  Entry& entry = entry_of(source_id);
  entry.first = std::min(entry.first, cell_.first);
  entry.last = std::max(entry.last, cell_.last);
  add_row(entry.sums, VerdictFacts::unpack(result_class), count);
  Totals& totals = report_classes_[result_class];
  ++totals.records;
  totals.messages += count;
}

Status Rollup::end_report(const Cell& cell) {
  if (has_spilled_) {
    TRY_VOID(place_spilled(cell));
  } else if (is_unplaced_) {
    places_[place_] = {cell.domain_id, cell.day.substr(0, 7)};
    for (Entry& entry : entries_) {
      entry.first = cell.first;
      entry.last = cell.last;
    }
  }
  for (const auto& [result_class, totals] : report_classes_) {
    Totals& sum = days_[{cell.domain_id, cell.day, with_authenticity(result_class, cell.authenticity)}];
    sum.records += totals.records;
    sum.messages += totals.messages;
  }
  report_classes_.clear();
  is_unplaced_ = has_spilled_ = false;
  return {};
}

// In the order of the key, as flush_sources() does it.
Status Rollup::spill() {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.source_id < b.source_id; });
  Statement& upsert = statements_.upsert_spilled;
  for (const Entry& entry : entries_) {
    const SourceSums& sums = entry.sums;
    upsert.bind(1, entry.source_id).bind(2, sums.records).bind(3, sums.messages).bind(4, sums.passed);
    upsert.bind(5, sums.dkim_aligned).bind(6, sums.spf_aligned).bind(7, sums.rejected).bind(8, sums.quarantined);
    if (const int code = upsert.run_fast(); code != SQLITE_OK) return model::failure(upsert.error("roll-up", code));
  }
  has_spilled_ = true;
  entries_.clear();
  std::fill(index_.begin(), index_.end(), 0);
  return {};
}

Status Rollup::place_spilled(const Cell& cell) {
  TRY_VOID(spill());
  places_.clear();
  const std::string month = cell.day.substr(0, 7);
  Statement& place = statements_.place_spilled;
  TRY_VOID(place.bind(1, cell.domain_id).bind(2, month).bind(3, cell.first).bind(4, cell.last).run());
  return statements_.delete_spilled.run();
}

Status Rollup::discard_report() {
  const bool has_spilled = has_spilled_;
  forget_entries();
  return has_spilled ? statements_.delete_spilled.run() : Status{};
}

void Rollup::forget_entries() {
  entries_.clear();
  places_.clear();
  place_of_.clear();
  std::fill(index_.begin(), index_.end(), 0);
  report_classes_.clear();
  is_unplaced_ = has_spilled_ = false;
}

void Rollup::mark(const Cell& cell) {
  marked_days_.emplace(cell.domain_id, cell.day);
  marked_months_.emplace(cell.domain_id, cell.day.substr(0, 7));
}

Status Rollup::move_report(std::int64_t report_key, const Cell& cell, Authenticity former) {
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
    Totals& from = moves_[{cell.domain_id, cell.day, with_authenticity(result_class, former)}];
    from.records -= totals.records;
    from.messages -= totals.messages;
    Totals& to = moves_[{cell.domain_id, cell.day, with_authenticity(result_class, cell.authenticity)}];
    to.records += totals.records;
    to.messages += totals.messages;
  }
  return {};
}

// Cells that are rebuilt from the records must not get the pending rows as well.
void Rollup::drop_marked() {
  const auto is_rebuilt = [this](const auto& day) {
    return marked_days_.contains({day.first.domain_id, day.first.day});
  };
  std::erase_if(days_, is_rebuilt);
  std::erase_if(moves_, is_rebuilt);
  if (marked_months_.empty()) return;
  std::vector<bool> is_marked;
  for (const Place& place : places_) is_marked.push_back(marked_months_.contains({place.domain_id, place.month}));
  std::erase_if(entries_, [&is_marked](const Entry& entry) { return is_marked[entry.place]; });
}

Status Rollup::flush() {
  drop_marked();
  TRY_VOID(flush_days());
  TRY_VOID(flush_moves());
  TRY_VOID(flush_sources());
  days_.clear();
  if (!entries_.empty() || !places_.empty()) forget_entries();
  return {};
}

Status Rollup::settle() {
  TRY_VOID(flush());
  for (const auto& [domain_id, day] : marked_days_) TRY_VOID(rebuild_day(domain_id, day));
  for (const auto& [domain_id, month] : marked_months_) TRY_VOID(rebuild_month(domain_id, month));
  marked_days_.clear();
  marked_months_.clear();
  return {};
}

void Rollup::clear() {
  forget_entries();
  days_.clear();
  moves_.clear();
  verdicts_.forget();
  marked_days_.clear();
  marked_months_.clear();
  known_classes_.clear();
}

Status Rollup::flush_days() {
  const DayKey* former = nullptr;
  for (const auto& [key, totals] : days_) {
    TRY_VOID(write_day(key, totals));
    const bool is_same = former != nullptr && former->domain_id == key.domain_id && former->day == key.day;
    if (!is_same) TRY_VOID(mark_stale(key.domain_id, key.day));
    former = &key;
  }
  return {};
}

Status Rollup::flush_moves() {
  const DayKey* former = nullptr;
  for (const auto& [key, totals] : moves_) {
    if (totals.records == 0 && totals.messages == 0) continue;
    const bool is_same = former != nullptr && former->domain_id == key.domain_id && former->day == key.day;
    if (!is_same) TRY_VOID(mark_stale(key.domain_id, key.day));
    former = &key;
    const bool is_more = totals.records > 0 && totals.messages > 0;
    TRY_VOID(is_more ? write_day(key, totals) : take_from_day(key, totals));
  }
  moves_.clear();
  return {};
}

// A day that does not hold what is to leave it is rebuilt by settle().
Status Rollup::take_from_day(const DayKey& key, const Totals& totals) {
  for (Statement* change : {&statements_.take_from_class, &statements_.remove_class}) {
    change->bind(1, key.domain_id).bind(2, key.day).bind(3, static_cast<std::int64_t>(key.result_class));
    TRY_VOID(change->bind(4, totals.records).bind(5, totals.messages).run());
    if (sqlite3_changes(sqlite3_db_handle(change->handle())) == 1) return {};
  }
  marked_days_.emplace(key.domain_id, key.day);
  return {};
}

Status Rollup::mark_stale(std::int64_t domain_id, const std::string& day) {
  return statements_.mark_stale.bind(1, domain_id).bind(2, day).run();
}

Status Rollup::write_day(const DayKey& key, const Totals& totals) {
  TRY_VOID(write_class(key.result_class));
  Statement& upsert = statements_.upsert_day;
  upsert.bind(1, key.domain_id).bind(2, key.day).bind(3, static_cast<std::int64_t>(key.result_class));
  return upsert.bind(4, totals.records).bind(5, totals.messages).run();
}

Status Rollup::write_class(ResultClass result_class) {
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

// In the order of the table's key, so that neighbours are written together.
Status Rollup::flush_sources() {
  std::vector<const Entry*> order;
  order.reserve(entries_.size());
  for (const Entry& entry : entries_) order.push_back(&entry);
  std::vector<std::uint32_t> places(places_.size());
  for (std::uint32_t i = 0; i < places.size(); ++i) places[i] = i;
  std::sort(places.begin(), places.end(), [this](auto a, auto b) { return places_[a] < places_[b]; });
  std::vector<std::uint32_t> rank(places_.size());
  for (std::uint32_t i = 0; i < places.size(); ++i) rank[places[i]] = i;
  std::sort(order.begin(), order.end(), [&rank](const Entry* a, const Entry* b) {
    return a->place != b->place ? rank[a->place] < rank[b->place] : a->source_id < b->source_id;
  });
  Statement& upsert = statements_.upsert_source;
  const Place* bound = nullptr;  // its values stay bound from row to row
  for (const Entry* entry : order) {
    const Place& place = places_[entry->place];
    const SourceSums& sums = entry->sums;
    if (bound != &place) upsert.bind(1, place.domain_id).bind(2, place.month);
    bound = &place;
    upsert.bind(3, entry->source_id)
        .bind(4, sums.records)
        .bind(5, sums.messages)
        .bind(6, sums.passed)
        .bind(7, sums.dkim_aligned)
        .bind(8, sums.spf_aligned);
    upsert.bind(9, sums.rejected).bind(10, sums.quarantined).bind(11, entry->first).bind(12, entry->last);
    if (const int code = upsert.run_fast(); code != SQLITE_OK) return model::failure(upsert.error("roll-up", code));
  }
  return {};
}

Status Rollup::rebuild_day(std::int64_t domain_id, const std::string& day) {
  TRY_VOID(mark_stale(domain_id, day));
  TRY_VOID(statements_.delete_day.bind(1, domain_id).bind(2, day).run());
  std::map<ResultClass, Totals> classes;
  {
    Statement& select = statements_.select_day;
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
  for (const auto& [result_class, totals] : classes) TRY_VOID(write_day({domain_id, day, result_class}, totals));
  return {};
}

Status Rollup::rebuild_month(std::int64_t domain_id, const std::string& month) {
  TRY_VOID(statements_.delete_month.bind(1, domain_id).bind(2, month).run());
  return statements_.rebuild_month.bind(1, domain_id).bind(2, month).run();
}

}  // namespace ruaudit::store
