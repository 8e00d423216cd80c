# Faults of mailboxes: the program against a real Dovecot, with the truth file of the generator.
foreach(name mailbox_watch_test mailbox_fault_test)
  add_test(NAME ${name}
    COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${name} $<TARGET_FILE:ruaudit>)
  set_tests_properties(${name} PROPERTIES LABELS "integration;full" TIMEOUT 900 SKIP_RETURN_CODE 77)
endforeach()
add_test(NAME mailbox_hostile_test
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/mailbox_hostile_test $<TARGET_FILE:ruaudit>)
set_tests_properties(mailbox_hostile_test PROPERTIES LABELS integration TIMEOUT 600)
add_test(NAME watch_failure_test
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/watch_failure_test $<TARGET_FILE:ruaudit>)
set_tests_properties(watch_failure_test PROPERTIES LABELS integration TIMEOUT 180 SKIP_RETURN_CODE 77)
if(RUAUDIT_FAIL_POINTS)
  add_test(NAME mailbox_kill_test
    COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/mailbox_kill_test $<TARGET_FILE:ruaudit>)
  set_tests_properties(mailbox_kill_test PROPERTIES LABELS "integration;full;kills" TIMEOUT 1800 SKIP_RETURN_CODE 77)
endif()
