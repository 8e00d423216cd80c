#include "store/facts/sender_facts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "store/facts/dns_records.hpp"
#include "store/facts/labels.hpp"
#include "store/facts/patterns_detail.hpp"
#include "store/facts/reporter_bits_detail.hpp"
#include "store/facts/stream_order_detail.hpp"

namespace ruaudit::store {
namespace {

// Days of a domain that are not stale: without the test where none is.
constexpr std::string_view days_sql =
    "SELECT source_id, identifier_id, verdict_id, day, authenticity, messages, reporter_bits FROM stream_day"
    " WHERE domain_id = ?1 AND day BETWEEN ?2 AND ?3";

// Those that are, from the records. CROSS JOIN keeps the order of the tables: few days are stale.
constexpr std::string_view stale_days_sql =
    "SELECT r.source_id, r.identifier_id, r.verdict_id, p.day,"
    " CASE p.authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END,"
    " sum(r.count), reporter_bits(p.reporter_id) FROM stale_day x CROSS JOIN report p ON"
    " p.domain_id = x.domain_id AND p.day = x.day CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * "
    "16777216 + 16777215"
    " WHERE x.domain_id = ?1 AND x.day BETWEEN ?2 AND ?3 AND p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0"
    " GROUP BY 1, 2, 3, 4, 5";

// The same of reports that came in since a time, from their records: few reports, all days.
constexpr std::string_view received_sql =
    "SELECT r.source_id, r.identifier_id, r.verdict_id, p.day,"
    " CASE p.authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END,"
    " sum(r.count), reporter_bits(p.reporter_id), p.domain_id FROM report p CROSS JOIN record r"
    " ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215 WHERE p.counted = 1 AND r.source_id IS NOT NULL"
    " AND r.count > 0 AND coalesce((SELECT min(l.first_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id"
    " WHERE q.report_id = p.id), p.received) >= ?1 GROUP BY 8, 1, 2, 3, 4, 5 ORDER BY 8";

// Places of database ids in a vector of facts.
class Places {
 public:
  std::uint32_t place_of(std::int64_t id) {
    return places_.try_emplace(id, static_cast<std::uint32_t>(places_.size())).first->second;
  }
  [[nodiscard]] const std::uint32_t* find(std::int64_t id) const {
    const auto at = places_.find(id);
    return at == places_.end() ? nullptr : &at->second;
  }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] const std::unordered_map<std::int64_t, std::uint32_t>& all() const { return places_; }

 private:
  std::unordered_map<std::int64_t, std::uint32_t> places_;
};

// Numbers of rows are those of their arrival. Ranks stand for them where an order matters, so that what is found does
// not depend on which report came first.
class Ranks {
 public:
  // `sql`: ids in the order wanted.
  Status read(sqlite3* db, std::string_view sql) {
    TRY(auto find, Statement::prepare(db, sql));
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) return {};
      const auto id = static_cast<std::size_t>(find.integer(0));
      if (id >= ranks_.size()) ranks_.resize(std::max(id + 1, ranks_.size() * 2));
      ranks_[id] = static_cast<std::uint32_t>(ids_.size());
      ids_.push_back(find.integer(0));
    }
  }
  [[nodiscard]] std::int64_t rank_of(std::int64_t id) const {
    return static_cast<std::size_t>(id) < ranks_.size() ? ranks_[static_cast<std::size_t>(id)] : 0;
  }
  [[nodiscard]] std::int64_t id_of(std::int64_t rank) const { return ids_[static_cast<std::size_t>(rank)]; }

 private:
  std::vector<std::uint32_t> ranks_;  // by id
  std::vector<std::int64_t> ids_;     // by rank
};

class Reader {
 public:
  explicit Reader(sqlite3* db) : db_(db) {}

  model::Result<ReceivedFacts> read(const FactsRequest& request, std::optional<std::int64_t> received_since) {
    TRY_VOID(define_reporter_bits(db_));
    TRY_VOID(read_days(request));
    ReceivedFacts all;
    if (received_since) {
      TRY_VOID(read_received(*received_since, all.received));
    }
    if (has_ranks_) {
      TRY_VOID(read_domains());
      TRY_VOID(read_patterns(all.pattern_keys));
      TRY_VOID(read_sources());
    }
    all.facts = std::move(facts_);
    return all;
  }

