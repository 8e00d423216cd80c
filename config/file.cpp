#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "config/descriptor_detail.hpp"
#include "config/file_detail.hpp"

namespace ruaudit::config {
namespace {

tl::unexpected<model::Error> unreadable(const std::string& path, std::string_view code) {
  const int reason = errno;
  const std::string hint = reason == EACCES ? "let the user who runs ruaudit read it"
                           : reason == ENOENT
                               ? "check the name; relative names start from the folder of the configuration"
                               : "";
  return model::failure(std::string(code), fmt::format("{}: {}", path, std::strerror(reason)), hint);
}

}  // namespace

model::Result<FileRead> read_file(const std::string& path, const FileLimits& limits) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (file.number() < 0 || ::fstat(file.number(), &facts) != 0) return unreadable(path, limits.code);
  FileRead read{.text = {}, .mode = facts.st_mode};
  std::array<char, 4096> room{};
  for (;;) {
    const ssize_t count = ::read(file.number(), room.data(), room.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(path, limits.code);
    if (count == 0) return read;
    read.text.append(room.data(), static_cast<std::size_t>(count));
    if (read.text.size() > limits.octets)
      return model::failure(std::string(limits.code),
                            fmt::format("{}: the file is larger than {} octets", path, limits.octets));
  }
}

}  // namespace ruaudit::config
