// Several named texts as one zip archive: evidence for an abuse desk, or what was unpacked and is packed again. Equal
// members give equal octets. Error code "bundle": what cannot be written, and names that are not UTF-8 or there twice.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::report {

struct BundleMember {
  std::string name;  // UTF-8, '/' between folders
  std::string octets;
};

// The file is created 0600 and replaces one of that name; the time in the archive is the one given (epoch seconds).
model::Result<void> write_bundle(const std::string& path, const std::vector<BundleMember>& members, std::int64_t time);

// The archive in memory, with the earliest time there is.
model::Result<std::string> bundle_octets(const std::vector<BundleMember>& members);

}  // namespace ruaudit::report
