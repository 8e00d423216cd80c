target_sources(ruaudit_store PRIVATE
  content/base64_lines.cpp
  content/compress.cpp
  content/digest.cpp
  content/original.cpp)
