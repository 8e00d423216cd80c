target_sources(ruaudit_store PRIVATE
  sqlite/copied_content.cpp
  sqlite/database.cpp
  sqlite/draft.cpp
  sqlite/draft_file.cpp
  sqlite/migration.cpp
  sqlite/migration_steps.cpp
  sqlite/replacement.cpp
  sqlite/row_cache.cpp
  sqlite/row_comparison.cpp
  sqlite/row_inserts.cpp
  sqlite/sqlite_detail.cpp)
