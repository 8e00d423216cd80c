#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

#include "store/pulled/pulled_writer.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

std::string batch_hex(std::uint64_t batch) {
  std::string text;
  for (unsigned shift = 64; shift > 0; shift -= 4) text += "0123456789abcdef"[batch >> (shift - 4) & 15U];
  return text;
}

std::vector<std::string_view> pieces(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> found;
  while (true) {
    const auto end = text.find(separator);
    found.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return found;
    text.remove_prefix(end + separator.size());
  }
}

// "database d on URL URL, URL": shards with spaces between the servers of each. It may have got more shards; and of a
// shard's servers, which hold the same, others may be named, or in another order, if one is still the same.
bool is_same_cluster(std::string_view former, std::string_view now) {
  constexpr std::string_view on = " on ";
  const auto named = [on](std::string_view text) { return std::min(text.find(on), text.size()); };
  if (former.substr(0, named(former)) != now.substr(0, named(now))) return false;
  const auto shards_of = [&](std::string_view text) {
    text.remove_prefix(std::min(named(text) + on.size(), text.size()));
    return pieces(text, ", ");
  };
  const auto before = shards_of(former), after = shards_of(now);
  if (before.size() > after.size()) return false;
  for (std::size_t shard = 0; shard < before.size(); ++shard) {
    const auto servers = pieces(before[shard], " "), others = pieces(after[shard], " ");
    if (std::find_first_of(servers.begin(), servers.end(), others.begin(), others.end()) == servers.end()) return false;
  }
  return true;
}

}  // namespace

std::string pulled_key(const Digest& identity_key, std::uint64_t batch) {
  std::string key;
  for (const auto octet : identity_key) key += batch_hex(octet).substr(14);
  return key + '-' + batch_hex(batch);
}

model::Result<PulledState> pulled_state(const Database& database) {
  TRY(auto find, Statement::prepare(database.handle(), R"(
    SELECT coalesce((SELECT value FROM store_info WHERE name = 'cluster'), ''),
           coalesce((SELECT CAST(value AS INTEGER) FROM store_info WHERE name = 'pulled_at'), 0))"));
  TRY(const bool has_row, find.step());
  return has_row ? PulledState{std::string(find.text(0)), find.integer(1)} : PulledState{};
}

model::Result<void> begin_judging(Database& database, const std::string& cluster) {
  TRY(const auto state, pulled_state(database));
  const std::string& path = database.options().path;
  if (state.cluster == cluster) return {};
  if (!state.cluster.empty() && is_same_cluster(state.cluster, cluster)) {
    TRY(auto update, Statement::prepare(database.handle(), "UPDATE store_info SET value = ? WHERE name = 'cluster'"));
    return update.bind(1, cluster).run();
  }
  if (!state.cluster.empty())
    return model::failure("cluster-other",
                          path + " is the judging database of " + state.cluster + ", not of " + cluster,
                          "move it away, or name another database with --db: the judging one is made beside it");
  TRY(const auto items, query_integer(database.handle(), R"(
    SELECT EXISTS (SELECT 1 FROM ledger) OR EXISTS (SELECT 1 FROM report)
        OR EXISTS (SELECT 1 FROM store_info WHERE name = 'ingester'))"));
  if (items != 0)
    return model::failure("cluster-not-judging", path + " has reports of its own: it cannot be a judging database, too",
                          "move it away, or name another database with --db: the judging one is made beside it");
  TRY(auto insert, Statement::prepare(database.handle(), "INSERT INTO store_info VALUES ('cluster', ?)"));
  return insert.bind(1, cluster).run();
}

model::Result<void> set_pulled(Database& database, std::int64_t now) {
  TRY(auto set, Statement::prepare(database.handle(), R"(
    INSERT INTO store_info VALUES ('pulled_at', ?1) ON CONFLICT DO UPDATE SET value = excluded.value)"));
  const auto text = std::to_string(now);
  return set.bind(1, text).run();
}

// SQLite has no unsigned numbers: the same 64 bits.
model::Result<BatchNumbers> pulled_batches(const Database& database, std::size_t shard) {
  TRY(auto find, Statement::prepare(database.handle(), "SELECT batch FROM pulled_batch WHERE shard = ?"));
  find.bind(1, static_cast<std::int64_t>(shard));
  BatchNumbers batches;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) break;
    batches.push_back(static_cast<std::uint64_t>(find.integer(0)));
  }
  std::sort(batches.begin(), batches.end());
  return batches;
}

model::Result<std::vector<Digest>> reports_of_batches(const Database& database,
                                                      const std::set<std::uint64_t>& batches) {
  TRY(auto find, Statement::prepare(database.handle(), R"(
    SELECT substr(l.locator, 34), p.identity_key FROM ledger l JOIN ledger_part q ON q.ledger_id = l.id
    JOIN report p ON p.id = q.report_id
    UNION ALL SELECT substr(l.locator, 34), t.group_key FROM ledger l JOIN ledger_part q ON q.ledger_id = l.id
    JOIN tls_report t ON t.id = q.tls_id
    UNION ALL SELECT substr(l.locator, 34), substr(f.identity_key, 1, 16) FROM ledger l
    JOIN failure_report f ON f.ledger_id = l.id)"));
  std::set<Digest> reports;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return std::vector<Digest>(reports.begin(), reports.end());
    const auto batch = std::strtoull(std::string(find.text(0)).c_str(), nullptr, 16);
    if (!batches.contains(batch)) continue;
    const auto octets = find.blob(1);
    Digest key{};
    std::copy_n(octets.begin(), std::min(octets.size(), key.size()), key.begin());
    reports.insert(key);
  }
}

model::Result<std::int64_t> count_pulled_reports(const Database& database) {
  return query_integer(database.handle(), R"(
    SELECT (SELECT count(*) FROM report WHERE counted = 1) + (SELECT count(*) FROM tls_report WHERE counted = 1) +
           (SELECT count(*) FROM failure_report))");
}

}  // namespace ruaudit::store
