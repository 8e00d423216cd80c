// A CheckReport as JSON: {"domain", "findings": [{code, severity, name, text, pos, fix, fix_at, fix_type, ...}],
// "spf": tree, "grade": {...}, "test": ...}; documented in man/ruaudit-check.1. Octets that are no UTF-8 become U+FFFD.
#pragma once
#include <span>
#include <string>

#include "model/dns_check.hpp"

namespace ruaudit::report {

// One object for one report, a list for several.
[[nodiscard]] std::string check_json(std::span<const model::records::CheckReport> reports);

}  // namespace ruaudit::report
