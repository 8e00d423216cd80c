// A TLS report made ready for the writer: policies and failures collected into batches, and hashed (docs/identity.md).
// Runs on the reading thread; no database.
#pragma once
#include <cstdint>
#include <optional>

#include "store/tls/encoded_report.hpp"

namespace ruaudit::store {

class TlsEncoder {
 public:
  static model::Result<TlsEncoder> create();

  void begin();
  void failure(const model::TlsFailure& failure);
  void policy(const model::TlsPolicy& policy);
  void defect(const model::Defect& defect) { add(defect); }
  [[nodiscard]] bool is_batch_full() const { return octets_ >= max_batch_octets; }
  TlsBatch take_batch();
  TlsHeader finish(model::TlsReport report);

  static constexpr std::size_t max_batch_octets = std::size_t{128} * 1024;

 private:
  explicit TlsEncoder(Hasher hasher) : hasher_(std::move(hasher)) {}
  void add(const model::Defect& defect);

  Hasher hasher_;
  HashSum policies_, failures_;  // failures_: of the policy that is open
  TlsBatch batch_;
  std::size_t octets_ = 0;
};

}  // namespace ruaudit::store
