// What a finding rests on, below its evidence: rows, records, samples. Pure; harmless for a terminal.
#pragma once
#include <string>

#include "model/finding_details.hpp"

namespace ruaudit::report {

std::string finding_details_text(const model::FindingDetails& details, std::size_t columns);
// The JSON of one finding (findings_json of one) with rows, records and samples as further members of its item.
std::string with_details(const std::string& findings_json, const model::FindingDetails& details);

}  // namespace ruaudit::report
