ruaudit_fuzzer(spf_record SOURCE spf_record_fuzz.cpp LINK ruaudit_verify_spf)
ruaudit_fuzzer(authres SOURCE authres_fuzz.cpp LINK ruaudit_verify_authres)
