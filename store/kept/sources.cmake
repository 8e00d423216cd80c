target_sources(ruaudit_store PRIVATE
  kept/answers.cpp
  kept/moment.cpp
  kept/overview_codec.cpp)
