add_executable(floor_bench floor/floor.cpp floor/mails.cpp floor/fields.cpp floor/lean_table.cpp)
target_link_libraries(floor_bench PRIVATE ruaudit_options ZLIB::ZLIB LibXml2::LibXml2 SQLite::SQLite3)
