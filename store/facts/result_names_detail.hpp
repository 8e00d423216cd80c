// What the results and overrides of a verdict are about, interned: the rows of auth_name and override_name. For
// result_months_detail.hpp.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// A table of three texts, of which the latter may be NULL, each triple once.
class InternedNames {
 public:
  using Name = std::array<std::optional<std::string_view>, 3>;
  struct Texts {
    std::string_view find, insert;  // both take the three texts in their order
  };
  static model::Result<InternedNames> create(sqlite3* db, const Texts& texts);
  model::Result<std::int64_t> id_of(const Name& name);
  void forget() { known_.clear(); }

 private:
  InternedNames(Statement find, Statement insert) : find_(std::move(find)), insert_(std::move(insert)) {}
  Statement find_, insert_;
  std::unordered_map<std::string, std::int64_t> known_;
};

// By the id of a verdict: read once, then remembered.
class ResultNames {
 public:
  struct Use {
    std::int64_t id = 0;  // in auth_name, or in override_name
    enum class Of : std::uint8_t {
      override,
      not_passed,
      passed,
      unaligned
    } of = Of::override;  // unaligned: passed, too
  };
  static model::Result<ResultNames> create(sqlite3* db);
  // Valid until the next call.
  model::Result<const std::vector<Use>*> of(std::int64_t verdict);
  // At the begin of a transaction: an id may have come to stand for something else.
  void forget();

 private:
  ResultNames(Statement results, Statement overrides, InternedNames auth_names, InternedNames override_names)
      : results_(std::move(results)),
        overrides_(std::move(overrides)),
        auth_names_(std::move(auth_names)),
        override_names_(std::move(override_names)) {}
  Status read_results(std::int64_t first);
  Status read_overrides(std::int64_t first);
  Statement results_, overrides_;
  InternedNames auth_names_, override_names_;
  std::unordered_map<std::int64_t, std::vector<Use>> uses_;
};

}  // namespace ruaudit::store
