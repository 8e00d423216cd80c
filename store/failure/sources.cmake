target_sources(ruaudit_store PRIVATE
  failure/codec.cpp
  failure/cut.cpp
  failure/encoder.cpp
  failure/erase.cpp
  failure/kept_original.cpp
  failure/known_words.cpp
  failure/permitted.cpp
  failure/prune.cpp
  failure/queries.cpp
  failure/reader.cpp
  failure/redacted_details.cpp
  failure/redacted_header.cpp
  failure/redaction.cpp
  failure/result_writer.cpp
  failure/results.cpp
  failure/rows.cpp
  failure/writer.cpp)
