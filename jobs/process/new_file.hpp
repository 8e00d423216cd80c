// Writes a file that must not be there yet, with the owner's permissions alone; a file that could not be written whole
// is taken away again.
#pragma once
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::jobs {

// Error codes "file-exists", "file-create".
model::Result<void> write_new_file(const std::string& path, std::string_view octets);

}  // namespace ruaudit::jobs
