target_sources(ruaudit_store PRIVATE
  facts/classes.cpp
  facts/dns_records.cpp
  facts/enrichment.cpp
  facts/labels.cpp
  facts/overview_facts.cpp
  facts/reporter_bits.cpp
  facts/sender_facts.cpp
  facts/streams.cpp)
