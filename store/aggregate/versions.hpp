// The report rows: interned reporter, domain and policy, and the versions of one report. Decides what a new version is
// (docs/identity.md) and which version counts. Part of the writer; works inside its transaction.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/aggregate/encoded_report.hpp"
#include "store/aggregate/rollup.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

struct Version {
  std::int64_t report_key = 0;
  ContentHash content_hash{};
  std::int64_t records = 0;
  bool is_damaged = false;
};

class Versions {
 public:
  static model::Result<Versions> create(sqlite3* db);
  Status reload();      // as RecordWriter::reload()
  void forget_names();  // after a rollback to a savepoint

  [[nodiscard]] std::int64_t next_report_key() const { return next_report_key_; }

  // Versions kept of the report with this key, by report key.
  model::Result<std::vector<Version>> find(const Digest& identity_key);
  // The cell in which a report with this header counts as long as its origin is not proved; interns its domain.
  model::Result<Cell> make_cell(const EncodedHeader& header, std::int64_t received);

  // What the mails that brought a report prove of it.
  struct Finding {
    Authenticity state = Authenticity::unchecked;
    std::string authenticated_as{};  // empty: as nobody
    std::string reason{};
  };
  struct NewReport {
    std::int64_t report_key = 0;
    std::int64_t received = 0;
    bool is_counted = true;
    const Finding& proven;  // before it is stored here
  };
  Status insert(const EncodedHeader& header, const Cell& cell, const NewReport& report);
  Status insert_defect(std::int64_t report_key, const model::Defect& defect);

  // True when the records of `part` are the first records of `whole`.
  model::Result<bool> is_beginning(const Version& part, const Version& whole);
  // Takes a version away: its records, defects and row; marks its cell where it counted.
  Status remove(std::int64_t report_key, Rollup& rollup);
  // The same, and counts the versions that are left: for a report that is about to be read again. Yields its identity.
  model::Result<Digest> withdraw(std::int64_t report_key, Rollup& rollup);
  // Ledger rows that name `former` name `successor` (0: none) from now on.
  Status redirect_parts(std::int64_t former, std::int64_t successor);
  // `former`, a truncated copy, is replaced by `complete`; ledger rows that named it say superseded.
  Status supersede(std::int64_t former, std::int64_t complete, Rollup& rollup);
  // Chooses the counted version again.
  Status set_authenticity(std::int64_t report_key, const Finding& finding, Rollup& rollup);
  // Of the versions with this key exactly one counts; marks the cells of those for which that changes.
  Status recount(const Digest& identity_key, Rollup& rollup);

 private:
  struct Statements {
    Statement find, insert, insert_error, insert_defect, compare, locate, set_counted, group;
    Statement delete_records, delete_defects, delete_errors, delete_report;
    Statement supersede_parts, supersede_items, redirect_parts, identity;
    Statement find_reporter, insert_reporter, find_domain, insert_domain, find_policy, insert_policy;
    Statement authenticity, set_authenticity;
  };
  using Names = std::unordered_map<std::string, std::int64_t>;

  explicit Versions(Statements statements) : statements_(std::move(statements)) {}
  model::Result<std::int64_t> intern_name(Names& names, Statement& find, Statement& insert, const std::string& name);
  model::Result<std::int64_t> intern_policy(const model::PolicyPublished& policy);
  Status insert_policy(const model::PolicyPublished& policy);  // its digest is bound
  Status insert_errors(const EncodedHeader& header, std::int64_t report_key);
  Status mark_cell(std::int64_t report_key, Rollup& rollup);

  Statements statements_;
  std::int64_t next_report_key_ = 1;
  Names reporters_, domains_, policies_;
};

}  // namespace ruaudit::store
