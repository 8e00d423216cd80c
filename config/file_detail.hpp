// Reading of one small file with its permissions.
#pragma once
#include <sys/types.h>

#include <string>

#include "model/result.hpp"

namespace ruaudit::config {

struct FileRead {
  std::string text;
  mode_t mode = 0;
};

struct FileLimits {
  std::size_t octets = 0;
  std::string_view code;  // of errors
};

// A regular file or a pipe; a folder, a file larger than allowed and one that cannot be read are errors.
model::Result<FileRead> read_file(const std::string& path, const FileLimits& limits);

}  // namespace ruaudit::config
