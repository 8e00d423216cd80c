#include "store/facts/dns_records.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

bool is_at_or_below(std::string_view name, std::string_view domain) {
  if (name == domain) return true;
  return name.size() > domain.size() && name.ends_with(domain) && name[name.size() - domain.size() - 1] == '.';
}

constexpr std::string_view keys_sql =
    "SELECT d.name, n.domain, n.selector FROM (SELECT DISTINCT domain_id, auth_id FROM auth_month) m"
    " JOIN auth_name n ON n.id = m.auth_id JOIN domain d ON d.id = m.domain_id"
    " WHERE n.mechanism = 'dkim' AND n.selector <> '' ORDER BY 1, 2, 3";

}  // namespace

model::Result<std::vector<SeenKey>> seen_keys(Database& database) {
  TRY(auto find, Statement::prepare(database.handle(), keys_sql));
  std::vector<SeenKey> keys;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return keys;
    if (is_at_or_below(find.text(1), find.text(0)))
      keys.push_back({std::string(find.text(0)), std::string(find.text(1)), std::string(find.text(2))});
  }
}

}  // namespace ruaudit::store
