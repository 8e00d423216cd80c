#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "store/facts/dns_records.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

using KeyName = std::pair<std::string, std::string>;  // signing domain and selector

bool is_at_or_below(std::string_view name, std::string_view domain) {
  if (name == domain) return true;
  return name.size() > domain.size() && name.ends_with(domain) && name[name.size() - domain.size() - 1] == '.';
}

// Keys by the verdicts in which they are named. Few distinct keys stand behind many verdicts.
class KeysOfVerdicts {
 public:
  Status read(sqlite3* db) {
    TRY(auto find, Statement::prepare(db,
                                      "SELECT verdict_id, domain, selector FROM auth_result WHERE mechanism = 'dkim'"
                                      " AND selector <> '' ORDER BY verdict_id, n"));
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) return {};
      uses_.emplace_back(find.integer(0), number_of({std::string(find.text(1)), std::string(find.text(2))}));
    }
  }
  template <class Take>
  void each_of(std::int64_t verdict, const Take& take) const {
    for (auto use = std::lower_bound(uses_.begin(), uses_.end(), Use(verdict, 0));
         use != uses_.end() && use->first == verdict; ++use)
      take(use->second);
  }
  [[nodiscard]] const KeyName& name_of(std::uint32_t number) const { return *names_[number]; }

 private:
  using Use = std::pair<std::int64_t, std::uint32_t>;

  std::uint32_t number_of(KeyName name) {
    const auto [at, is_new] = numbers_.try_emplace(std::move(name), static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(&at->first);
    return at->second;
  }
  std::map<KeyName, std::uint32_t> numbers_;
  std::vector<const KeyName*> names_;
  std::vector<Use> uses_;
};

model::Result<std::unordered_map<std::int64_t, std::string>> domain_names(sqlite3* db) {
  TRY(auto find, Statement::prepare(db, "SELECT id, name FROM domain"));
  std::unordered_map<std::int64_t, std::string> names;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return names;
    names.emplace(find.integer(0), find.text(1));
  }
}

}  // namespace

model::Result<std::vector<SeenKey>> seen_keys(Database& database) {
  KeysOfVerdicts verdicts;
  TRY_VOID(verdicts.read(database.handle()));
  TRY(const auto domains, domain_names(database.handle()));
  // Of a day all sources have the same verdicts: these rows are fewer than those of streams.
  TRY(auto find, Statement::prepare(database.handle(), "SELECT domain_id, verdict_id FROM verdict_day"));
  std::set<std::pair<std::int64_t, std::uint32_t>> looked_at;
  std::vector<SeenKey> keys;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) break;
    const auto domain = domains.find(find.integer(0));
    if (domain == domains.end()) continue;
    verdicts.each_of(find.integer(1), [&](std::uint32_t key) {
      if (!looked_at.emplace(domain->first, key).second) return;
      const auto& [signing_domain, selector] = verdicts.name_of(key);
      if (is_at_or_below(signing_domain, domain->second)) keys.push_back({domain->second, signing_domain, selector});
    });
  }
  std::sort(keys.begin(), keys.end(), [](const SeenKey& a, const SeenKey& b) {
    return std::tie(a.policy_domain, a.signing_domain, a.selector) <
           std::tie(b.policy_domain, b.signing_domain, b.selector);
  });
  return keys;
}

}  // namespace ruaudit::store
