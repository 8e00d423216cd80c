#include "model/text_form.hpp"

#include <algorithm>
#include <array>

namespace ruaudit::model {
namespace {

using namespace std::string_view_literals;

struct MarkedForm {
  std::string_view octets;
  TextForm form;
};
// The longer marks first: FF FE 00 00 begins like FF FE.
constexpr std::array marked_forms = {MarkedForm{"\xff\xfe\0\0"sv, {4, true, 4}},
                                     MarkedForm{"\0\0\xfe\xff"sv, {4, false, 4}},
                                     MarkedForm{"\xff\xfe"sv, {2, true, 2}}, MarkedForm{"\xfe\xff"sv, {2, false, 2}}};

// The ASCII character of one unit, NUL where it is none.
char ascii_unit(std::string_view head, const TextForm& form, std::size_t number) {
  const auto unit = head.substr(std::min(head.size(), number * form.width), form.width);
  if (unit.size() < form.width) return '\0';
  const std::size_t low = form.is_little ? 0 : form.width - 1;
  for (std::size_t i = 0; i < form.width; ++i)
    if (i != low && unit[i] != '\0') return '\0';
  return unit[low] > '\0' ? unit[low] : '\0';
}

// What an XML or JSON text begins with. Blanks and references begin other things, too: one more character must follow.
bool begins_text(std::string_view head, const TextForm& form) {
  const char first = ascii_unit(head, form, 0);
  if (first == '<' || first == '{') return true;
  return first != '\0' && " \t\r\n[&"sv.find(first) != std::string_view::npos && ascii_unit(head, form, 1) != '\0';
}

}  // namespace

TextForm text_form(std::string_view head) {
  for (const auto& marked : marked_forms)
    if (head.starts_with(marked.octets)) return marked.form;
  for (const std::size_t width : {4UL, 2UL})
    for (const bool is_little : {true, false})
      if (const TextForm form{width, is_little, 0}; begins_text(head, form)) return form;
  return {};
}

}  // namespace ruaudit::model
