#include "jobs/process/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ruaudit::jobs {
namespace {

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const auto written = ::write(descriptor, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

model::Result<void> write_new_file(const std::string& path, std::string_view octets) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == EEXIST)
    return model::failure("file-exists", path + " exists already", "name a file that does not");
  bool is_written = descriptor >= 0 && write_all(descriptor, octets);
  int problem = errno;
  if (descriptor >= 0 && ::close(descriptor) != 0 && is_written) {
    is_written = false;
    problem = errno;
  }
  if (is_written) return {};
  if (descriptor >= 0) ::unlink(path.c_str());
  return model::failure("file-create", "cannot write " + path + ": " + std::strerror(problem),  // NOLINT
                        "check the path, its permissions and the free space");
}

}  // namespace ruaudit::jobs
