// Writes files with the owner's permissions alone; a file that could not be written whole is taken away again.
#pragma once
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::jobs {

// It must not be there yet. Error codes "file-exists", "file-create".
model::Result<void> write_new_file(const std::string& path, std::string_view octets);

// In place of an older one, at once or not at all; a link goes on to lead there. What is no file, such as a pipe, is
// written to. Error code "file-create".
model::Result<void> replace_file(const std::string& path, std::string_view octets);

}  // namespace ruaudit::jobs
