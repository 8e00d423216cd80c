// Several named texts as one zip archive, for handing evidence to an abuse desk. Equal members give equal octets: the
// time in the archive is the one given. Error code "bundle". The file is created 0600 and replaces one of that name.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::report {

struct BundleMember {
  std::string name;
  std::string octets;
};

model::Result<void> write_bundle(const std::string& path, const std::vector<BundleMember>& members, std::int64_t time);

}  // namespace ruaudit::report
