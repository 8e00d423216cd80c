ruaudit_fuzzer(redactor SOURCE ${CMAKE_CURRENT_LIST_DIR}/redactor_fuzz.cpp LINK ruaudit_store)
# Its own few sources: the library that holds them needs most of the program.
set(anonymise ${PROJECT_SOURCE_DIR}/jobs/anonymise)
ruaudit_fuzzer(anonymiser
  SOURCE ${CMAKE_CURRENT_LIST_DIR}/anonymiser_fuzz.cpp ${anonymise}/anonymiser.cpp ${anonymise}/archive.cpp ${anonymise}/content_field.cpp
    ${anonymise}/harmless.cpp ${anonymise}/report_schema.cpp
         ${anonymise}/json.cpp
         ${PROJECT_SOURCE_DIR}/report/bundle.cpp ${anonymise}/mail.cpp ${anonymise}/text.cpp ${anonymise}/xml.cpp
  LINK ruaudit_ingest ruaudit_store fmt::fmt nlohmann_json::nlohmann_json ZLIB::ZLIB)
# The same.
ruaudit_fuzzer(batch_head
  SOURCE ${CMAKE_CURRENT_LIST_DIR}/batch_head_fuzz.cpp ${PROJECT_SOURCE_DIR}/jobs/judge/batch_head.cpp
         ${PROJECT_SOURCE_DIR}/jobs/judge/batch_text.cpp
  LINK nlohmann_json::nlohmann_json)
ruaudit_fuzzer(trace SOURCE ${CMAKE_CURRENT_LIST_DIR}/trace_fuzz.cpp LINK ruaudit_verify_trace)
ruaudit_fuzzer(srs SOURCE ${CMAKE_CURRENT_LIST_DIR}/srs_fuzz.cpp LINK ruaudit_verify_srs)
ruaudit_fuzzer(dns_evidence SOURCE ${CMAKE_CURRENT_LIST_DIR}/dns_evidence_fuzz.cpp LINK ruaudit_verify_dns)
ruaudit_fuzzer(oauth_answer SOURCE ${CMAKE_CURRENT_LIST_DIR}/oauth_answer_fuzz.cpp LINK ruaudit_ingest_oauth ruaudit_ingest_mailbox)
