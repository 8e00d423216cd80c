// What is to be judged, and by what the owner has configured.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace ruaudit::jobs {

struct JudgeRequest {
  std::vector<std::string> domains{};  // only findings of these; empty: all
  std::vector<std::string> own_domains{}, parked_domains{};
  std::vector<std::string> service_files{};     // the owner's lists beside the built-in one
  std::vector<std::string> report_addresses{};  // rua
  std::int64_t now = 0;
  std::string database_path{};  // to look at its disk; empty: not
  std::string
      own_database{};  // of who judges for a cluster: what waits there is told; empty: in the one that is judged
};

}  // namespace ruaudit::jobs
