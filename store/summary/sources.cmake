target_sources(ruaudit_store_queries PRIVATE
  summary/counts.cpp
  summary/details.cpp
  summary/queries.cpp
  summary/samples.cpp
  summary/selection.cpp
  summary/tls_sums.cpp)
