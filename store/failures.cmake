# Failure reports and their samples.
target_sources(ruaudit_store PRIVATE
  failure_codec.cpp failure_cut.cpp failure_encoder.cpp failure_erase.cpp failure_original.cpp failure_permitted.cpp
  failure_prune.cpp failure_reader.cpp failure_results.cpp failure_rows.cpp failure_writer.cpp
  redacted_header.cpp redaction.cpp)
