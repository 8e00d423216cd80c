// Which headers of a report a sealed month keeps, and which of them keep their rows. What counts must be the same
// before and after: cluster/schema/counted.hpp chooses by the current header of each ingester's version, and takes the
// rows of one header for each content.
#pragma once
#include <span>
#include <vector>

#include "cluster/rows/rows.hpp"

namespace ruaudit::cluster {

struct SealedHeader {
  Header header;
  bool is_of_month = true;  // false: of a batch of another month, which stays as it is
};

// `headers`: all committed ones of one report. Yields those of the month that are kept, unchanged but for their kind:
// those with rows first. Kept are the current header of each version, and for each content the header whose rows
// counted.hpp takes; other rows of the same content become mentions. Content that nobody claims any more keeps its
// rows, because an ingester that has probed it may be about to. Where another month has rows of the report, every row
// stays.
std::vector<Header> headers_to_keep(std::span<const SealedHeader> headers);

}  // namespace ruaudit::cluster
