ruaudit_fuzzer(aggregate_report SOURCE ${CMAKE_CURRENT_SOURCE_DIR}/fuzz_aggregate_report.cpp LINK ruaudit_parser)
