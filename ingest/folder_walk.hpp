// The files below a folder, in octet order of their names, folders before they are left; iterative. A folder with new/
// and cur/ is a maildir: first new/, then cur/, never tmp/, and not the index files beside them; folders inside it are
// walked too. Symbolic links are followed; a folder that was already read is an Error, so loops end.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ingest/limits.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest {

struct FoundFile {
  std::string path;  // below the root
  bool in_maildir = false;
  std::optional<model::Error> error;  // why it is no file to read
};

class FolderWalk {
 public:
  FolderWalk(std::string root, const SourceLimits& limits);
  std::optional<FoundFile> next();
  [[nodiscard]] std::uint64_t done() const { return done_; }
  [[nodiscard]] std::uint64_t known() const { return known_; }

 private:
  enum class EntryType : std::uint8_t { file, folder, unknown };
  struct Entry {
    std::size_t name;  // offset into Frame::names
    EntryType type;
  };
  struct Frame {  // names lie in one block: a folder may hold a million of them
    std::string path;
    std::string names;
    std::vector<Entry> entries;
    std::size_t at = 0;
    bool in_maildir = false;
  };
  [[nodiscard]] std::optional<model::Error> enter(const std::string& path, bool in_maildir);
  static void order_maildir(Frame& frame);
  [[nodiscard]] std::optional<FoundFile> visit(std::string path, EntryType type, bool in_maildir,
                                               const std::string& name);

  std::string root_;
  SourceLimits limits_;
  std::vector<Frame> stack_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;  // device and inode of folders
  std::optional<model::Error> root_error_;
  std::uint64_t done_ = 0;
  std::uint64_t known_ = 0;
};

}  // namespace ruaudit::ingest
