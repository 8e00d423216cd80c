// One ingest, prune or reprocess at a time per database: an advisory lock on the file "<database>.lock", released by
// the kernel when the process ends, however it ends. Readers need no lock.
#pragma once
#include <chrono>
#include <string>

#include "model/result.hpp"

namespace ruaudit::store {

class IngestLock {
 public:
  // Waits up to `patience`; error "database-in-use" names the process that holds the lock.
  static model::Result<IngestLock> acquire(const std::string& database_path, std::chrono::milliseconds patience);
  IngestLock(IngestLock&& other) noexcept;
  IngestLock& operator=(IngestLock&& other) noexcept;
  ~IngestLock();

 private:
  explicit IngestLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace ruaudit::store
