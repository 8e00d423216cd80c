#include "jobs/process/draft_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace ruaudit::jobs {
namespace {

constexpr std::size_t buffer_octets = std::size_t{256} * 1024;

tl::unexpected<model::Error> cannot_write(const std::string& path) {
  return model::failure("file-create", "cannot write " + path + ": " + std::strerror(errno),  // NOLINT
                        "check the path, its permissions and the free space");
}

tl::unexpected<model::Error> is_there(const std::string& path) {
  return model::failure("file-exists", path + " exists already", "name a file that does not");
}

// The first octets of every file of SQLite.
bool is_database(const std::string& path) {
  constexpr std::string_view magic{"SQLite format 3", 16};
  std::array<char, magic.size()> head{};
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_read = ::read(descriptor, head.data(), head.size()) == static_cast<ssize_t>(head.size());
  ::close(descriptor);
  return is_read && std::string_view(head.data(), head.size()) == magic;
}

bool sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return is_synced;
}

// Never over what came there in the meantime, where the file system can tell.
int rename_to_nothing(const char* from, const char* to) {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  struct stat facts {};
  if (::lstat(to, &facts) != 0) return std::rename(from, to);
  errno = EEXIST;
  return -1;
}

}  // namespace

model::Result<DraftFile> DraftFile::create(std::string path, std::uint32_t mode, ExistingFile existing) {
  struct stat facts {};
  const bool leads_somewhere = ::stat(path.c_str(), &facts) == 0;
  if (leads_somewhere && !S_ISREG(facts.st_mode)) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return cannot_write(path);
    return DraftFile(std::move(path), {}, existing, descriptor);
  }
  if (existing == ExistingFile::refuse && ::lstat(path.c_str(), &facts) == 0) return is_there(path);
  if (leads_somewhere) {
    if (is_database(path))
      return model::failure("file-is-database", path + " is a database, which is never replaced by something else",
                            "name another file");
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    if (!error) path = real.string();
  }
  std::string draft = path + ".XXXXXX";
  const int descriptor = ::mkostemp(draft.data(), O_CLOEXEC);
  if (descriptor < 0) return cannot_write(path);
  DraftFile file(std::move(path), std::move(draft), existing, descriptor);
  if (::fchmod(descriptor, static_cast<mode_t>(mode)) != 0) return cannot_write(file.path_);
  return file;
}

DraftFile::DraftFile(DraftFile&& other) noexcept
    : path_(std::move(other.path_)),
      draft_(std::move(other.draft_)),
      existing_(other.existing_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)) {}

DraftFile::~DraftFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!draft_.empty()) ::unlink(draft_.c_str());
}

model::Result<void> DraftFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return cannot_write(path_);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return {};
}

model::Result<void> DraftFile::write(std::string_view octets) {
  buffer_ += octets;
  if (buffer_.size() < buffer_octets) return {};
  return flush();
}

model::Result<void> DraftFile::place() {
  if (::fsync(descriptor_) != 0) return cannot_write(path_);
  const int placed = existing_ == ExistingFile::replace ? std::rename(draft_.c_str(), path_.c_str())
                                                        : rename_to_nothing(draft_.c_str(), path_.c_str());
  if (placed != 0) return errno == EEXIST ? is_there(path_) : cannot_write(path_);
  draft_.clear();
  if (!sync_folder_of(path_)) return cannot_write(path_);
  return {};
}

model::Result<void> DraftFile::publish() {
  TRY_VOID(flush());
  if (!draft_.empty()) TRY_VOID(place());
  if (::close(std::exchange(descriptor_, -1)) != 0) return cannot_write(path_);
  return {};
}

}  // namespace ruaudit::jobs
