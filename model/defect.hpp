// A recoverable oddity of an input: what it was (code), its raw text (detail) and where. Defects are data: they are
// stored beside the report and the row they concern, and nothing is normalised or dropped without one.
#pragma once
#include <cstdint>
#include <string>

namespace ruaudit::model {

struct Defect {
  std::string code;        // stable kebab-case token from docs/defects.md
  std::string detail;      // the raw text, or what was done; at most 500 octets
  std::uint32_t row = 0;   // 1-based row number, 0 = the report as a whole
  std::uint32_t line = 0;  // 1-based line in the text as received, 0 = not known
  bool operator==(const Defect&) const = default;
};

}  // namespace ruaudit::model
