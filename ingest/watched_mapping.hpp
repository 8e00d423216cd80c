// A file of someone else mapped into memory. When the file becomes shorter while it is read, the octets that are gone
// read as zero and is_torn() says so; without that, the first touch of them would end the program (SIGBUS). Mappings
// are known to one handler of that signal, which is installed with the first of them; any other SIGBUS goes where it
// went before. At most `max_mappings` at a time, from all threads: create() then fails, and the caller reads the file.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

namespace ruaudit::ingest {

class WatchedMapping {
 public:
  static constexpr std::size_t max_mappings = 64;

  // The first `size` octets of the file behind fd, which stays the caller's. Null where it cannot be mapped or watched.
  static std::unique_ptr<WatchedMapping> create(int fd, std::size_t size);
  WatchedMapping(const WatchedMapping&) = delete;
  WatchedMapping& operator=(const WatchedMapping&) = delete;
  ~WatchedMapping();

  [[nodiscard]] std::string_view view() const { return {begin_, size_}; }
  [[nodiscard]] bool is_torn() const;

 private:
  WatchedMapping(char* begin, std::size_t size, std::size_t slot) : begin_(begin), size_(size), slot_(slot) {}
  char* begin_;
  std::size_t size_;
  std::size_t slot_;
};

}  // namespace ruaudit::ingest
