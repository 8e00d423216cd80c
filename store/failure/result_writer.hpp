// Results of verifying failure reports, written: the conclusion with its evidence lines, the DNS answers it rests on
// (interned), and what is kept per signature so that b= can be checked again when the sample is cut. The caller gives
// only what the report's sample policy permits to keep. A new result becomes the current one; of former ones the first
// stays, because its DNS is the nearest to the sample's time.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

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

// One transaction for all of them; on an error nothing of them is written.
model::Result<void> write_failure_results(Database& database, const std::vector<FailureResult>& results);

}  // namespace ruaudit::store
