// The words that HTML is written with. Each comes from a literal of this program and is looked at while compiling:
// what could run, load, post or lead elsewhere does not compile (script, form, href, on..., ...). Text that came in a
// report can become none of these types.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "model/ascii.hpp"

namespace ruaudit::report::html {

// Not constexpr: reaching one while compiling is the error.
void element_is_not_allowed();
void attribute_is_not_allowed();
void style_is_not_allowed();

constexpr bool is_name(std::string_view text) {
  if (text.empty() || !ascii::is_letter(text[0])) return false;
  for (const char c : text)
    if (!ascii::is_letter_or_digit(c) && c != '-') return false;
  return true;
}

// Elements that run, load or send something; the writer has functions of its own for the few that are wanted.
inline constexpr std::array<std::string_view, 19> refused_elements = {
    "script", "style", "iframe", "frame", "object", "embed", "applet", "base",          "link",   "form",
    "img",    "image", "video",  "audio", "source", "track", "use",    "foreignObject", "animate"};
// Attributes that hold an address or a style sheet.
inline constexpr std::array<std::string_view, 16> refused_attributes = {
    "style",  "href", "src",  "srcset",     "srcdoc",   "action", "formaction", "data",
    "poster", "ping", "cite", "background", "manifest", "target", "codebase",   "http-equiv"};

// The name of an element: "section", "svg".
class Element {
 public:
  consteval Element(const char* name) : name_(name) {  // NOLINT(google-explicit-constructor): a literal is one
    if (!is_name(name_)) element_is_not_allowed();
    for (const auto refused : refused_elements)
      if (ascii::equal_folded(name_, refused)) element_is_not_allowed();
  }
  [[nodiscard]] constexpr std::string_view text() const { return name_; }

 private:
  std::string_view name_;
};

// The name of an attribute whose value is plain text: "class", "aria-label", "viewBox".
class AttributeName {
 public:
  consteval AttributeName(const char* name) : name_(name) {  // NOLINT(google-explicit-constructor)
    if (!is_name(name_) || ascii::equal_folded(name_.substr(0, 2), "on")) attribute_is_not_allowed();
    for (const auto refused : refused_attributes)
      if (ascii::equal_folded(name_, refused)) attribute_is_not_allowed();
  }
  [[nodiscard]] constexpr std::string_view text() const { return name_; }

 private:
  std::string_view name_;
};

// Text of this program that is written as it stands: markup, a style sheet, a script.
class Markup {
 public:
  consteval Markup(const char* text) : text_(text) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Declarations of a style attribute, for mail: a page has a style sheet, and its policy refuses these.
class Style {
 public:
  explicit consteval Style(const char* text) : text_(text) {
    if (text_.find_first_of("\"<&") != std::string_view::npos || text_.find("url(") != std::string_view::npos)
      style_is_not_allowed();
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace ruaudit::report::html
