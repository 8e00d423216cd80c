// Writes whole files, each in its place in one step (jobs/process/draft_file.hpp).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::jobs {

inline constexpr std::uint32_t owner_alone = 0600;  // permissions of a file, whatever the umask is

// It must not be there yet. Error codes "file-exists", "file-create".
model::Result<void> write_new_file(const std::string& path, std::string_view octets);

// In place of an older one that is not a database, at once or not at all. Error codes as above.
model::Result<void> replace_file(const std::string& path, std::string_view octets, std::uint32_t mode = owner_alone);

}  // namespace ruaudit::jobs
