// The file that a migration fills beside the old one: ours alone while it is there, with the owner and the permissions
// of the old one. What a killed run has left is taken over and emptied.
#pragma once
#include <chrono>
#include <string>
#include <utility>

#include "model/result.hpp"
#include "store/sqlite/draft_file.hpp"

namespace ruaudit::store {

class Draft {
 public:
  // Waits up to `patience` for another program that migrates the same file; "database-busy", "database-migration" where
  // `old` could not be replaced afterwards: it has a second name, is a mount point, or its owner cannot be kept.
  static model::Result<Draft> lock(const std::string& old, std::chrono::milliseconds patience);
  Draft(Draft&&) noexcept = default;
  Draft& operator=(Draft&&) = delete;
  ~Draft();  // removes the file, unless it has taken the place of the old one

  [[nodiscard]] const std::string& path() const { return path_; }
  // On the disk, whatever happens now. Nothing may have it open.
  [[nodiscard]] model::Result<void> sync() const;
  // In one step; an error leaves `old` its name. The log of the old file must be gone.
  model::Result<void> take_name_of(const std::string& old);

 private:
  Draft(FileDescriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  FileDescriptor file_;
  std::string path_;
};

}  // namespace ruaudit::store
