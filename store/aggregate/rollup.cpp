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
  TRY(auto upsert_source, prepare(db, {insert_source_sql, add_sums, add_period}));
  TRY(auto delete_month, Statement::prepare(db, "DELETE FROM domain_month_source WHERE domain_id = ? AND month = ?"));
  TRY(auto rebuild_month, Statement::prepare(db, rebuild_month_sql));
  TRY_VOID(execute(db, spilled_schema));
  TRY(auto upsert_spilled, prepare(db, {insert_spilled_sql, add_sums}));
  TRY(auto place_spilled, prepare(db, {place_spilled_sql, add_sums, add_period}));
  TRY(auto delete_spilled, Statement::prepare(db, "DELETE FROM spilled_source"));
  TRY(auto days, DomainDays::create(db));
  return Rollup({std::move(upsert_source), std::move(delete_month), std::move(rebuild_month), std::move(upsert_spilled),
                 std::move(place_spilled), std::move(delete_spilled)},
                std::move(days));
}

Rollup::Rollup(Statements statements, DomainDays days)
    : statements_(std::move(statements)), days_(std::move(days)), index_(index_slots, 0) {
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
  DomainDays::Totals& totals = report_classes_[result_class];
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
  for (const auto& [result_class, totals] : report_classes_)
    days_.add({cell.domain_id, cell.day}, with_authenticity(result_class, cell.authenticity), totals);
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
  days_.mark({cell.domain_id, cell.day});
  marked_months_.emplace(cell.domain_id, cell.day.substr(0, 7));
}

// Months that are rebuilt from the records must not get the pending rows as well.
void Rollup::drop_marked() {
  if (marked_months_.empty()) return;
  std::vector<bool> is_marked;
  for (const Place& place : places_) is_marked.push_back(marked_months_.contains({place.domain_id, place.month}));
  std::erase_if(entries_, [&is_marked](const Entry& entry) { return is_marked[entry.place]; });
}

Status Rollup::flush() {
  drop_marked();
  TRY_VOID(days_.flush());
  TRY_VOID(flush_sources());
  if (!entries_.empty() || !places_.empty()) forget_entries();
  return {};
}

Status Rollup::settle() {
  TRY_VOID(flush());
  TRY_VOID(days_.settle());
  for (const auto& [domain_id, month] : marked_months_) TRY_VOID(rebuild_month(domain_id, month));
  marked_months_.clear();
  return {};
}

void Rollup::clear() {
  forget_entries();
  days_.clear();
  marked_months_.clear();
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

Status Rollup::rebuild_month(std::int64_t domain_id, const std::string& month) {
  TRY_VOID(statements_.delete_month.bind(1, domain_id).bind(2, month).run());
  return statements_.rebuild_month.bind(1, domain_id).bind(2, month).run();
}

}  // namespace ruaudit::store
