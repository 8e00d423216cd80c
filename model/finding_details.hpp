// What a finding rests on, row by row: what receivers wrote of its addresses, the states of its records in DNS, and
// samples of failure reports. Read by the store for one finding, rendered by `report`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace ruaudit::model {

struct FindingRow {  // records of one address that are alike
  std::string address{}, header_from{}, envelope_from{};
  std::string disposition{}, dkim{}, spf{};  // policy_evaluated
  std::string results{};                     // auth_results: "dkim example.org/s1 fail, spf example.net pass"
  std::string first_day{}, last_day{};
  std::int64_t messages = 0, reporters = 0;
  bool operator==(const FindingRow&) const = default;
};
struct FindingRecord {  // one state of a name
  std::string type{}, name{}, status{}, fault{}, text{};
  std::int64_t first_seen = 0, last_seen = 0;
  bool is_current = false;
  bool operator==(const FindingRecord&) const = default;
};
struct FindingSample {
  std::int64_t failure_key = 0;  // of `ruaudit failures show`
  std::string day{}, header_from{}, address{}, conclusion{}, reason{};
  bool operator==(const FindingSample&) const = default;
};

struct FindingDetails {
  std::vector<FindingRow> rows{};        // by address, most messages first, at most five each
  std::vector<FindingRecord> records{};  // newest first
  std::vector<FindingSample> samples{};  // newest first, at most five for each address
  bool operator==(const FindingDetails&) const = default;
};

}  // namespace ruaudit::model
