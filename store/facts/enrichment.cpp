#include "store/facts/enrichment.hpp"

#include <algorithm>

#include "model/fail_point.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// What expired is asked again only of sources that still send.
constexpr std::string_view due_reverse_sql =
    "SELECT s.id, s.text FROM source s LEFT JOIN source_reverse v ON v.source_id = s.id WHERE s.id > ?1 AND"
    " (v.source_id IS NULL OR (v.expires <= ?2 AND s.id IN (SELECT source_id FROM stream_day WHERE day >= ?4)))"
    " ORDER BY s.id LIMIT ?3";

constexpr std::string_view due_network_sql =
    "SELECT s.id, s.text FROM source s LEFT JOIN source_network v ON v.source_id = s.id"
    " WHERE s.id > ?1 AND (v.source_id IS NULL OR v.build <> ?2) ORDER BY s.id LIMIT ?3";

// An envelope address may be written where a domain belongs: the part after the last @ counts.
constexpr std::string_view due_spf_sql =
    "WITH pair AS (SELECT DISTINCT source_id, identifier_id FROM stream_day WHERE day >= ?1),"
    " wanted AS (SELECT p.source_id, i.header_from AS domain FROM pair p JOIN identifier_set i ON i.id ="
    " p.identifier_id UNION SELECT p.source_id, replace(i.envelope_from, rtrim(i.envelope_from, replace("
    "i.envelope_from, '@', '')), '') FROM pair p JOIN identifier_set i ON i.id = p.identifier_id"
    " WHERE i.envelope_from <> '')"
    " SELECT w.source_id, s.text, w.domain FROM wanted w JOIN source s ON s.id = w.source_id LEFT JOIN source_spf v"
    " ON v.source_id = w.source_id AND v.domain = w.domain WHERE w.domain <> '' AND (v.source_id IS NULL OR"
    " v.expires <= ?2) ORDER BY w.domain, w.source_id LIMIT ?3";

model::Result<std::vector<DueSource>> read_due(Statement& find) {
  std::vector<DueSource> due;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return due;
    const auto address = model::IpAddress::parse(find.text(1));
    if (address) due.push_back({find.integer(0), *address});
  }
}

std::optional<std::string_view> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace

model::Result<std::vector<DueSource>> due_reverse(Database& database, const DueRequest& request, std::int64_t behind) {
  TRY(auto find, Statement::prepare(database.handle(), due_reverse_sql));
  find.bind(1, behind).bind(2, request.now).bind(3, static_cast<std::int64_t>(request.most));
  find.bind(4, request.first_day);
  return read_due(find);
}

model::Result<std::vector<DueSource>> due_network(Database& database, const std::string& build, std::int64_t behind,
                                                  std::size_t most) {
  TRY(auto find, Statement::prepare(database.handle(), due_network_sql));
  find.bind(1, behind).bind(2, build).bind(3, static_cast<std::int64_t>(most));
  return read_due(find);
}

model::Result<std::vector<DueSpf>> due_spf(Database& database, const DueRequest& request) {
  TRY(auto find, Statement::prepare(database.handle(), due_spf_sql));
  find.bind(1, request.first_day).bind(2, request.now).bind(3, static_cast<std::int64_t>(request.most));
  std::vector<DueSpf> due;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return due;
    const auto address = model::IpAddress::parse(find.text(1));
    if (address) due.push_back({find.integer(0), *address, std::string(find.text(2))});
  }
}

model::Result<std::vector<std::string>> new_header_domains(Database& database) {
  TRY(auto find, Statement::prepare(database.handle(),
                                    "SELECT DISTINCT header_from FROM identifier_set WHERE header_from <> '' AND"
                                    " header_from NOT IN (SELECT name FROM header_domain)"));
  std::vector<std::string> names;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return names;
    names.emplace_back(find.text(0));
  }
}

model::Result<void> save_header_domains(Database& database, const std::vector<HeaderDomain>& domains) {
  TRY(auto insert, Statement::prepare(database.handle(), "INSERT OR REPLACE INTO header_domain VALUES (?, ?)"));
  return in_transaction(database.handle(), [&]() -> Status {
    for (const auto& domain : domains)
      TRY_VOID(insert.bind(1, domain.name).bind(2, domain.organizational_domain).run());
    return {};
  });
}

