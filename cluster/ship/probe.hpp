// The headers that a shard has of some reports, and what follows for one more.
#pragma once
#include <map>
#include <span>
#include <vector>

#include "cluster/rows/rows.hpp"
#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

struct SeenHeader {
  Header header;
  bool is_committed = false;
};
using Seen = std::map<store::Digest, std::vector<SeenHeader>>;

// All headers with these keys, committed or not.
model::Result<Seen> probe(Client& client, const std::string& database, std::span<const store::Digest> keys);

// Headers for which `condition` holds, each once; committed are those for which `committed` holds.
model::Result<Seen> headers_where(Client& client, const std::string& database, const std::string& committed,
                                  const std::string& condition);

// What is to be sent of a report of which `seen` is there.
enum class Sending {
  nothing,  // the shard knows
  header,   // the header alone: a mention, or that the report is gone
  rows
};
// `own` has no serial yet; gone and rows are distinguished by its kind. `may_be_there`: it is sent again for safety, so
// an equal header of this ingester's own is enough.
Sending choose_sending(const Header& own, bool may_be_there, std::span<const SeenHeader> seen);

// One more than the greatest of the same ingester's version of the report.
std::uint64_t next_serial(const Header& own, std::span<const SeenHeader> seen);

// Whether a reader must compare the headers of a report: two have rows, or one says that it is gone.
bool is_contested(std::span<const SeenHeader> seen);

}  // namespace ruaudit::cluster
