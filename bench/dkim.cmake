add_executable(dkim_bench dkim_bench.cpp)
target_link_libraries(dkim_bench PRIVATE ruaudit_verify_dkim OpenSSL::Crypto)
