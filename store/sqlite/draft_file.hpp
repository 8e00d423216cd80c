// A file that is filled beside another one and then takes its name: what a migration and an export have in common. It
// is ours alone while its descriptor is open. Errors have the code and the hint of the task.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "model/result.hpp"

namespace ruaudit::store {

class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

struct DraftTask {
  const char* code;      // of what the file system refuses
  const char* hint;      // to that
  model::Error is_busy;  // another run has the file
};

// `what`: the text of errno.
tl::unexpected<model::Error> draft_failure(const DraftTask& task, const std::string& what);

// The file of that name, empty, for us alone (0600) and without a log. What a killed run has left is taken over, but
// never a file that another run has just given its new name. Waits for another run up to `patience`.
model::Result<FileDescriptor> lock_draft(const std::string& path, const DraftTask& task,
                                         std::chrono::milliseconds patience = {});

// Whether `path` is, itself and not as a link, the file that is open.
bool is_named(int descriptor, const std::string& path);
// With its logs.
void remove_file(const std::string& path);
// What was renamed in it is on the disk.
model::Result<void> sync_folder_of(const std::string& path, const DraftTask& task);

}  // namespace ruaudit::store
