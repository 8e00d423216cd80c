target_sources(ruaudit_store PRIVATE
  aggregate/arc_comment.cpp
  aggregate/auth_result_inserts.cpp
  aggregate/calendar.cpp
  aggregate/canonical.cpp
  aggregate/domain_days.cpp
  aggregate/identity.cpp
  aggregate/record_writer.cpp
  aggregate/report_encoder.cpp
  aggregate/rollup.cpp
  aggregate/source_index.cpp
  aggregate/versions.cpp
  aggregate/writer.cpp)
