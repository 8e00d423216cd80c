// A CheckReport for a terminal: what is wrong and where, by area, each with the record to paste; the SPF record as a
// tree with its lookups; the grade and how it came about.
#pragma once
#include <string>

#include "model/dns_check.hpp"

namespace ruaudit::report {

[[nodiscard]] std::string check_text(const model::records::CheckReport& report);
// A mail in front of them: as `ruaudit verify` shows it, what happens to it, and the answer that a strict receiver
// would give; either may be empty.
[[nodiscard]] std::string check_mail_text(const std::string& verified, const std::string& outcome,
                                          const std::string& bounce);

}  // namespace ruaudit::report
