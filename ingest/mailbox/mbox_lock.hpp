// The locks under which an mbox is read while others deliver into it: first the dotlock "<mbox>.lock" with our process
// id in it, then a shared lock by fcntl on the file itself (an open file description lock, which closing another
// descriptor of the file does not drop). A dotlock of a process that is gone is taken over. Where no file may be made
// beside the mbox, the second lock alone must do. Errors: "mailbox-locked", "source-not-found".
#pragma once
#include <chrono>
#include <string>

#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

class MboxLock {
 public:
  static model::Result<MboxLock> acquire(const std::string& path, std::chrono::milliseconds patience);
  MboxLock(MboxLock&& other) noexcept;
  MboxLock& operator=(MboxLock&& other) noexcept;
  ~MboxLock();
  // False: only the file itself is locked.
  [[nodiscard]] bool has_dotlock() const { return !dotlock_.empty(); }

 private:
  MboxLock() = default;
  model::Result<void> take_dotlock(const std::string& path, std::chrono::steady_clock::time_point deadline);
  model::Result<void> lock_file(const std::string& path, std::chrono::steady_clock::time_point deadline);
  std::string dotlock_;
  int descriptor_ = -1;
};

}  // namespace ruaudit::ingest::mailbox
