#include "tests/paths.hpp"

#include <cstdlib>

namespace ruaudit::test {

std::string source_path(const std::string& relative) { return std::string(RUAUDIT_SOURCE_DIR "/") + relative; }

std::string corpus_folder() {
  const char* environment = std::getenv("RUAUDIT_CORPUS");
  return environment != nullptr && *environment != '\0' ? environment : RUAUDIT_CORPUS;
}

}  // namespace ruaudit::test
