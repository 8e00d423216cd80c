#include "jobs/process/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace ruaudit::jobs {
namespace {

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const auto written = ::write(descriptor, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// 0, or what went wrong. Closes the file.
int write_to(int descriptor, std::string_view octets, bool is_file) {
  if (descriptor < 0) return errno;
  int problem = write_all(descriptor, octets) && (!is_file || ::fsync(descriptor) == 0) ? 0 : errno;
  if (::close(descriptor) != 0 && problem == 0) problem = errno;
  return problem;
}

model::Error cannot_write(const std::string& path, int problem) {
  return {"file-create", "cannot write " + path + ": " + std::strerror(problem),  // NOLINT
          "check the path, its permissions and the free space"};
}

}  // namespace

model::Result<void> write_new_file(const std::string& path, std::string_view octets) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == EEXIST)
    return model::failure("file-exists", path + " exists already", "name a file that does not");
  const int problem = write_to(descriptor, octets, true);
  if (problem == 0) return {};
  if (descriptor >= 0) ::unlink(path.c_str());
  return model::failure(cannot_write(path, problem));
}

model::Result<void> replace_file(const std::string& path, std::string_view octets) {
  struct stat facts {};
  std::string target = path;
  if (::stat(path.c_str(), &facts) == 0) {
    if (!S_ISREG(facts.st_mode)) {
      const int problem = write_to(::open(path.c_str(), O_WRONLY | O_CLOEXEC), octets, false);
      if (problem == 0) return {};
      return model::failure(cannot_write(path, problem));
    }
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    if (!error) target = real.string();
  }
  const std::string fresh = target + ".new";
  ::unlink(fresh.c_str());
  TRY_VOID(write_new_file(fresh, octets));
  if (std::rename(fresh.c_str(), target.c_str()) == 0) return {};
  const int problem = errno;
  ::unlink(fresh.c_str());
  return model::failure(cannot_write(path, problem));
}

}  // namespace ruaudit::jobs
