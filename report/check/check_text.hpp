// A CheckReport for a terminal: what is wrong and where, by area, each with the record to paste; the SPF record as a
// tree with its look-ups; the grade and how it came about.
#pragma once
#include <string>

#include "model/dns_check.hpp"

namespace ruaudit::report {

[[nodiscard]] std::string check_text(const model::records::CheckReport& report);

}  // namespace ruaudit::report
