// Findings under their headings, as many words of each as a number of rows has room for. For overview_text.cpp.
#pragma once
#include <string>
#include <vector>

#include "model/overview.hpp"
#include "report/overview/overview_text.hpp"

namespace ruaudit::report {

using ScreenLines = std::vector<std::string>;

struct FindingsOrder {
  const model::Overview* overview = nullptr;
  ScreenLines no_action{};  // lines for NO ACTION that are no findings
  std::size_t columns = 80, rows = 20;
  Colour colour = Colour::never;
};
// At most `rows` lines where that is possible at all (two for each group).
ScreenLines fitted_findings(const FindingsOrder& order);

ScreenLines wrapped_lines(std::string_view first, std::string_view indent, std::string_view text, std::size_t columns);

}  // namespace ruaudit::report
