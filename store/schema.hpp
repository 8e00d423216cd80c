// The texts of schema.sql and views.sql, compiled in.
#pragma once

namespace ruaudit::store {

extern const char* const schema_sql;
extern const char* const views_sql;

}  // namespace ruaudit::store
