// The last judgement of every source, per policy domain and authentication pattern: what v_source shows. All of it is
// rewritten in one transaction.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct ClassRow {  // texts live until the next row is asked for
  std::string_view policy_domain, address, pattern, name, is, service, rule, evidence, confidence, first_day, last_day;
  std::int64_t days = 0, reporters = 0, messages = 0, passed = 0, dkim_aligned = 0, spf_aligned = 0;
};
// `next` fills a row and says whether there was one.
model::Result<void> save_classes(Database& database, const std::function<bool(ClassRow& row)>& next);

}  // namespace ruaudit::store
