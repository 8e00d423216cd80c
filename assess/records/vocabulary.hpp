// The codes of `ruaudit check`, once: usual severity, the section that says so, what the mistake is and what it leads
// to. A rule may give another severity where the case asks for it (a ptr in somebody else's record is an info).
#pragma once
#include <span>
#include <string_view>

#include "assess/records/finding.hpp"

namespace ruaudit::assess::records {

struct CodeEntry {
  std::string_view code;
  Severity severity;
  std::string_view section;  // "RFC 7208 section 4.5"
  std::string_view meaning;  // half a sentence: what is wrong
  std::string_view effect;   // half a sentence: what it leads to
};

[[nodiscard]] std::span<const CodeEntry> vocabulary();
// The entry of a code that the rules use; a code that is not in the table is a bug of the rule.
[[nodiscard]] const CodeEntry& entry_of(std::string_view code);

}  // namespace ruaudit::assess::records
