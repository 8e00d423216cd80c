ruaudit_fuzzer(message SOURCE ${CMAKE_CURRENT_LIST_DIR}/message_fuzz.cpp LINK ruaudit_verify_message)
ruaudit_fuzzer(dkim_signature SOURCE ${CMAKE_CURRENT_LIST_DIR}/dkim_signature_fuzz.cpp LINK ruaudit_verify_dkim)
ruaudit_fuzzer(key_record SOURCE ${CMAKE_CURRENT_LIST_DIR}/key_record_fuzz.cpp LINK ruaudit_verify_dkim)
ruaudit_fuzzer(arc_message SOURCE ${CMAKE_CURRENT_LIST_DIR}/arc_message_fuzz.cpp LINK ruaudit_verify_arc)
