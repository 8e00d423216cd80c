# ruaudit anonymise, and files it shares with others.
target_sources(ruaudit_cli PRIVATE anonymise_command.cpp anonymiser.cpp anonymiser_archive.cpp anonymiser_mail.cpp
  anonymiser_text.cpp anonymiser_xml.cpp new_file.cpp)
target_link_libraries(ruaudit_cli PRIVATE OpenSSL::Crypto ZLIB::ZLIB)
