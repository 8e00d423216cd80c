#include "ingest/bytes.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "ingest/local_error.hpp"

namespace ruaudit::ingest {

namespace {
constexpr std::size_t drop_reach = 16U << 20U;
constexpr std::size_t write_block = 1U << 20U;

model::Result<void> spool_failure(const std::string& what, const std::string& folder) {
  return model::failure("spool", what + " in " + folder + ": " + std::strerror(errno),
                        "free space there, or name another folder for temporary files");
}
}  // namespace

struct Bytes::Storage {
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage() {
    if (mapping != nullptr) ::munmap(mapping, mapped);
    if (file >= 0) ::close(file);
  }
  std::string text;
  std::unique_ptr<char[]> heap;
  char* mapping = nullptr;
  std::size_t mapped = 0;
  int file = -1;
};

Bytes Bytes::from_string(std::string text) {
  auto storage = std::make_shared<Storage>();
  storage->text = std::move(text);
  Bytes result;
  result.view_ = storage->text;
  result.storage_ = std::move(storage);
  return result;
}

model::Result<Bytes> Bytes::from_file(int fd, std::uint64_t size, std::uint64_t read_bytes) {
  auto storage = std::make_shared<Storage>();
  Bytes result;
  if (size > read_bytes) {
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
      return model::failure(unreadable_code(errno), std::string("cannot map: ") + std::strerror(errno));
    storage->mapping = static_cast<char*>(at);
    storage->mapped = size;
    storage->file = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    ::madvise(at, size, MADV_SEQUENTIAL);
    result.view_ = {storage->mapping, size};
  } else {
    storage->heap.reset(new char[size + 1]);
    std::size_t have = 0;
    while (have < size) {
      const auto got = ::pread(fd, storage->heap.get() + have, size - have, static_cast<off_t>(have));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return model::failure(unreadable_code(errno), std::string("cannot read: ") + std::strerror(errno));
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    result.view_ = {storage->heap.get(), have};
  }
  result.storage_ = std::move(storage);
  return result;
}

Bytes Bytes::slice(std::size_t offset, std::size_t size) const {
  Bytes result;
  result.storage_ = storage_;
  result.view_ = view_.substr(std::min(offset, view_.size()), size);
  return result;
}

std::optional<Bytes::File> Bytes::file() const {
  if (storage_ == nullptr || storage_->file < 0) return std::nullopt;
  return File{storage_->file, static_cast<std::size_t>(view_.data() - storage_->mapping)};
}

void Bytes::drop_before(std::size_t offset) const {
  if (storage_ == nullptr || storage_->mapping == nullptr) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto end = (static_cast<std::size_t>(view_.data() - storage_->mapping) + offset) / page * page;
  const auto begin = end > drop_reach ? end - drop_reach : 0;
  if (end > begin) ::madvise(storage_->mapping + begin / page * page, end - begin, MADV_DONTNEED);
}

void Bytes::drop_all() const {
  if (storage_ != nullptr && storage_->mapping != nullptr)
    ::madvise(storage_->mapping, storage_->mapped, MADV_DONTNEED);
}

Spool::Spool(std::uint64_t heap_bytes, std::string folder) : heap_bytes_(heap_bytes), folder_(std::move(folder)) {}

Spool::~Spool() {
  if (fd_ >= 0) ::close(fd_);
}

model::Result<void> Spool::append(std::string_view octets) {
  heap_.append(octets);
  size_ += octets.size();
  const bool full = fd_ >= 0 ? heap_.size() >= write_block : heap_.size() > heap_bytes_;
  return full ? flush() : model::Result<void>();
}

model::Result<void> Spool::flush() {
  if (fd_ < 0 && folder_.empty()) {
    fd_ = ::memfd_create("ruaudit", MFD_CLOEXEC);
    if (fd_ < 0) return spool_failure("cannot make a file", "memory");
  }
  if (fd_ < 0) {
    fd_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd_ < 0) {  // a file system without O_TMPFILE
      std::string name = folder_ + "/ruaudit-XXXXXX";
      fd_ = ::mkostemp(name.data(), O_CLOEXEC);
      if (fd_ < 0) return spool_failure("cannot make a temporary file", folder_);
      ::unlink(name.c_str());
    }
  }
  for (std::size_t done = 0; done < heap_.size();) {
    const auto put = ::write(fd_, heap_.data() + done, heap_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return spool_failure("cannot write a temporary file", folder_);
    done += static_cast<std::size_t>(put);
  }
  heap_.clear();
  return {};
}

model::Result<Bytes> Spool::take() {
  if (fd_ < 0) return Bytes::from_string(std::move(heap_));
  TRY_VOID(flush());
  heap_ = {};
  return Bytes::from_file(fd_, size_, 0);
}

}  // namespace ruaudit::ingest
