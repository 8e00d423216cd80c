// Questions about failure reports and their results, for the commands that verify and show them. Reads only; the
// Database may be open read-only. Text is as stored: the caller makes it safe for its medium.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "store/failure/result_writer.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// The next authentication failure after `failure_key`, verified or not; nothing at the end.
model::Result<std::optional<std::int64_t>> next_failure(Database& database, std::int64_t failure_key,
                                                        std::int64_t arrived_since = INT64_MIN);
// The highest key given so far; 0: none.
model::Result<std::int64_t> last_failure_key(Database& database);

struct SourceDays {           // counted aggregate rows of one source for one header_from
  std::int64_t messages = 0;  // this and the next three: of reports that are not unauthenticated
  std::int64_t spf_aligned = 0;
  std::int64_t dkim_aligned = 0;
  std::string last_aligned_day{};
  std::int64_t unproved_messages = 0;  // of unauthenticated reports
  std::int64_t unproved_aligned = 0;
  std::int64_t own_days = 0;  // of all reports: rows whose return path is at or below `organizational`
  std::int64_t own_messages = 0;
  std::int64_t own_reporters = 0;
};
struct SourceQuestion {
  std::string source{};
  std::string header_from{};
  std::string organizational{};         // the Organizational Domain of header_from
  std::string first_day{}, last_day{};  // YYYY-MM-DD, both included
};
model::Result<SourceDays> source_days(Database& database, const SourceQuestion& question);

struct StoredAnswers {
  std::int64_t dns_time = 0;
  std::vector<std::string> answers{};  // JSON of each, in the order in which they came
};
// Of the first result that a report was given; nothing where it has none.
model::Result<std::optional<StoredAnswers>> stored_answers(Database& database, std::int64_t failure_key);

struct KeptBodyHash {
  std::string domain{};
  std::string selector{};
  std::string value{};  // of the field, folding removed
  std::optional<std::string> body_hash{};
};
model::Result<std::vector<KeptBodyHash>> kept_body_hashes(Database& database, std::int64_t failure_key);

struct FailureFilter {
  std::optional<std::int64_t> failure_key{};
  std::vector<std::string> domains{};      // header_from equal to or below one of them
  std::optional<std::int64_t> since{};     // of the sample's arrival
  std::vector<std::string> conclusions{};  // 'unverified' is one of them
};

using model::FailureClaimRow, model::FailureRow;

// In the order of arrival, latest first.
model::Result<std::vector<FailureRow>> read_failures(Database& database, const FailureFilter& filter);

model::Result<std::vector<FailureClaimRow>> read_failure_claims(Database& database, std::int64_t failure_key);
model::Result<std::vector<KeptEvidenceLine>> read_failure_evidence(Database& database, std::int64_t result_key);
model::Result<std::vector<std::string>> read_failure_dns(Database& database, std::int64_t result_key);

}  // namespace ruaudit::store
