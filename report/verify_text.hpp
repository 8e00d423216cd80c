// An evaluation as text of a given width: the verdict, why, what would fix it, then the details. Text of the mail and
// of DNS in it is made harmless for a terminal.
#pragma once
#include <string>

#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::report {

std::string verify_text(const verify::evaluate::MessageEvaluation& done, const verify::evaluate::Checks& checks);

// Words of `text` (harmless, blanks and line ends folded) in lines of at most `width` columns, the first line after
// `lead`, the others indented by as many columns. Longer words are divided.
std::string wrap(std::string_view text, std::string_view lead, std::size_t width = 80);

}  // namespace ruaudit::report
