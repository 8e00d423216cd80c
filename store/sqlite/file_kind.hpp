// What is no file is not opened: to open a named pipe waits for somebody at its other end, without end.
#pragma once
#include <sys/stat.h>

#include <string>

#include "model/result.hpp"

namespace ruaudit::store {

// Error "database-open". What does not exist is for the one to judge who opens it.
inline model::Result<void> check_is_file(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || S_ISREG(facts.st_mode)) return {};
  return model::failure("database-open", path + (S_ISDIR(facts.st_mode) ? " is a folder" : " is not a file"),
                        "name a file with --db");
}

}  // namespace ruaudit::store
