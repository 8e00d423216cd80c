// The rows of TLS reports: what the writer, prune and the check of carrying mails do to them, roll-ups included. Works
// inside a transaction of the caller.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "store/aggregate/result_class.hpp"
#include "store/sqlite/sqlite_detail.hpp"
#include "store/tls/encoded_report.hpp"

namespace ruaudit::store {

struct TlsVersion {
  std::int64_t tls_key = 0;
  ContentHash content_hash{};
  std::int64_t policies = 0;
  bool is_damaged = false;
};

class TlsRows {
 public:
  static model::Result<TlsRows> create(sqlite3* db);

  model::Result<std::int64_t> next_key();
  Status insert(std::int64_t tls_key, const TlsBatch& batch);
  struct NewReport {
    std::int64_t tls_key = 0;
    std::int64_t received = 0;
    Digest identity{};
  };
  // The header's row, not counted yet; its batches are there, and what they hold of a policy that never came goes.
  Status insert(const TlsHeader& header, const NewReport& report);
  // The key of the versions that the batches of this report belong to: that of a report with the same group key and
  // content, or with a policy domain in common; else one of its own.
  model::Result<Digest> identity_of(const TlsHeader& header, std::int64_t tls_key);
  model::Result<std::vector<TlsVersion>> find(const Digest& identity, std::int64_t but_for);
  // True when the policies of `part` are the first policies of `whole`.
  model::Result<bool> is_beginning(std::int64_t part, std::int64_t whole);
  // Of the versions with this key exactly one counts: undamaged, authenticated, then the first.
  Status recount(const Digest& identity);
  // All rows go; the identity that has to be recounted.
  model::Result<Digest> remove(std::int64_t tls_key);
  Status remove_batches(std::int64_t tls_key);
  // Ledger rows that name `former` name `successor` (0: none) from now on.
  Status redirect_parts(std::int64_t former, std::int64_t successor);
  // `former`, a truncated copy, is replaced by `complete`.
  Status supersede(std::int64_t former, std::int64_t complete);
  struct Finding {
    Authenticity state = Authenticity::unchecked;
    std::string authenticated_as{};
    std::string reason{};
  };
  Status set_authenticity(std::int64_t tls_key, const Finding& finding);

 private:
  struct Statements {
    Statement insert_policy, insert_failure, insert_defect, insert_report, void_failures;
    Statement identity, find, compare_policies, compare_failures, group, set_counted, identity_by_key;
    Statement delete_policies, delete_failures, delete_defects, delete_report;
    Statement redirect, supersede_parts, supersede_items, set_authenticity;
    Statement add_days, add_failure_days, take_days, take_failure_days, clear_days, clear_failure_days, next_key;
  };
  explicit TlsRows(Statements statements) : statements_(std::move(statements)) {}
  Status insert(std::int64_t tls_key, const model::TlsPolicy& policy);
  Status insert(std::int64_t tls_key, const model::TlsFailure& failure);
  Status count(std::int64_t tls_key, bool is_counted);

  Statements statements_;
};

}  // namespace ruaudit::store
