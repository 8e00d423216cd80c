target_sources(ruaudit_store PRIVATE
  pulled/pulled_failures.cpp
  pulled/pulled_state.cpp
  pulled/pulled_writer.cpp
  pulled/values.cpp)
