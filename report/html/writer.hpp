// Writes HTML into a string. What a report says enters as text or as the value of an attribute and is escaped by that;
// names, styles and markup are literals of this program (report/html/vocabulary.hpp). Text is made harmless first as
// everywhere (report/safe_text.hpp): invalid UTF-8, control and bidirectional characters become U+FFFD. A link in the
// document always leads to a place in the same document. The same calls give the same octets.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/html/vocabulary.hpp"

namespace ruaudit::report::html {

// The place of a document that href may lead to: '#' and an id.
struct Anchor {
  std::string_view id;
};
struct Percent {
  int value;
};

class Attribute {
 public:
  Attribute(AttributeName name, std::string_view value) : name_(name.text()), text_(value) {}
  Attribute(AttributeName name, const char* value) : name_(name.text()), text_(value) {}
  Attribute(AttributeName name, const std::string& value) : name_(name.text()), text_(value) {}
  Attribute(AttributeName name, std::int64_t value) : name_(name.text()), number_(value) {}
  Attribute(AttributeName name, int value) : name_(name.text()), number_(value) {}
  Attribute(AttributeName name, std::size_t value) : name_(name.text()), number_(static_cast<std::int64_t>(value)) {}
  Attribute(AttributeName name, Percent value) : name_(name.text()), number_(value.value), suffix_("%") {}
  // Without a value: hidden, open, checked.
  Attribute(AttributeName name) : name_(name.text()), has_value_(false) {}  // NOLINT(google-explicit-constructor)
  Attribute(Anchor anchor)                                                  // NOLINT(google-explicit-constructor)
      : name_("href"), prefix_("#"), text_(anchor.id) {}
  Attribute(Style style) : name_("style"), text_(style.text()) {}  // NOLINT(google-explicit-constructor)

 private:
  friend class Writer;
  std::string_view name_;
  std::string_view prefix_;
  std::string_view text_;
  std::optional<std::int64_t> number_;
  std::string_view suffix_;
  bool has_value_ = true;
};
using Attributes = std::initializer_list<Attribute>;

class Writer {
 public:
  // Elements nest: close() ends the one opened last.
  void open(Element element, Attributes attributes = {});
  void close();
  // An element without content: meta, br, input; a shape of SVG.
  void leaf(Element element, Attributes attributes = {});
  void text(std::string_view text);
  void text(std::int64_t number);
  // An element that holds text alone.
  void line(Element element, std::string_view text) { line(element, {}, text); }
  void line(Element element, Attributes attributes, std::string_view text);
  // An element around whatever `content` writes.
  template <typename Content>
  void in(Element element, Attributes attributes, Content content) {
    open(element, attributes);
    content();
    close();
  }

  void markup(Markup markup) { out_ += markup.text(); }
  // Inline style sheet and script, whose hashes the policy names (report/html/policy.hpp).
  void style_sheet(Markup text);
  void script(Markup text);
  // Octets for the script, as base64 in a block that does not run.
  void data_block(Markup id, std::string_view octets);
  // meta http-equiv.
  void policy(std::string_view content);

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  // The document; every element must be closed.
  [[nodiscard]] std::string take();

 private:
  void start(std::string_view element, Attributes attributes);

  std::string out_;
  std::vector<std::string_view> open_;
};

// The text as it stands between tags and in quoted attributes.
std::string escaped(std::string_view text);
std::string base64(std::string_view octets);

}  // namespace ruaudit::report::html
