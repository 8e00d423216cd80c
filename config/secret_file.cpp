#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "config/descriptor_detail.hpp"
#include "config/secret.hpp"

namespace ruaudit::config {
namespace {

tl::unexpected<model::Error> unwritable(const std::string& path) {
  return model::failure("secret", fmt::format("{}: cannot be replaced: {}", path, std::strerror(errno)));
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

model::Result<void> replace_secret_file(const std::string& path, const std::string& secret) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return unwritable(path);
  if (!S_ISREG(facts.st_mode) || facts.st_uid != ::geteuid())
    return model::failure("secret", path + ": is not a regular file of this user and is not changed");
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());  // of a run that was cut off
  const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, facts.st_mode & 0640U));
  if (file.number() < 0) return unwritable(path);
  if (write_all(file.number(), secret + "\n") && ::rename(fresh.c_str(), path.c_str()) == 0) return {};
  const auto fault = unwritable(path);
  ::unlink(fresh.c_str());
  return fault;
}

}  // namespace ruaudit::config
