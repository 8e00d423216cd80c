// A CheckReport as JSON: {"domain", "findings": [{code, severity, name, text, pos, fix, fix_at, fix_type, ...}],
// "spf": tree, "grade": {...}, "test": ...}; documented in man/ruaudit-check.1. Octets that are not UTF-8 become
// U+FFFD.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "model/dns_check.hpp"

namespace ruaudit::report {

// One object for one report, a list for several.
[[nodiscard]] std::string check_json(std::span<const model::records::CheckReport> reports);

struct MailFacts {
  const std::string& json;    // as `ruaudit verify --format json` writes it
  std::string_view standing;  // by DMARC: passes, unknown or fails
  const std::string& bounce;  // empty: none
};
// The same with a mail that was judged as a whole: "mail", "standing" and "bounce". Of several reports one object with
// the list as "checks".
[[nodiscard]] std::string check_mail_json(std::span<const model::records::CheckReport> reports, const MailFacts& mail);

}  // namespace ruaudit::report
