// The careful engine: cuts any text into tokens, repairs what is not well-formed and feeds libxml2 with the result,
// which is well-formed by construction. It owns all decisions about damage, so they do not depend on how a library
// recovers or where chunks end:
//  - inside a text element only the end tag of an open element is markup; any other '<' and a bare '&' are text;
//  - an end tag that matches an outer element closes what lies between, and the record concerned is lost;
//  - a section (report_metadata, policy_published, record) ends whatever was left open in front of it;
//  - unknown elements are passed on and skipped; the stray <xs:schema> in front of the root is ignored.
// Refused: DOCTYPE and entity declarations, wrong roots, depth and tag length beyond the limits.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "parser/aggregate_builder.hpp"
#include "parser/libxml_reader.hpp"
#include "parser/xml_scanner.hpp"

namespace ruaudit::parser {

class XmlRepair {
 public:
  // Goes on where the scanner stopped.
  XmlRepair(AggregateBuilder& builder, const AggregateLimits& limits, const Position& from);

  // Takes what it can of text; the rest must be given again with more behind it. is_final: nothing will follow.
  model::Result<std::size_t> run(std::string_view text, bool is_final);
  // Closes what is open (damage: truncated) and lets libxml2 end.
  model::Result<void> finish();
  [[nodiscard]] std::uint32_t line() const { return line_; }

 private:
  struct Open {
    Node node;
    std::string name;  // as written; the end tag must repeat it
  };
  enum class Inside : std::uint8_t { text, comment, instruction, cdata };
  struct Taken {
    std::size_t size = 0;  // 0: more text is needed
  };
  using Step = model::Result<Taken>;

  Step token(std::string_view text, bool is_final);
  Step behind_root(std::string_view text, bool is_final);
  Step skip_until(std::string_view text, std::string_view closing);
  Step cdata(std::string_view text, bool is_final);
  Step characters(std::string_view text, bool is_final);
  Step control_character(std::string_view text, bool is_final);
  Step special_bytes(std::string_view text, bool is_final);
  Step ampersand(std::string_view text, bool is_final);
  Step less_than(std::string_view text, bool is_final);
  Step declaration(std::string_view text, bool is_final);
  Step instruction(std::string_view text, bool is_final);
  Step end_tag(std::string_view text, bool is_final);
  Step start_tag(std::string_view text, bool is_final);
  Step root_tag(const Tag& tag);
  Step literal_less_than();

  model::Result<void> open_element(const Tag& tag, Node node);
  void close_top();
  void close_down_to(std::size_t depth, std::string_view because);
  void leaf_markup(const Tag& tag);
  [[nodiscard]] bool section_breaks_out(std::string_view name) const;
  model::Result<void> pass_text(std::string_view text);
  void flush_stray_text();
  void note(LibxmlReader::NoteKind kind, std::string_view code, std::string_view detail = {});
  void note_fault(std::string_view code, std::string_view detail);
  void damage(std::string_view code, std::string_view detail = {}) {
    note(LibxmlReader::NoteKind::damage, code, detail);
  }
  [[nodiscard]] Node top() const { return open_.empty() ? Node::document : open_.back().node; }
  [[nodiscard]] bool in_record() const { return open_.size() > 1 && open_[1].node == Node::record; }
  [[nodiscard]] bool takes_text() const;
  [[nodiscard]] std::string place() const { return "line " + std::to_string(line_); }

  const AggregateLimits& limits_;
  LibxmlReader reader_;
  std::vector<Open> open_;
  Phase phase_;
  Inside inside_ = Inside::text;
  std::uint32_t line_;
  std::size_t prolog_bytes_ = 0;
  std::string stray_;  // text between elements, told at the next markup
  bool has_prolog_;
  bool has_stray_fault_ = false;
  bool has_leaf_markup_ = false;  // told once per text element
  bool has_trailing_ = false;
  bool has_trailing_markup_ = false;
  bool has_page_around_ = false;  // tags of HTML follow: the report stood in a page
};

}  // namespace ruaudit::parser