struct EnrichmentWriter::State {
  Database* database;
  Statement reverse, clear_names, name, network, spf;
};

EnrichmentWriter::EnrichmentWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
EnrichmentWriter::EnrichmentWriter(EnrichmentWriter&&) noexcept = default;
EnrichmentWriter& EnrichmentWriter::operator=(EnrichmentWriter&&) noexcept = default;
EnrichmentWriter::~EnrichmentWriter() = default;

model::Result<EnrichmentWriter> EnrichmentWriter::create(Database& database) {
  sqlite3* db = database.handle();
  TRY(auto reverse, Statement::prepare(db, "INSERT OR REPLACE INTO source_reverse VALUES (?, ?, ?, ?)"));
  TRY(auto clear, Statement::prepare(db, "DELETE FROM source_name WHERE source_id = ?"));
  TRY(auto name, Statement::prepare(db, "INSERT INTO source_name VALUES (?, ?, ?, ?)"));
  TRY(auto network, Statement::prepare(db, "INSERT OR REPLACE INTO source_network VALUES (?, ?, ?, ?, ?, ?)"));
  TRY(auto spf,
      Statement::prepare(db,
                         // The term that let it pass last outlives the pass: it names the sender afterwards too.
                         "INSERT INTO source_spf VALUES (?1, ?2, ?3, iif(?3 = 'pass', ?4, ''), ?5, ?6)"
                         " ON CONFLICT DO UPDATE SET result = excluded.result, term = iif(excluded.result ="
                         " 'pass', excluded.term, term), asked_at = excluded.asked_at, expires ="
                         " excluded.expires"));
  return EnrichmentWriter(std::make_unique<State>(
      State{&database, std::move(reverse), std::move(clear), std::move(name), std::move(network), std::move(spf)}));
}

model::Result<void> EnrichmentWriter::save(const std::vector<ReverseAnswer>& answers) {
  TRY_VOID(state_->database->check_free_space());
  TRY_VOID(in_transaction(state_->database->handle(), [&]() -> Status {
    for (const auto& answer : answers) {
      Statement& reverse = state_->reverse.bind(1, answer.source_key).bind(2, model::to_text(answer.status));
      TRY_VOID(reverse.bind(3, answer.asked_at).bind(4, answer.expires).run());
      // DNS that does not answer today takes back no name of yesterday.
      if (answer.status == model::ReverseStatus::unknown) continue;
      TRY_VOID(state_->clear_names.bind(1, answer.source_key).run());
      std::int64_t n = 0;
      for (const auto& name : answer.names) {
        Statement& insert = state_->name.bind(1, answer.source_key).bind(2, ++n).bind(3, name.name);
        TRY_VOID(insert.bind(4, static_cast<std::int64_t>(name.is_confirmed)).run());
      }
    }
    RUAUDIT_FAIL_POINT("store.enrich");
    return {};
  }));
  return state_->database->checkpoint_if_due();
}

model::Result<void> EnrichmentWriter::save(const std::vector<NetworkAnswer>& answers) {
  TRY_VOID(state_->database->check_free_space());
  return in_transaction(state_->database->handle(), [&]() -> Status {
    for (const auto& answer : answers) {
      Statement& insert = state_->network.bind(1, answer.source_key);
      insert.bind_optional(2, unless_empty(answer.country)).bind_optional(3, answer.asn);
      insert.bind_optional(4, unless_empty(answer.network)).bind(5, answer.looked_at).bind(6, answer.build);
      TRY_VOID(insert.run());
    }
    return {};
  });
}

model::Result<void> EnrichmentWriter::save(const std::vector<SpfAnswer>& answers) {
  TRY_VOID(state_->database->check_free_space());
  return in_transaction(state_->database->handle(), [&]() -> Status {
    for (const auto& answer : answers) {
      Statement& insert = state_->spf.bind(1, answer.source_key).bind(2, answer.spf.domain);
      insert.bind(3, model::to_text(answer.spf.result)).bind(4, answer.spf.term);
      TRY_VOID(insert.bind(5, answer.asked_at).bind(6, answer.expires).run());
    }
    RUAUDIT_FAIL_POINT("store.enrich_spf");
    return {};
  });
}

}  // namespace ruaudit::store
