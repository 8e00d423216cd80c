add_executable(mailbox_fetch mailbox_fetch.cpp)
target_link_libraries(mailbox_fetch PRIVATE ruaudit_ingest_mailbox CURL::libcurl fmt::fmt)
