// What the SQLite insertion of a corpus costs at least: parsed reports are held in memory in a compact form (not
// charged), then written into a new file: one lean row per record under (report, row), results packed in a blob, one
// index on the address, names interned by a hash table; one transaction, write-ahead log, checkpoint, close.
#pragma once
#include <memory>
#include <string>

#include "bench/floor/fields.hpp"

namespace floor_bench {

class LeanTable : public FieldSink {
 public:
  LeanTable();
  ~LeanTable() override;
  void record(const Fields& fields) override;
  void report(const Head& head) override;
  [[nodiscard]] std::size_t records() const;
  // Writes all that was collected to a new database at `path`, and removes it. The cache is 64 MiB.
  void insert_all(const std::string& path) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace floor_bench
