// Runs an analyst's SQL; both the file's mode and an authorizer make it read-only: reading, functions and recursion are
// allowed; writing, ATTACH, load_extension, PRAGMA (but the harmless ones) and transactions are refused. Bounded in
// time, rows and octets. Named queries over the documented views are in the binary.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/result_table.hpp"

namespace ruaudit::store {

struct QueryLimits {
  std::chrono::milliseconds time{60'000};
  std::int64_t rows = 1'000'000;
  std::int64_t octets = 256LL << 20;  // of values in the result
};

// One statement. Errors: "query-refused" (what it tried), "query-sql" (SQLite's message), "query-time", "query-several"
// (more than one statement), "database-open", "database".
model::Result<model::ResultTable> run_query(const std::string& database_path, std::string_view sql,
                                            const QueryLimits& limits = {});

struct NamedQuery {
  std::string_view name;
  std::string_view description;
  std::string_view sql;
};
std::span<const NamedQuery> named_queries();
// The SQL of a named query. Error "query-name" lists the names.
model::Result<std::string_view> named_query(std::string_view name);

}  // namespace ruaudit::store
