// Reads what judgement needs in one pass: streams of a span of days, what is known of their sources, the owner's DNS
// and labels. Stale days are taken from the records. Memory: 16 octets for each source, pattern and day, and 40 for
// each of the domain that has most of them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct FactsRequest {
  std::string first_day = "0000-01-01", last_day = "9999-12-31";  // 'YYYY-MM-DD', both included
};
model::Result<model::SenderFacts> read_sender_facts(Database& database, const FactsRequest& request = {});

// The same, and apart from it the streams of those reports that came in since a time; their places are in `facts`.
struct ReceivedFacts {
  model::SenderFacts facts;
  model::StreamDays received{};
  std::vector<std::int64_t> pattern_keys{};  // of each pattern: its identifiers' id * 2^32 + its verdict's
};
model::Result<ReceivedFacts> read_received_facts(Database& database, const FactsRequest& request,
                                                 std::optional<std::int64_t> received_since);

}  // namespace ruaudit::store
