// The fast engine: reads well-formed aggregate reports in UTF-8 directly and calls the builder. It knows elements,
// text, references and comments of the usual kind and is certain of every byte it takes; at the first token it is not
// certain of (unknown element, CDATA, mismatched tag, text between elements, ...) it stops in front of that token, and
// the repairing engine continues from position(). Nothing is allocated per element.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "parser/aggregate_builder.hpp"
#include "parser/aggregate_report_parser.hpp"
#include "parser/aggregate_schema.hpp"

namespace ruaudit::parser {

enum class Phase : std::uint8_t { prolog, inside, epilog };

// Where one engine stopped and the other begins.
struct Position {
  Phase phase = Phase::prolog;
  std::array<Node, 8> path{};  // open elements, the root first
  std::size_t depth = 0;
  std::uint32_t line = 1;
  bool has_prolog = false;  // something stood before what would be the XML declaration
};

class XmlScanner {
 public:
  XmlScanner(AggregateBuilder& builder, const AggregateLimits& limits, std::uint32_t line)
      : builder_(builder), limits_(limits) {
    at_.line = line;
  }

  struct Step {
    std::size_t consumed = 0;
    bool is_certain = true;  // false: hand over what was not consumed
  };
  // Takes as many whole tokens as text holds. What is left must be given again, with more behind it.
  Step run(std::string_view text);

  [[nodiscard]] const Position& position() const { return at_; }
  [[nodiscard]] bool is_at_end() const { return at_.phase == Phase::epilog; }

 private:
  enum class Outcome : std::uint8_t { taken, more, doubt };

  Outcome token(std::string_view text, std::size_t& size);
  Outcome start_tag(std::string_view text, std::size_t& size);
  Outcome tag_with_attributes(std::string_view text, std::size_t& size);
  Outcome end_tag(std::string_view text, std::size_t& size);
  Outcome instruction(std::string_view text, std::size_t& size);
  Outcome comment(std::string_view text, std::size_t& size);
  Outcome leaf_text(Node node, std::string_view text, std::size_t& size);
  Outcome open(Node node, std::string_view xml_namespace);
  Node expect(std::string_view text) const;
  [[nodiscard]] Node top() const { return at_.depth == 0 ? Node::document : at_.path[at_.depth - 1]; }

  AggregateBuilder& builder_;
  const AggregateLimits& limits_;
  Position at_;
  std::string scratch_;         // a text with references decoded
  std::string_view lang_;       // of the leaf being read
  Node last_ = Node::document;  // the node closed or opened last: its next sibling comes first in the lookup
};

}  // namespace ruaudit::parser
