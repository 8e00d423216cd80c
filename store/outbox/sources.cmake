target_sources(ruaudit_store PRIVATE
  outbox/outbox.cpp
  outbox/report_reader.cpp
  outbox/tls_reader.cpp)
