target_sources(ruaudit_store PRIVATE
  sqlite/database.cpp
  sqlite/migration.cpp
  sqlite/sqlite_detail.cpp)
