target_sources(ruaudit_store PRIVATE
  outbox/failure_reader.cpp
  outbox/outbox.cpp
  outbox/report_reader.cpp
  outbox/tls_reader.cpp)
