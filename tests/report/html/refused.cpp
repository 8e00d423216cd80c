// Compiled once per case by ctest: each must be refused by the compiler, but for CASE_allowed.
#include <string>

#include "report/html/writer.hpp"

using namespace ruaudit::report::html;

void write(Writer& html, const std::string& text) {
#if defined(CASE_attribute_on)
  html.leaf("br", {{"onClick", text}});
#elif defined(CASE_attribute_href)
  html.leaf("br", {{"href", text}});
#elif defined(CASE_element_script)
  html.line("script", text);
#elif defined(CASE_markup_of_variable)
  html.markup(text.c_str());
#elif defined(CASE_style_with_address)
  html.leaf("br", {Style("background:url(x)")});
#else
  html.leaf("br", {{"class", text}, Style("color:#123456")});
  html.line("p", text);
  html.markup("<hr/>");
#endif
}
