// Immutable octets that are either in memory or mapped from a file, with one contiguous view. Copies and slices share
// the storage. Readers that pass over mapped octets call drop_before() so that resident memory stays flat. A Spool
// collects octets of unknown size: in memory up to a bound, beyond it in an unlinked temporary file.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::ingest {

class Bytes {
 public:
  Bytes() = default;
  static Bytes from_string(std::string text);
  // Reads (up to read_bytes) or maps the regular file behind fd from its start; fd stays the caller's.
  // A file that shrinks while it is mapped reads as zeros behind its new end, and has_shrunk() says so.
  static model::Result<Bytes> from_file(int fd, std::uint64_t size, std::uint64_t read_bytes);

  [[nodiscard]] std::string_view view() const { return view_; }
  [[nodiscard]] std::size_t size() const { return view_.size(); }
  [[nodiscard]] Bytes slice(std::size_t offset, std::size_t size) const;
  // The open file behind mapped octets, and where they begin in it; nothing for octets in memory.
  struct File {
    int descriptor = -1;  // the storage's own
    std::size_t offset = 0;
  };
  [[nodiscard]] std::optional<File> file() const;
  // True once octets were asked for that the file no longer had. What was made of them is void.
  [[nodiscard]] bool has_shrunk() const;
  // Gives whole pages of view().substr(0, offset) back to the system; they stay readable. Nothing in memory is freed.
  // Only the last 16 MiB before offset are looked at: call it at least that often.
  void drop_before(std::size_t offset) const;
  void drop_all() const;  // the same for the whole view, for readers that jump

 private:
  struct Storage;
  std::shared_ptr<const Storage> storage_;
  std::string_view view_;
};

class Spool {
 public:
  // An empty folder: beyond heap_bytes into memory that is a file without a name, for a process that can make none.
  Spool(std::uint64_t heap_bytes, std::string folder);
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  model::Result<void> append(std::string_view octets);  // error code "spool"
  [[nodiscard]] std::uint64_t size() const { return size_; }
  model::Result<Bytes> take();  // once, at the end

 private:
  model::Result<void> flush();
  std::uint64_t heap_bytes_;
  std::string folder_;
  std::string heap_;
  std::uint64_t size_ = 0;
  int fd_ = -1;
};

}  // namespace ruaudit::ingest
