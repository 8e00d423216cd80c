#include "cluster/read/queries.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <span>
#include <thread>
#include <vector>

#include "cluster/schema/servers.hpp"
#include "cluster/schema/views.hpp"
#include "cluster/server/answer.hpp"

namespace ruaudit::cluster {
namespace {

struct ClusterQuery {
  std::string_view name, text;
};

// {v_name}: a view's text. An inner query gives columns other names, because ClickHouse takes a name in WHERE for the
// column that SELECT calls so. Percentages are rounded up from the middle, as SQLite does.
constexpr std::array<ClusterQuery, 10> cluster_queries{{
    {"domains",
     "SELECT d AS policy_domain, n AS messages, ok AS passed, floor(1000.0 * ok / n + 0.5) / 10 AS pass_percent,"
     " nullIf(published, '') AS p, addresses AS sources, first AS first_day, last AS last_day FROM (SELECT"
     " toString(policy_domain) AS d, sum(message_count) AS n, sum(if(dmarc_dkim = 'pass' OR dmarc_spf = 'pass',"
     " message_count, 0)) AS ok, uniqExact(source) AS addresses, toString(min(day)) AS first, toString(max(day)) AS "
     "last"
     " {counted_rows} GROUP BY policy_domain) ANY LEFT JOIN (SELECT policy_domain AS d, argMax(ifNull(p, ''), "
     "(last_day,"
     " reports)) AS published FROM ({v_policy_history}) GROUP BY policy_domain) USING d ORDER BY messages DESC"},
    {"failing-sources",
     "SELECT d AS policy_domain, s AS source_ip, sum(f) AS failed, sum(n) AS messages, min(first) AS first_day, "
     "max(last)"
     " AS last_day FROM (SELECT policy_domain AS d, source_ip AS s, failed AS f, messages AS n, first_day AS first,"
     " last_day AS last FROM ({v_source_month})) GROUP BY d, s HAVING failed > 0 ORDER BY failed DESC LIMIT 100"},
    {"unaligned",
     "SELECT d AS policy_domain, m AS mechanism, a AS authenticated_as, sum(n) AS messages, max(s) AS sources_a_day "
     "FROM"
     " (SELECT policy_domain AS d, mechanism AS m, domain AS a, messages AS n, sources AS s FROM ({v_result_daily}) "
     "WHERE"
     " result = 'pass' AND dmarc_dkim != 'pass' AND dmarc_spf != 'pass') GROUP BY d, m, a ORDER BY messages DESC LIMIT"
     " 100"},
    {"daily",
     "SELECT policy_domain, day, messages, passed, failed FROM ({v_domain_daily}) ORDER BY policy_domain, day"},
    {"weekly",
     "SELECT d AS policy_domain, w AS week, sum(n) AS messages, sum(ok) AS passed, floor(1000.0 * sum(ok) / sum(n) + "
     "0.5) /"
     " 10 AS pass_percent, floor(1000.0 * sum(dk) / sum(n) + 0.5) / 10 AS dkim_percent, floor(1000.0 * sum(sp) / "
     "sum(n) +"
     " 0.5) / 10 AS spf_percent FROM (SELECT policy_domain AS d, toString(toMonday(toDate(day))) AS w, messages AS n,"
     " passed AS ok, dkim_aligned AS dk, spf_aligned AS sp FROM ({v_domain_daily})) GROUP BY d, w ORDER BY d, w"},
    {"reporters",
     "SELECT d AS policy_domain, r AS reporter, reports, messages, first_day, last_day FROM (SELECT "
     "toString(policy_domain)"
     " AS d, toString(reporter) AS r, count() AS reports, sum(messages) AS messages, toString(min(day)) AS first_day,"
     " toString(max(day)) AS last_day FROM {db}.report WHERE {counted} GROUP BY policy_domain, reporter) ORDER BY d,"
     " messages DESC"},
    {"policy-changes",
     "SELECT policy_domain, p, sp, np, adkim, aspf, pct, testing, first_day, last_day, reports FROM "
     "({v_policy_history})"
     " ORDER BY policy_domain, first_day"},
    {"selectors",
     "SELECT d AS policy_domain, a AS domain, s AS selector, sum(if(r = 'pass', n, 0)) AS passed, sum(if(r = 'pass', 0,"
     " n)) AS not_passed, min(t) AS first_day, max(t) AS last_day FROM (SELECT policy_domain AS d, domain AS a, "
     "selector"
     " AS s, result AS r, messages AS n, day AS t FROM ({v_result_daily}) WHERE mechanism = 'dkim') GROUP BY d, a, s"
     " ORDER BY d, passed + not_passed DESC LIMIT 200"},
    {"overrides",
     "SELECT d AS policy_domain, t AS type, c AS arc, a AS arc_domain, sum(n) AS messages, max(s) AS sources_a_day FROM"
     " (SELECT policy_domain AS d, type AS t, arc AS c, arc_domain AS a, messages AS n, sources AS s FROM"
     " ({v_override_daily})) GROUP BY d, t, c, a ORDER BY messages DESC LIMIT 100"},
    {"contradictions",
     "SELECT r AS reporter, why AS contradiction_reason, count() AS records, sum(n) AS messages, min(id) AS"
     " example_report, max(d) AS last_day FROM (SELECT toString(reporter) AS r, {contradiction_reason} AS why,"
     " message_count AS n, report_id AS id, toString(day) AS d {counted_rows} AND self_check > 15) GROUP BY r, why "
     "ORDER"
     " BY records DESC"},
}};

bool is_integer(std::string_view type) {
  if (type.starts_with("Nullable(")) type.remove_prefix(9);
  return type.starts_with("Int") || type.starts_with("UInt");
}
bool is_real(std::string_view type) {
  if (type.starts_with("Nullable(")) type.remove_prefix(9);
  return type.starts_with("Float");
}

// The second of the last commit on any shard, once it is over on each: what is committed while the question is answered
// is later, and nothing that was committed before is left out, whatever the clocks of the shards say.
model::Result<Moment> settled_moment(std::span<Client> clients, const Place& place) {
  constexpr std::uint64_t longest_wait = 2;
  std::uint64_t last = 0, wait = 0;
  std::vector<std::uint64_t> clocks;
  for (auto& client : clients) {
    TRY(const auto found,
        client.ask("SELECT toUInt32(max(made_at)), toUInt32(now()) FROM " + place.database + ".batch_local", 2));
    if (found.rows.empty()) continue;
    last = std::max(last, number_of(found.rows[0][0]));
    clocks.push_back(number_of(found.rows[0][1]));
  }
  for (const auto now : clocks)
    if (now < last + 2) wait = std::max(wait, std::min(longest_wait, last + 2 - now));
  std::this_thread::sleep_for(std::chrono::seconds(wait));
  return Moment{last};
}

// Of the servers of another shard the one that is asked takes the first of its remote_servers that it reaches, and that
// one may still be fetching what it missed.
model::Result<Rows> ask_complete(Client& client, const std::string& sql) {
  constexpr int attempts = 5;
  for (int attempt = 1;; ++attempt) {
    auto rows = client.ask(sql);
    if (rows || attempt == attempts || rows.error().message.find("throwIf") == std::string::npos) {
      if (rows || attempt < attempts) return rows;
      return model::failure(
          "cluster-behind",
          client.url() + " asked a server that does not have everything yet, or does not reach ZooKeeper",
          "`ruaudit cluster check` names it; what judges (`ruaudit summary --cluster`) asks others");
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

model::Cell cell_of_value(const std::optional<std::string>& value, std::string_view type) {
  if (!value) return std::monostate{};
  if (is_integer(type)) return static_cast<std::int64_t>(std::strtoll(value->c_str(), nullptr, 10));
  if (is_real(type)) return std::strtod(value->c_str(), nullptr);
  return *value;
}

}  // namespace

model::Result<std::string> cluster_query(std::string_view name, const std::string& database, Moment until) {
  const auto* const at = std::find_if(cluster_queries.begin(), cluster_queries.end(),
                                      [name](const ClusterQuery& one) { return one.name == name; });
  if (at != cluster_queries.end()) return view_text(at->text, database, until);
  std::string names;
  for (const auto& one : cluster_queries) names += (names.empty() ? "" : ", ") + std::string(one.name);
  return model::failure(
      "query-name", "a cluster has no answer to '" + std::string(name.substr(0, 80)) + "'",
      "it answers: " + names + "; for judgements: `ruaudit cluster pull`, then `ruaudit query --db cluster.db`");
}

model::ResultTable table_of(const Rows& rows) {
  model::ResultTable table;
  table.columns = rows.columns;
  for (const auto& row : rows.rows) {
    auto& cells = table.rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(cell_of_value(row[i], rows.types[i]));
  }
  return table;
}

model::Result<model::ResultTable> run_cluster_query(const Place& place, std::string_view name) {
  TRY_VOID(cluster_query(name, place.database));  // before anybody is asked
  std::vector<Client> clients;
  for (std::size_t shard = 0; shard < place.shards.size(); ++shard) {
    TRY(auto client, connect_reader(place, shard));
    clients.push_back(std::move(client));
  }
  TRY(const auto until, settled_moment(clients, place));
  TRY(const auto sql, cluster_query(name, place.database, until));
  TRY(const auto rows, ask_complete(clients.front(), sql));
  return table_of(rows);
}

}  // namespace ruaudit::cluster
