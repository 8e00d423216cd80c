target_sources(ruaudit_store PRIVATE
  findings/details.cpp
  findings/intake_facts.cpp
  findings/told.cpp)
