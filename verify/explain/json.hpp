// An evaluation as JSON: one object with the members spf, spf_helo, dkim, arc, dmarc, dmarc_other, envelope, at,
// rewrite, repairs and notes, those of the checks that were asked for. Values enter, UTF-8 text leaves; octets of the
// mail or of DNS that are not UTF-8 become U+FFFD. What is not known is null. Nothing in it depends on the time of the
// run, so that a replay from evidence gives the same text.
#pragma once
#include <string>

#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::verify::explain {

struct JsonStyle {
  evaluate::Checks checks{};                   // which members to write
  std::string id{};                            // JSON text of the member "id"; empty: no such member
  int indent = -1;                             // blanks per level; -1: one line
  std::vector<std::string> unknown_members{};  // of the request: written where there are some
};

// Without a final newline.
[[nodiscard]] std::string to_json(const evaluate::MessageEvaluation& done, const JsonStyle& style = {});

// {"id": ..., "error": ..., "hint": ...} on one line.
[[nodiscard]] std::string error_json(const std::string& id, const model::Error& error);

}  // namespace ruaudit::verify::explain
