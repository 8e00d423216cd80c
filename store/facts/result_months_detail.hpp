// The roll-ups auth_month and override_month: verdict_day by what its results and overrides are about, for all days of
// a month. They answer for a file of any size who authenticates mail, with which key, and why policies were not
// applied.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "store/facts/result_names_detail.hpp"
#include "store/sqlite/row_inserts.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

class ResultMonths {
 public:
  using Month = std::pair<std::int64_t, std::string>;  // domain, YYYY-MM

  static model::Result<ResultMonths> create(sqlite3* db);

  // Makes the rows of a month from those of verdict_day.
  Status rebuild(const Month& month);
  // At the begin of a transaction.
  void forget() { names_.forget(); }

 private:
  struct OfAuth {
    std::int64_t passed = 0, not_passed = 0, unaligned = 0, sources = 0;
    std::string first_day{}, last_day{};
  };
  struct OfOverride {
    std::int64_t messages = 0, sources = 0;
  };
  struct Statements {
    Statement verdicts, clear_auth, clear_overrides;
  };
  struct Row;
  ResultMonths(Statements statements, RowInserts auth, RowInserts overrides, ResultNames names)
      : statements_(std::move(statements)),
        insert_auth_(std::move(auth)),
        insert_overrides_(std::move(overrides)),
        names_(std::move(names)) {}
  Status add_verdicts(const Month& month);
  void add(const ResultNames::Use& use, const Row& row);
  Status write_auth(const Month& month);
  Status write_overrides(const Month& month);

  Statements statements_;
  RowInserts insert_auth_, insert_overrides_;
  ResultNames names_;
  std::map<std::int64_t, OfAuth> auth_;
  std::map<std::int64_t, OfOverride> overrides_;
};

}  // namespace ruaudit::store
