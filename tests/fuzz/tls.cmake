ruaudit_fuzzer(tls_report SOURCE ${CMAKE_CURRENT_SOURCE_DIR}/tls_report_fuzz.cpp LINK ruaudit_parser)
