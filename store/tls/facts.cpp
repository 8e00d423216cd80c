#include "store/tls/facts.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "model/calendar.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view days_sql =
    "SELECT policy_domain, reporter, day, authenticity, type, successful, failed FROM tls_day WHERE day >= ?1"
    " ORDER BY day";
// Reports whose number of successful sessions is not told. Domain, reporter, day and authenticity as above.
constexpr std::string_view untold_sql =
    "SELECT DISTINCT p.policy_domain, r.reporter, r.day, r.authenticity, p.type FROM tls_report r JOIN tls_policy p ON"
    " p.report_id = r.id WHERE r.counted = 1 AND p.successful IS NULL AND r.day >= ?1";
constexpr std::string_view failures_sql =
    "SELECT policy_domain, reporter, day, authenticity, result_type, mx_host, sessions FROM tls_failure_day"
    " WHERE day >= ?1 ORDER BY day";
constexpr std::string_view policies_sql =
    "SELECT DISTINCT p.policy_domain, '', r.day, r.authenticity, p.strings FROM tls_policy p JOIN tls_report r ON r.id "
    "= "
    "p.report_id"
    " WHERE r.counted = 1 AND r.authenticity <> 'unauthenticated' AND p.type = 'sts' AND p.strings <> '[]' AND r.day >="
    " ?1 ORDER BY 1, 3, 5";
constexpr std::string_view reports_sql =
    "SELECT p.policy_domain, r.reporter, r.day, r.authenticity, sum(coalesce(p.successful, 0) + coalesce(p.failed, 0)),"
    " coalesce((SELECT min(l.first_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id WHERE q.tls_id = r.id),"
    " r.received) FROM tls_report r JOIN tls_policy p ON p.report_id = r.id WHERE r.counted = 1 AND r.day >= ?1"
    " GROUP BY r.id, p.policy_domain ORDER BY r.id";
constexpr std::string_view names_sql =
    "SELECT reporter, organization_name, max(id) FROM tls_report WHERE organization_name <> '' GROUP BY reporter";

model::ReportTrust trust_of(std::string_view text) {
  if (text == "authenticated") return model::ReportTrust::authenticated;
  if (text == "unauthenticated") return model::ReportTrust::unauthenticated;
  return text == "indeterminate" ? model::ReportTrust::indeterminate : model::ReportTrust::unchecked;
}

class Reader {
 public:
  Reader(sqlite3* db, const std::string& first_day) : db_(db), first_day_(first_day) {}

  model::Result<model::TlsFacts> read() {
    TRY_VOID(each(untold_sql, [this](const Statement& row) { untold_.insert(key_of(row)); }));
    TRY_VOID(each(days_sql, [this](const Statement& row) { add_day(row); }));
    TRY_VOID(each(failures_sql, [this](const Statement& row) { add_failure(row); }));
    TRY_VOID(each(policies_sql, [this](const Statement& row) { add_policy(row); }));
    TRY_VOID(each(reports_sql, [this](const Statement& row) { add_report(row); }));
    facts_.reporter_keys = facts_.reporters;
    TRY(auto names, Statement::prepare(db_, names_sql));
    while (true) {
      TRY(const bool has_row, names.step());
      if (!has_row) return std::move(facts_);
      if (const auto at = reporters_.find(std::string(names.text(0))); at != reporters_.end())
        facts_.reporters[at->second] = names.text(1);
    }
  }

 private:
  using Places = std::unordered_map<std::string, std::uint32_t>;
  static std::uint32_t place_of(Places& places, std::vector<std::string>& texts, std::string_view text) {
    const auto [at, is_new] = places.try_emplace(std::string(text), static_cast<std::uint32_t>(texts.size()));
    if (is_new) texts.emplace_back(text);
    return at->second;
  }
  std::uint32_t domain(const Statement& row) { return place_of(domains_, facts_.domains, row.text(0)); }
  std::uint32_t reporter(const Statement& row) { return place_of(reporters_, facts_.reporters, row.text(1)); }
  static std::int32_t day(const Statement& row) {
    return static_cast<std::int32_t>(model::day_number(model::parse_day(row.text(2)).value_or(0)));
  }

  using Key = std::array<std::string, 5>;
  static Key key_of(const Statement& row) {
    Key key;
    for (int column = 0; column < static_cast<int>(key.size()); ++column)
      key.at(static_cast<std::size_t>(column)) = row.text(column);
    return key;
  }

  template <class Take>
  Status each(std::string_view sql, const Take& take) {
    TRY(auto select, Statement::prepare(db_, sql));
    select.bind(1, first_day_);
    while (true) {
      TRY(const bool has_row, select.step());
      if (!has_row) return {};
      take(select);
    }
  }

  void add_day(const Statement& row) {
    facts_.days.push_back({domain(row), reporter(row), day(row),
                           model::parse_enum<model::TlsPolicyType>(row.text(4)).value_or(model::TlsPolicyType::unknown),
                           trust_of(row.text(3)), row.integer(5), row.integer(6), !untold_.contains(key_of(row))});
  }
  void add_failure(const Statement& row) {
    facts_.failures.push_back({domain(row), reporter(row), day(row), std::string(row.text(4)), std::string(row.text(5)),
                               trust_of(row.text(3)), row.integer(6)});
  }
  void add_policy(const Statement& row) {
    model::TlsPolicySeen seen{domain(row), day(row), {}, trust_of(row.text(3))};
    const auto lines = nlohmann::json::parse(row.text(4), nullptr, false);
    for (const auto& line : lines)
      if (line.is_string()) seen.lines.push_back(line.get<std::string>());
    facts_.policies.push_back(std::move(seen));
  }
  void add_report(const Statement& row) {
    facts_.reports.push_back(
        {domain(row), reporter(row), day(row), row.integer(5), trust_of(row.text(3)), row.integer(4)});
  }

  sqlite3* db_;
  std::string first_day_;
  model::TlsFacts facts_;
  Places domains_, reporters_;
  std::set<Key> untold_;
};

}  // namespace

model::Result<model::TlsFacts> read_tls_facts(Database& database, const std::string& first_day) {
  return Reader(database.handle(), first_day).read();
}

}  // namespace ruaudit::store
