#include "store/facts/classes.hpp"

#include "model/fail_point.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view insert_sql =
    "INSERT OR REPLACE INTO source_class SELECT d.id, s.id, ?3, ?4, ?5, nullif(?6, ''), ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
    " ?14, ?15, ?16, ?17 FROM domain d, source s WHERE d.name = ?1 AND s.text = ?2";

}  // namespace

model::Result<void> save_classes(Database& database, const std::function<bool(ClassRow& row)>& next) {
  TRY_VOID(database.check_free_space());
  TRY(auto insert, Statement::prepare(database.handle(), insert_sql));
  return in_transaction(database.handle(), [&]() -> Status {
    TRY_VOID(execute(database.handle(), "DELETE FROM source_class"));
    for (ClassRow row; next(row);) {
      insert.bind(1, row.policy_domain).bind(2, row.address).bind(3, row.pattern).bind(4, row.name).bind(5, row.is);
      insert.bind(6, row.service).bind(7, row.rule).bind(8, row.evidence).bind(9, row.confidence);
      insert.bind(10, row.first_day).bind(11, row.last_day).bind(12, row.days).bind(13, row.reporters);
      insert.bind(14, row.messages).bind(15, row.passed).bind(16, row.dkim_aligned).bind(17, row.spf_aligned);
      TRY_VOID(insert.run());
    }
    RUAUDIT_FAIL_POINT("store.classes");
    return {};
  });
}

}  // namespace ruaudit::store
