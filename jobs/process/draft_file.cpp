#include "jobs/process/draft_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace ruaudit::jobs {
namespace {

constexpr std::size_t buffer_octets = std::size_t{256} * 1024;

std::string draft_of(const std::string& path) { return path + "." + std::to_string(::getpid()) + ".new"; }

tl::unexpected<model::Error> cannot_write_draft(const std::string& path) {
  return model::failure("file-create", "cannot write " + path + ": " + std::strerror(errno),  // NOLINT
                        "check the path, its permissions and the free space");
}

tl::unexpected<model::Error> is_there(const std::string& path) {
  return model::failure("file-exists", path + " exists already", "name a file that does not");
}

}  // namespace

model::Result<DraftFile> DraftFile::create(std::string path, std::uint32_t mode, bool replace) {
  struct stat facts {};
  if (!replace && ::lstat(path.c_str(), &facts) == 0) return is_there(path);
  const std::string draft = draft_of(path);
  ::unlink(draft.c_str());  // of a killed run that had this number
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return cannot_write_draft(draft);
  DraftFile file(std::move(path), replace, descriptor);
  if (::fchmod(descriptor, static_cast<mode_t>(mode)) != 0) return cannot_write_draft(draft);
  return file;
}

std::string DraftFile::draft() const { return draft_of(path_); }

DraftFile::DraftFile(DraftFile&& other) noexcept
    : path_(std::move(other.path_)),
      replace_(other.replace_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)) {}

DraftFile::~DraftFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(draft().c_str());
}

model::Result<void> DraftFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return cannot_write_draft(path_);
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

model::Result<void> DraftFile::publish() {
  TRY_VOID(flush());
  if (::fsync(descriptor_) != 0) return cannot_write_draft(path_);
  // A link, unlike a renaming, never takes the place of what came there meanwhile.
  const int placed = replace_ ? std::rename(draft().c_str(), path_.c_str()) : ::link(draft().c_str(), path_.c_str());
  if (placed != 0) return errno == EEXIST ? is_there(path_) : cannot_write_draft(path_);
  if (!replace_) ::unlink(draft().c_str());
  ::close(std::exchange(descriptor_, -1));
  return {};
}

}  // namespace ruaudit::jobs
