// The policy of a page that loads nothing, sends nothing and runs one script: the hashes are those of its style sheet
// and script. Whatever else got into the page by a fault would not run (CSP level 3 and Trusted Types).
#pragma once
#include <string>

#include "report/html/vocabulary.hpp"

namespace ruaudit::report::html {

std::string content_security_policy(Markup style_sheet, Markup script);
// "sha256-..." of the text.
std::string content_hash(std::string_view text);

}  // namespace ruaudit::report::html
