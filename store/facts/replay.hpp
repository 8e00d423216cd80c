// Reads stored rows for a replay: counted reports of some policy domains and days, their records grouped by source,
// pattern and published policy. Two passes over the same rows: one that groups, and on wish one that names each record
// and its group. Reads with connections of its own, several threads; memory: about 60 octets a group, and one bit for
// each day and reporter.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/replay.hpp"
#include "model/result.hpp"

namespace ruaudit::store {

struct ReplayRequest {
  std::string path;                                               // of the database
  std::vector<std::string> domains;                               // policy domains
  std::string first_day = "0000-01-01", last_day = "9999-12-31";  // 'YYYY-MM-DD', both included
  bool only_authenticated = false;                                // reports that proved where they come from
  unsigned threads = 2;
};

class ReplayReader {
 public:
  // Errors are those of Database::open().
  static model::Result<ReplayReader> open(ReplayRequest request);
  ReplayReader(ReplayReader&&) noexcept;
  ReplayReader& operator=(ReplayReader&&) noexcept;
  ~ReplayReader();

  [[nodiscard]] const model::Replay& replay() const;
  // Every record in the order of reports. Records of reports that came in since open() are not among them.
  model::Result<void> each_row(const std::function<void(const model::ReplayRow&)>& take);

 private:
  struct State;
  explicit ReplayReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Classes as `enrich` judged them last, one for each policy domain and address: that of most of its messages.
struct JudgedSource {
  std::string domain, address, is, service, name;
};
model::Result<std::vector<JudgedSource>> judged_sources(const std::string& path,
                                                        const std::vector<std::string>& domains);

// Names of all policy domains that have reports.
model::Result<std::vector<std::string>> stored_domains(const std::string& path);

}  // namespace ruaudit::store
