target_sources(ruaudit_store PRIVATE
  findings/details.cpp
  findings/digest_codec.cpp
  findings/intake_facts.cpp
  findings/outbox.cpp
  findings/told.cpp)
