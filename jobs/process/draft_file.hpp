// A file that is written piece by piece beside its place and put there in one step when it is whole: a reader sees the
// former one or the new one. One that is not published is taken away again. Two runs that write the same file do not
// meet; the later one stays.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::jobs {

class DraftFile {
 public:
  // `mode`: permissions of the file, whatever the umask is. Without `replace` a file at `path` is an error.
  // Error codes "file-exists", "file-create".
  static model::Result<DraftFile> create(std::string path, std::uint32_t mode, bool replace);
  DraftFile(DraftFile&& other) noexcept;
  DraftFile(const DraftFile&) = delete;
  DraftFile& operator=(const DraftFile&) = delete;
  DraftFile& operator=(DraftFile&&) = delete;
  ~DraftFile();

  model::Result<void> write(std::string_view octets);
  model::Result<void> publish();  // on the disk before it has its name

 private:
  DraftFile(std::string path, bool replace, int descriptor)
      : path_(std::move(path)), replace_(replace), descriptor_(descriptor) {}
  [[nodiscard]] std::string draft() const;
  model::Result<void> flush();
  std::string path_;
  bool replace_;
  int descriptor_;
  std::string buffer_;
};

}  // namespace ruaudit::jobs
