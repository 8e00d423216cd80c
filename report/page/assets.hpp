// The page's style sheet and script, as they are in page.css and page.js.
#pragma once
#include "report/html/vocabulary.hpp"

namespace ruaudit::report::page {

extern const html::Markup style_sheet;
extern const html::Markup script;

}  // namespace ruaudit::report::page
