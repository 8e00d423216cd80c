#include "ingest/bytes.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "ingest/local_error.hpp"

namespace ruaudit::ingest {

namespace {
constexpr std::size_t drop_reach = 16U << 20U;
constexpr std::size_t write_block = 1U << 20U;

// Mapped files that a read may reach beyond the end of, because somebody made them shorter. The handler of SIGBUS looks
// here: no lock, no memory.
struct Mapping {
  std::atomic<char*> begin{nullptr};
  std::atomic<std::size_t> size{0};
  std::atomic<bool> is_taken{false}, has_shrunk{false};
};
constexpr std::size_t most_mappings = 512;
std::array<Mapping, most_mappings> mappings;
std::atomic<std::size_t> page_octets{4096};

// Puts zeros in the place of what is gone, so that the read that met it can end.
extern "C" void fill_lost_pages(int number, siginfo_t* info, void* /*context*/) {
  auto* const at = static_cast<char*>(info->si_addr);
  for (Mapping& one : mappings) {
    char* const begin = one.begin.load();
    if (begin == nullptr || at < begin || at >= begin + one.size.load()) continue;
    const auto page = static_cast<std::size_t>(at - begin) / page_octets.load() * page_octets.load();
    one.has_shrunk.store(true);
    void* const filled =
        ::mmap(begin + page, one.size.load() - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (filled != MAP_FAILED) return;
  }
  std::signal(number, SIG_DFL);  // nobody's mapping: the read is made again, and ends the process
}

void catch_lost_pages() {
  static const bool is_done = [] {
    page_octets = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action {};
    action.sa_sigaction = fill_lost_pages;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_SIGINFO;
    return ::sigaction(SIGBUS, &action, nullptr) == 0;
  }();
  static_cast<void>(is_done);
}

// Nothing when too many are mapped at once: such a file is read without the guard.
Mapping* guard(char* begin, std::size_t size) {
  catch_lost_pages();
  for (Mapping& one : mappings) {
    if (one.is_taken.exchange(true)) continue;
    one.has_shrunk = false;
    one.size = size;
    one.begin = begin;
    return &one;
  }
  return nullptr;
}

model::Result<void> spool_failure(const std::string& what, const std::string& folder) {
  return model::failure("spool", what + " in " + folder + ": " + std::strerror(errno),
                        "free some space there, or name another folder for temporary files");
}
}  // namespace

struct Bytes::Storage {
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage() {
    if (guarded != nullptr) guarded->begin = nullptr;
    if (mapping != nullptr) ::munmap(mapping, mapped);
    if (guarded != nullptr) guarded->is_taken = false;
    if (file >= 0) ::close(file);
  }
  std::string text;
  std::unique_ptr<char[]> heap;
  char* mapping = nullptr;
  std::size_t mapped = 0;
  int file = -1;
  Mapping* guarded = nullptr;
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
    storage->guarded = guard(storage->mapping, size);
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

bool Bytes::has_shrunk() const {
  return storage_ != nullptr && storage_->guarded != nullptr && storage_->guarded->has_shrunk;
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
