target_sources(ruaudit_store PRIVATE
  content/compress.cpp
  content/digest.cpp
  content/original.cpp)
