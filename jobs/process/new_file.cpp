#include "jobs/process/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "jobs/process/draft_file.hpp"

namespace ruaudit::jobs {
namespace {

model::Result<void> write_draft(std::string path, std::string_view octets, std::uint32_t mode, bool replace) {
  TRY(auto file, DraftFile::create(std::move(path), mode, replace));
  TRY_VOID(file.write(octets));
  return file.publish();
}

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const auto written = ::write(descriptor, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A pipe, a terminal, /dev/null: there is nothing to replace.
model::Result<void> write_into(const std::string& path, std::string_view octets) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool is_written = descriptor >= 0 && write_all(descriptor, octets);
  const int problem = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (is_written) return {};
  return model::failure("file-create", "cannot write " + path + ": " + std::strerror(problem),  // NOLINT
                        "check the path, its permissions and the free space");
}

}  // namespace

model::Result<void> write_new_file(const std::string& path, std::string_view octets) {
  return write_draft(path, octets, owner_alone, false);
}

model::Result<void> replace_file(const std::string& path, std::string_view octets, std::uint32_t mode) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return write_draft(path, octets, mode, true);
  if (!S_ISREG(facts.st_mode)) return write_into(path, octets);
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return write_draft(error ? path : real.string(), octets, mode, true);
}

}  // namespace ruaudit::jobs
