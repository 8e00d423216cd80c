// What was read from a sample in the form of its .expected.json (see sample-reports/README.md), and the difference of
// both as lines for people: "reports[0].rows[2].count: got 3, want 4". Only what the expectation names is compared.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sample_reader.hpp"

namespace ruaudit::tests {

nlohmann::json described(const ReadReport& read);
// {"outcome", "code", "reports"} of one mail or file, or of an mbox whose items count together.
nlohmann::json described(const std::vector<ReadItem>& items);

std::vector<std::string> differences(const nlohmann::json& got, const nlohmann::json& want);

}  // namespace ruaudit::tests
