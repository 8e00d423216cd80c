// A file that is written piece by piece next to its place and moved there in one step when it is complete: a reader
// sees the old one or the new one. One that is not published is removed again. Two runs that write the same file do not
// interfere; the later one stays.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "model/existing_file.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

using model::ExistingFile;

class DraftFile {
 public:
  // `mode`: permissions of the file, whatever the umask is. A link that is replaced goes on to lead to its file; what
  // is no file (a pipe, a terminal) is written to as the pieces come. A database is never replaced. Error codes
  // "file-exists", "file-create".
  static model::Result<DraftFile> create(std::string path, std::uint32_t mode, ExistingFile existing);
  DraftFile(DraftFile&& other) noexcept;
  DraftFile(const DraftFile&) = delete;
  DraftFile& operator=(const DraftFile&) = delete;
  DraftFile& operator=(DraftFile&&) = delete;
  ~DraftFile();

  model::Result<void> write(std::string_view octets);
  model::Result<void> publish();  // on the disk before it has its name

 private:
  DraftFile(std::string path, std::string draft, ExistingFile existing, int descriptor)
      : path_(std::move(path)), draft_(std::move(draft)), existing_(existing), descriptor_(descriptor) {}
  model::Result<void> flush();
  model::Result<void> place();
  std::string path_;
  std::string draft_;  // empty: written to the place itself
  ExistingFile existing_;
  int descriptor_;
  std::string buffer_;
};

}  // namespace ruaudit::jobs
