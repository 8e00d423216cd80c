// What verification found of a failure report, and the report as a row: written and read by the store, shown by
// report/. Text is as it arrived; whoever shows it makes it safe for its medium.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ruaudit::model {

struct KeptSignature {
  std::string field{};  // "dkim-signature"
  std::string domain{};
  std::string selector{};
  std::string algorithm{};
  std::string value{};         // of the field
  std::string header_input{};  // canonical octets, or their SHA-256
  bool is_digest = false;
  std::optional<std::string> body_hash{};  // octets
};

struct KeptAnswer {
  std::string name{};
  std::string type{};
  std::string content{};   // what tells one answer from another: the JSON without what differs by time alone
  std::string evidence{};  // JSON of the answer
};

struct KeptEvidenceLine {
  std::string kind{};
  std::string text{};
};

struct FailureResult {
  std::int64_t failure_key = 0;
  std::int64_t verified_at = 0;
  std::int64_t judged_at = 0;
  std::int64_t dns_time = 0;
  std::string tool_version{};
  std::optional<std::string> dmarc{}, dmarc_7489{}, policy{}, spf{}, spf_domain{}, dkim{}, dkim_domain{}, arc{};
  std::optional<std::int64_t> spf_aligned{}, dkim_aligned{};
  std::string conclusion{}, mechanism{}, confidence{}, reason{}, summary{};
  std::optional<std::string> advice{}, disagreement{};
  std::string details{};  // JSON
  std::vector<KeptEvidenceLine> evidence{};
  std::vector<KeptAnswer> answers{};
  std::vector<KeptSignature> signatures{};  // written where the report has none yet
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
inline std::string conclusion_word(const FailureRow& row) {
  if (row.result) return row.result->conclusion;
  return row.is_judged() ? "unverified" : row.kind;
}

// Of a report that came from a cluster: its ingester, which `item_source` names, has the sample, and knows the report
// as `part` says.
inline bool is_elsewhere(const FailureRow& row) {
  return row.item_source.starts_with("cluster ") && row.part.starts_with("failure report ");
}

struct FailureClaimRow {
  std::string name{}, value{};
};

}  // namespace ruaudit::model
