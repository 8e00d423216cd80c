#include "store/facts/sender_facts.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "model/calendar.hpp"
#include "store/facts/dns_records.hpp"
#include "store/facts/labels.hpp"
#include "store/facts/patterns_detail.hpp"
#include "store/facts/reporter_bits_detail.hpp"

namespace ruaudit::store {
namespace {

// Days that are not stale from the roll-up, the others from the records. CROSS JOIN keeps the order of the tables: few
// days are stale.
constexpr std::string_view days_sql =
    "SELECT domain_id, source_id, identifier_id, verdict_id, day, authenticity, messages, reporter_bits FROM ("
    "SELECT * FROM stream_day t WHERE t.day BETWEEN ?1 AND ?2 AND NOT EXISTS (SELECT 1 FROM stale_day x WHERE"
    " x.domain_id = t.domain_id AND x.day = t.day) UNION ALL"
    " SELECT p.domain_id, p.day, r.source_id, r.identifier_id, r.verdict_id,"
    " CASE p.authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END,"
    " count(*), sum(r.count), reporter_bits(p.reporter_id) FROM stale_day x CROSS JOIN report p ON"
    " p.domain_id = x.domain_id AND p.day = x.day CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * "
    "16777216 + 16777215"
    " WHERE x.day BETWEEN ?1 AND ?2 AND p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0"
    " GROUP BY 1, 2, 3, 4, 5, 6)";

// The same of reports that came in since a time, from their records: few reports, all days.
constexpr std::string_view received_sql =
    "SELECT p.domain_id, r.source_id, r.identifier_id, r.verdict_id, p.day,"
    " CASE p.authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END,"
    " sum(r.count), reporter_bits(p.reporter_id) FROM report p CROSS JOIN record r"
    " ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215 WHERE p.counted = 1 AND r.source_id IS NOT NULL"
    " AND r.count > 0 AND coalesce((SELECT min(l.first_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id"
    " WHERE q.report_id = p.id), p.received) >= ?1 GROUP BY 1, 2, 3, 4, 5, 6";

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
  // Of each place, how many ids are lower than its own.
  [[nodiscard]] std::vector<std::uint32_t> ranks() const {
    std::vector<std::pair<std::int64_t, std::uint32_t>> order(places_.begin(), places_.end());
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> ranks(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) ranks[order[i].second] = i;
    return ranks;
  }
  // Gives every place the number that `numbers` has at it.
  void renumber(const std::vector<std::uint32_t>& numbers) {
    for (auto& [id, place] : places_) place = numbers[place];
  }

 private:
  std::unordered_map<std::int64_t, std::uint32_t> places_;
};

// The one place of a day that is ordered by.
using PlaceOf = std::uint32_t model::StreamDay::*;

// Numbers places in the order in which days name them.
class Renumbering {
 public:
  Renumbering(Places& places, PlaceOf place) : places_(places), place_(place), numbers_(places.size(), none) {}
  void take(model::StreamDay& day) {
    auto& number = numbers_[day.*place_];
    if (number == none) number = next_++;
    day.*place_ = number;
  }
  void finish() { places_.renumber(numbers_); }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  Places& places_;
  PlaceOf place_;
  std::vector<std::uint32_t> numbers_;
  std::uint32_t next_ = 0;
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
    arrange(all.received);
    TRY_VOID(read_domains());
    TRY_VOID(read_patterns(all.pattern_keys));
    TRY_VOID(read_sources());
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

  Status read_days(const FactsRequest& request) {
    TRY(auto find, Statement::prepare(db_, days_sql));
    find.bind(1, request.first_day).bind(2, request.last_day);
    return take_days(find, facts_.days);
  }

  Status read_received(std::int64_t since, std::vector<model::StreamDay>& days) {
    TRY(auto find, Statement::prepare(db_, received_sql));
    find.bind(1, since);
    return take_days(find, days);
  }

  Status take_days(Statement& find, std::vector<model::StreamDay>& days) {
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) return {};
      const auto day = model::parse_day(find.text(4));
      if (!day) continue;  // years beyond the calendar
      days.push_back({.domain = domains_.place_of(find.integer(0)),
                      .source = sources_.place_of(find.integer(1)),
                      .pattern = patterns_.place_of(pattern_id(find.integer(2), find.integer(3))),
                      .day = static_cast<std::int32_t>(model::day_number(*day)),
                      .trust = static_cast<model::ReportTrust>(find.integer(5)),
                      .messages = find.integer(6),
                      .reporters = static_cast<std::uint64_t>(find.integer(7))});
    }
  }

  // By domain, source, pattern and day, in the order of their ids: in memory, where millions are sorted faster than by
  // SQLite.
  void arrange(std::vector<model::StreamDay>& received) {
    using Day = model::StreamDay;
    const std::pair<Places&, PlaceOf> columns[] = {
        {domains_, &Day::domain}, {sources_, &Day::source}, {patterns_, &Day::pattern}};
    for (const auto& [places, place] : columns) {
      const auto ranks = places.ranks();
      for (auto* days : {&facts_.days, &received})
        for (Day& day : *days) day.*place = ranks[day.*place];
      places.renumber(ranks);
    }
    const auto comes_first = [](const Day& a, const Day& b) {
      return std::tie(a.domain, a.source, a.pattern, a.day, a.trust) <
             std::tie(b.domain, b.source, b.pattern, b.day, b.trust);
    };
    for (auto* days : {&facts_.days, &received}) std::sort(days->begin(), days->end(), comes_first);
    for (const auto& [places, place] : columns) {
      Renumbering numbers(places, place);
      for (auto* days : {&facts_.days, &received})
        for (Day& day : *days) numbers.take(day);
      numbers.finish();
    }
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
  model::SenderFacts facts_;
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
