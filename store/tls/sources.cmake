target_sources(ruaudit_store PRIVATE
  tls/encoder.cpp
  tls/facts.cpp
  tls/prune.cpp
  tls/rows.cpp
  tls/writer.cpp)
