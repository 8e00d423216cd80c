#include "jobs/process/new_file.hpp"

#include "jobs/process/draft_file.hpp"

namespace ruaudit::jobs {
namespace {

model::Result<void> write_file(const std::string& path, std::string_view octets, std::uint32_t mode,
                               ExistingFile existing) {
  TRY(auto file, DraftFile::create(path, mode, existing));
  TRY_VOID(file.write(octets));
  return file.publish();
}

}  // namespace

model::Result<void> write_new_file(const std::string& path, std::string_view octets) {
  return write_file(path, octets, owner_alone, ExistingFile::refuse);
}

model::Result<void> replace_file(const std::string& path, std::string_view octets, std::uint32_t mode) {
  return write_file(path, octets, mode, ExistingFile::replace);
}

}  // namespace ruaudit::jobs
