// The findings of an evaluation as lines for people, a section for each part: envelope, SPF, DKIM, ARC, DMARC, the
// rewriting of the sender, repairs. Lines may be of any width and hold text of the mail and of DNS as it arrived; the
// caller wraps them and makes them safe for its terminal. Pure.
#pragma once
#include <string>
#include <vector>

#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::verify::explain {

struct Section {
  std::string title{};
  std::vector<std::string> lines{};
};

// Sections without a line are left out.
[[nodiscard]] std::vector<Section> details(const evaluate::MessageEvaluation& done, const evaluate::Checks& checks);

// "2024-02-29 12:00:00 UTC"
[[nodiscard]] std::string time_text(std::int64_t epoch);

}  // namespace ruaudit::verify::explain
