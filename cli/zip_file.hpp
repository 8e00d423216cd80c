// A zip file out of named octets, in memory: deflated entries, no times, no attributes, no zip64; so the same entries
// give the same octets. APPNOTE.TXT 6.3 sections 4.3.7, 4.3.12, 4.3.16.
#pragma once
#include <string>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::cli {

struct ZipEntry {
  std::string name;  // UTF-8, '/' between folders
  std::string octets;
};

// Error code "zip-too-large": 65535 entries or 4 GiB are reached.
model::Result<std::string> zip_file(const std::vector<ZipEntry>& entries);

}  // namespace ruaudit::cli
