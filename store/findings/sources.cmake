target_sources(ruaudit_store PRIVATE
  findings/intake_facts.cpp
  findings/told.cpp)
