target_sources(ruaudit_store PRIVATE
  facts/classes.cpp
  facts/day_sums.cpp
  facts/day_table.cpp
  facts/dns_records.cpp
  facts/enrichment.cpp
  facts/known_domain.cpp
  facts/labels.cpp
  facts/overview_facts.cpp
  facts/patterns.cpp
  facts/replay.cpp
  facts/reporter_bits.cpp
  facts/result_months.cpp
  facts/result_names.cpp
  facts/seen_keys.cpp
  facts/sender_facts.cpp
  facts/stream_order.cpp
  facts/streams.cpp)