 private:
  template <class Take>
  Status each(std::string_view sql, const Take& take) {
    TRY(auto find, Statement::prepare(db_, sql));
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) return {};
      take(find);
    }
  }

  // Domain by domain, so that no more than the days of one are put in order at a time.
  Status read_days(const FactsRequest& request) {
    std::vector<std::int64_t> domains;
    TRY_VOID(
        each("SELECT id FROM domain ORDER BY name", [&](const Statement& row) { domains.push_back(row.integer(0)); }));
    std::map<std::int64_t, std::set<std::string, std::less<>>> stale;
    TRY_VOID(each("SELECT domain_id, day FROM stale_day",
                  [&](const Statement& row) { stale[row.integer(0)].emplace(row.text(1)); }));
    TRY(auto find, Statement::prepare(db_, days_sql));
    TRY(auto find_stale, Statement::prepare(db_, stale_days_sql));
    StreamOrder order;
    for (const auto domain : domains) {
      find.bind(1, domain).bind(2, request.first_day).bind(3, request.last_day);
      const auto its_stale = stale.find(domain);
      TRY_VOID(take_days(find, order, its_stale == stale.end() ? nullptr : &its_stale->second));
      if (its_stale != stale.end()) {
        find_stale.bind(1, domain).bind(2, request.first_day).bind(3, request.last_day);
        TRY_VOID(take_days(find_stale, order, nullptr));
      }
      place(domain, order, facts_.days);
    }
    facts_.days.shrink();
    return {};
  }

  // `left_out`: days that are not taken.
  Status take_days(Statement& find, StreamOrder& order, const std::set<std::string, std::less<>>* left_out) {
    DayNumbers numbers(left_out);
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) break;
      TRY_VOID(read_ranks());
      if (const auto day = numbers.of(find.text(3))) add(order, find, *day);
    }
    find.reset();
    return {};
  }

  Status read_received(std::int64_t since, model::StreamDays& days) {
    TRY(auto find, Statement::prepare(db_, received_sql));
    find.bind(1, since);
    StreamOrder order;
    DayNumbers numbers(nullptr);
    std::optional<std::int64_t> domain;
    while (true) {
      TRY(const bool has_row, find.step());
      if (domain && (!has_row || *domain != find.integer(7))) place(*domain, order, days);
      if (!has_row) return {};
      domain = find.integer(7);
      TRY_VOID(read_ranks());
      if (const auto day = numbers.of(find.text(3))) add(order, find, *day);
    }
  }

  // With the first row: where there is none, nobody is ranked.
  Status read_ranks() {
    if (std::exchange(has_ranks_, true)) return {};
    TRY_VOID(source_ranks_.read(db_, "SELECT id FROM source ORDER BY text"));
    TRY_VOID(identifier_ranks_.read(db_, "SELECT id FROM identifier_set ORDER BY header_from, envelope_from"));
    return verdict_ranks_.read(db_, "SELECT id FROM verdict ORDER BY digest");
  }

  void add(StreamOrder& order, const Statement& row, std::int32_t day) const {
    const auto pattern = pattern_id(identifier_ranks_.rank_of(row.integer(1)), verdict_ranks_.rank_of(row.integer(2)));
    order.add({source_ranks_.rank_of(row.integer(0)), pattern}, row, day);
  }

  // By source, pattern, day and trust, in the order of their ranks; places are numbered in this order.
  void place(std::int64_t domain_id, StreamOrder& order, model::StreamDays& days) {
    if (order.is_empty()) return;
    const auto domain = domains_.place_of(domain_id);
    order.give([&](const StreamOrder::Stream& stream, const std::vector<StreamOrder::Row>& rows) {
      const auto source = sources_.place_of(source_ranks_.id_of(stream.source));
      const auto pattern = patterns_.place_of(
          pattern_id(identifier_ranks_.id_of(stream.pattern >> 32), verdict_ranks_.id_of(stream.pattern & 0xffffffff)));
      for (const auto& row : rows)
        days.push_back({.domain = domain,
                        .source = source,
                        .pattern = pattern,
                        .day = row.day(),
                        .trust = row.trust(),
                        .messages = row.messages,
                        .reporters = row.reporters});
    });
  }

  Status read_domains() {
    facts_.domains.resize(domains_.size());
    return each("SELECT id, name FROM domain", [this](const Statement& row) {
      if (const auto* place = domains_.find(row.integer(0))) facts_.domains[*place] = row.text(1);
    });
  }

  Status read_patterns(std::vector<PatternId>& ids) {
    ids.resize(patterns_.size());
    for (const auto& [id, place] : patterns_.all()) ids[place] = id;
    TRY(facts_.patterns, store::read_patterns(db_, ids));
    return {};
  }

  Status read_sources() {
    facts_.sources.resize(sources_.size());
    const auto source = [this](const Statement& row) {
      const auto* place = sources_.find(row.integer(0));
      return place == nullptr ? nullptr : &facts_.sources[*place];
    };
    TRY_VOID(each("SELECT id, text FROM source", [&](const Statement& row) {
      if (auto* fact = source(row)) fact->address = row.text(1);
    }));
    TRY_VOID(each("SELECT source_id, status FROM source_reverse", [&](const Statement& row) {
      if (auto* fact = source(row))
        fact->reverse = model::parse_enum<model::ReverseStatus>(row.text(1)).value_or(model::ReverseStatus::unknown);
    }));
    TRY_VOID(
        each("SELECT source_id, name, confirmed FROM source_name ORDER BY source_id, n", [&](const Statement& row) {
          if (auto* fact = source(row)) fact->names.push_back({std::string(row.text(1)), row.integer(2) != 0});
        }));
    TRY_VOID(each("SELECT source_id, coalesce(country, ''), asn, coalesce(network, '') FROM source_network",
                  [&](const Statement& row) {
                    auto* fact = source(row);
                    if (fact == nullptr) return;
                    fact->country = row.text(1);
                    if (!row.is_null(2)) fact->asn = row.integer(2);
                    fact->network = row.text(3);
                  }));
    return each("SELECT source_id, domain, result, term FROM source_spf", [&](const Statement& row) {
      if (auto* fact = source(row))
        fact->spf.push_back({std::string(row.text(1)),
                             model::parse_enum<model::SpfResult>(row.text(2)).value_or(model::SpfResult::unknown),
                             std::string(row.text(3))});
    });
  }

  sqlite3* db_;
  bool has_ranks_ = false;
  model::SenderFacts facts_;
  Ranks source_ranks_, identifier_ranks_, verdict_ranks_;
  Places domains_, sources_, patterns_;
};

}  // namespace

model::Result<model::SenderFacts> read_sender_facts(Database& database, const FactsRequest& request) {
  TRY(auto all, read_received_facts(database, request, std::nullopt));
  return std::move(all.facts);
}

model::Result<ReceivedFacts> read_received_facts(Database& database, const FactsRequest& request,
                                                 std::optional<std::int64_t> received_since) {
  TRY(auto all, Reader(database.handle()).read(request, received_since));
  TRY(all.facts.records, dns_record_states(database));
  TRY(all.facts.labels, labels(database));
  return all;
}

}  // namespace ruaudit::store
