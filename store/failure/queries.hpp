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

struct SourceDays {  // counted aggregate rows of one source for one header_from
  std::int64_t messages = 0;
  std::int64_t spf_aligned = 0;
  std::int64_t dkim_aligned = 0;
  std::string last_aligned_day{};
};
// Days are YYYY-MM-DD, both included.
model::Result<SourceDays> source_days(Database& database, const std::string& source, const std::string& header_from,
                                      const std::string& first_day, const std::string& last_day);

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

struct FailureRow {
  std::int64_t failure_key = 0;
  std::string kind{}, dialect{}, container{}, reporter{};
  std::string item_source{}, item_locator{}, part{};  // where it came from
  std::int64_t copies = 0, incidents = 0, received = 0, at = 0;
  std::string day{};
  std::optional<std::string> header_from{}, source_ip{}, auth_failure{}, delivery_result{}, original_mail_from{},
      reported_domain{}, identity_alignment{}, user_agent{}, reporting_mta{};
  std::string sample_extent{}, sample_policy{}, sample_state{};
  std::optional<std::string> sample_hash{};  // hexadecimal SHA-256 of the octets as they arrived
  std::int64_t sample_size = 0;
  bool is_redacted = false;
  std::optional<std::int64_t> result_key{};  // absent: not verified, then what follows is absent, too
  std::optional<FailureResult> result{};     // without answers and signatures; evidence where asked for

  // Other feedback is kept as it is.
  [[nodiscard]] bool is_judged() const { return kind == "auth-failure"; }
};

// The conclusion, "unverified" where one is still to come, or the kind of other feedback.
std::string conclusion_word(const FailureRow& row);

// In the order of arrival, the latest first.
model::Result<std::vector<FailureRow>> read_failures(Database& database, const FailureFilter& filter);

struct FailureClaimRow {
  std::string name{}, value{};
};
model::Result<std::vector<FailureClaimRow>> read_failure_claims(Database& database, std::int64_t failure_key);
model::Result<std::vector<KeptEvidenceLine>> read_failure_evidence(Database& database, std::int64_t result_key);
model::Result<std::vector<std::string>> read_failure_dns(Database& database, std::int64_t result_key);

}  // namespace ruaudit::store
