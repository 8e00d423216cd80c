target_sources(ruaudit_store PRIVATE
  page/page_queries.cpp)
