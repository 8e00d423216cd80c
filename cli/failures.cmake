# Failure reports: verified, listed, shown.
target_sources(ruaudit_cli PRIVATE
  failure_list.cpp failure_result_of.cpp failure_text.cpp failures_command.cpp reverify_after.cpp reverify_command.cpp reverify_run.cpp)
target_link_libraries(ruaudit_cli PUBLIC ruaudit_verify_failure)
