// An SPF record brought under its limits: 10 lookups and 450 octets (RFC 7208 sections 4.6.4 and 3.4). Terms that ask
// DNS are replaced by the networks that they stand for today, the smallest first; networks are joined.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "assess/records/answers.hpp"

namespace ruaudit::assess::records {

struct Draft {
  std::string domain{};
  std::vector<std::string> terms{};  // mechanisms without all
  std::string tail{};                // " -all", " redirect=..."
};
// The record, or nothing when no record within the limits says the same.
[[nodiscard]] std::optional<std::string> shrunk_spf(Draft draft, Answers& answers);

}  // namespace ruaudit::assess::records
