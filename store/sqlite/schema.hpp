// The texts of schema.sql, views.sql and migrations/, compiled in.
#pragma once

namespace ruaudit::store {

extern const char* const schema_sql;
extern const char* const views_sql;
extern const char* const migration_2_sql;  // from version 1
extern const char* const migration_3_sql;

}  // namespace ruaudit::store
