// The rows that say what a failure report claims, written as permitted by a policy: failure_report, failure_claim,
// failure_defect, pending_failure and failure_sample. Shared by the writer (new reports) and the cutter (less of old
// ones). Works inside the caller's transaction.
#pragma once
#include <cstdint>
#include <string>

#include "model/failure_report.hpp"
#include "store/failure/encoder.hpp"
#include "store/failure/redaction.hpp"
#include "store/failure/sample_policy.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// What a row of failure_report says beside the report itself.
struct FailureOrigin {
  std::int64_t failure_key = 0;
  std::int64_t ledger_key = 0;
  std::string part;
  std::int64_t received = 0;
  SampleOrder samples = SamplePolicy::headers;
};

// With the key of this file; a file without one gets one.
model::Result<Redactor> load_redactor(sqlite3* db);

class FailureRows {
 public:
  static model::Result<FailureRows> create(sqlite3* db);

  // A new report with all of its octets in pending_failure.
  Status insert(const EncodedFailure& failure, const FailureOrigin& origin);
  // Of a report that is there, whole or cut before: the claims and the sample as `policy` permits, in the place of what
  // was there; its state becomes kept or cut.
  Status reduce(std::int64_t failure_key, const model::FailureReport& report, SamplePolicy policy);
  // All rows of a report but results, their evidence and signatures.
  Status remove(std::int64_t failure_key);

  [[nodiscard]] const Redactor& redactor() const { return redactor_; }

 private:
  struct Statements {
    Statement insert_report, update_claims, insert_claim, insert_defect, insert_pending, insert_sample, set_state;
    Statement delete_claims, delete_defects, delete_pending, delete_sample, delete_report;
  };
  FailureRows(Statements statements, Redactor redactor)
      : statements_(std::move(statements)), redactor_(std::move(redactor)) {}
  Status write_claims(std::int64_t failure_key, const model::FailureReport& permitted);
  Status write_lists(std::int64_t failure_key, const model::FailureReport& permitted);
  Status write_defects(std::int64_t failure_key, const model::FailureReport& permitted);

  Statements statements_;
  Redactor redactor_;
};

}  // namespace ruaudit::store
