target_sources(ruaudit_store PRIVATE
  care/check.cpp
  care/copy.cpp
  care/ingest_lock.cpp
  care/prune.cpp)
target_sources(ruaudit_store_queries PRIVATE
  care/cell.cpp
  care/named_queries.cpp
  care/query.cpp
  care/view_rows.cpp)
