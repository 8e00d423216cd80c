#include "store/failure/reader.hpp"

#include "store/content/compress.hpp"
#include "store/failure/codec.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view select_sql =
    "SELECT f.received, f.at, f.sample_policy, f.sample_state, coalesce(p.report, s.report), coalesce(p.report_size,"
    " s.report_size), coalesce(p.sample, s.sample), coalesce(p.sample_size, s.sample_size),"
    " EXISTS (SELECT 1 FROM failure_result r WHERE r.failure_id = f.id AND r.is_current = 1)"
    " FROM failure_report f LEFT JOIN pending_failure p ON p.failure_id = f.id"
    " LEFT JOIN failure_sample s ON s.failure_id = f.id WHERE f.id = ?";

}  // namespace

model::Result<StoredFailure> load_failure(Database& database, std::int64_t failure_key) {
  TRY(auto select, Statement::prepare(database.handle(), select_sql));
  TRY(const bool has_row, select.bind(1, failure_key).step());
  const std::string name = "failure report " + std::to_string(failure_key);
  if (!has_row) return model::failure("failure-key", "there is no " + name, "`ruaudit failures` lists them");
  if (select.is_null(4))
    return model::failure("failure-damaged", name + " has lost its claims", "run `ruaudit db check`");
  StoredFailure stored;
  stored.failure_key = failure_key;
  stored.received = select.integer(0);
  stored.at = select.integer(1);
  stored.policy = model::parse_enum<SamplePolicy>(select.text(2)).value_or(SamplePolicy::none);
  stored.state = model::parse_enum<SampleState>(select.text(3)).value_or(SampleState::pruned);
  TRY(const auto claims, inflated(select.blob(4), select.integer(5)));
  TRY(stored.report, decode_claims(claims));
  TRY(stored.report.sample.octets, inflated(select.blob(6), select.integer(7)));
  stored.is_verified = select.integer(8) != 0;
  return stored;
}

model::Result<std::optional<std::int64_t>> next_unverified(Database& database, std::int64_t failure_key,
                                                           std::int64_t arrived_since) {
  TRY(auto select, Statement::prepare(
                       database.handle(),
                       "SELECT f.id FROM failure_report f WHERE f.id > ? AND f.at >= ? AND f.kind = 'auth-failure' AND"
                       " NOT EXISTS (SELECT 1 FROM failure_result r WHERE r.failure_id = f.id AND r.is_current = 1)"
                       " ORDER BY f.id LIMIT 1"));
  TRY(const bool has_row, select.bind(1, failure_key).bind(2, arrived_since).step());
  return has_row ? std::optional(select.integer(0)) : std::nullopt;
}

}  // namespace ruaudit::store
