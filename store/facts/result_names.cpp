#include "store/facts/result_names_detail.hpp"

#include <utility>

namespace ruaudit::store {
namespace {

constexpr std::size_t most_known_names = 16'384, most_known_verdicts = 16'384;  // some MiB each
constexpr std::int64_t verdicts_read_together = 64;  // those that came together are asked for together

constexpr std::string_view results_sql =
    "SELECT a.verdict_id, a.mechanism, a.domain, a.selector, (a.result = 'pass') * (1 + (v.dkim <> 'pass' AND"
    " v.spf <> 'pass')) FROM verdict v CROSS JOIN auth_result a ON a.verdict_id = v.id WHERE v.id BETWEEN ?1 AND ?2";
constexpr std::string_view overrides_sql =
    "SELECT verdict_id, type, arc, CAST(json_extract(arc_chain, '$[0].d') AS TEXT) FROM policy_override"
    " WHERE verdict_id BETWEEN ?1 AND ?2";

constexpr InternedNames::Texts auth_name_texts{
    "SELECT id FROM auth_name WHERE mechanism = ?1 AND domain = ?2 AND ifnull(selector, 0) = ifnull(?3, 0)",
    "INSERT INTO auth_name (mechanism, domain, selector) VALUES (?1, ?2, ?3)"};
constexpr InternedNames::Texts override_name_texts{
    "SELECT id FROM override_name WHERE type = ?1 AND ifnull(arc, 0) = ifnull(?2, 0)"
    " AND ifnull(arc_domain, 0) = ifnull(?3, 0)",
    "INSERT INTO override_name (type, arc, arc_domain) VALUES (?1, ?2, ?3)"};

// Texts of other lengths or places, and NULL, give other keys.
std::string key_of(const InternedNames::Name& name) {
  std::string key;
  for (const auto& text : name) {
    key += text ? std::to_string(text->size()) + ':' : "-";
    if (text) key += *text;
  }
  return key;
}

std::optional<std::string_view> text_or_null(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.text(column);
}

InternedNames::Name name_in(const Statement& row, int first) {
  return {text_or_null(row, first), text_or_null(row, first + 1), text_or_null(row, first + 2)};
}

}  // namespace

model::Result<InternedNames> InternedNames::create(sqlite3* db, const Texts& texts) {
  TRY(auto find, Statement::prepare(db, texts.find));
  TRY(auto insert, Statement::prepare(db, texts.insert));
  return InternedNames(std::move(find), std::move(insert));
}

model::Result<std::int64_t> InternedNames::id_of(const Name& name) {
  std::string key = key_of(name);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const auto bound = [&name](Statement& statement) -> Statement& {
    for (int i = 0; i < 3; ++i) statement.bind_optional(i + 1, name[static_cast<std::size_t>(i)]);
    return statement;
  };
  std::int64_t id = 0;
  {
    ResetAtEnd reset(find_);
    TRY(const bool is_there, bound(find_).step());
    if (is_there) id = find_.integer(0);
  }
  if (id == 0) {
    TRY_VOID(bound(insert_).run());
    id = sqlite3_last_insert_rowid(sqlite3_db_handle(insert_.handle()));
  }
  if (known_.size() >= most_known_names) known_.clear();
  known_.emplace(std::move(key), id);
  return id;
}

model::Result<ResultNames> ResultNames::create(sqlite3* db) {
  TRY(auto results, Statement::prepare(db, results_sql));
  TRY(auto overrides, Statement::prepare(db, overrides_sql));
  TRY(auto auth_names, InternedNames::create(db, auth_name_texts));
  TRY(auto override_names, InternedNames::create(db, override_name_texts));
  return ResultNames(std::move(results), std::move(overrides), std::move(auth_names), std::move(override_names));
}

void ResultNames::forget() {
  auth_names_.forget();
  override_names_.forget();
  uses_.clear();
}

model::Result<const std::vector<ResultNames::Use>*> ResultNames::of(std::int64_t verdict) {
  if (const auto known = uses_.find(verdict); known != uses_.end()) return &known->second;
  if (uses_.size() >= most_known_verdicts) uses_.clear();
  // What is known already of those that follow must not be added once more.
  for (std::int64_t id = verdict; id < verdict + verdicts_read_together; ++id) uses_[id].clear();
  TRY_VOID(read_results(verdict));
  TRY_VOID(read_overrides(verdict));
  return &uses_[verdict];
}

Status ResultNames::read_results(std::int64_t first) {
  ResetAtEnd reset(results_);
  results_.bind(1, first).bind(2, first + verdicts_read_together - 1);
  while (true) {
    TRY(const bool has_row, results_.step());
    if (!has_row) return {};
    TRY(const auto id, auth_names_.id_of(name_in(results_, 1)));
    constexpr std::array of = {Use::Of::not_passed, Use::Of::passed, Use::Of::unaligned};
    uses_[results_.integer(0)].push_back({id, of[static_cast<std::size_t>(results_.integer(4))]});
  }
}

Status ResultNames::read_overrides(std::int64_t first) {
  ResetAtEnd reset(overrides_);
  overrides_.bind(1, first).bind(2, first + verdicts_read_together - 1);
  while (true) {
    TRY(const bool has_row, overrides_.step());
    if (!has_row) return {};
    TRY(const auto id, override_names_.id_of(name_in(overrides_, 1)));
    uses_[overrides_.integer(0)].push_back({id, Use::Of::override});
  }
}

}  // namespace ruaudit::store
