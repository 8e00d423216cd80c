// The careful engine: cuts any text into tokens, repairs what is not well-formed and feeds libxml2 with the result,
// which is well-formed by construction. It owns all decisions about damage, so they do not depend on how a library
// recovers or where chunks end:
//  - a text element ends at its end tag, also where that has a letter wrong, the letter case of another, no '>' or no
//    '/', and where its end tag is lost: at the end tag of an open element and at the start tag of an element that may
//    stand beside it. Any other '<' and a bare '&' are text;
//  - an end tag that matches an outer element closes what lies between; a start tag that only an outer element allows
//    closes what was left open in front of it. A record is lost where an element of no schema swallowed a part of it;
//  - names are read without letter case, misspelt ones where only one element can be meant;
//  - a section (report_metadata, policy_published, record) ends whatever was left open in front of it;
//  - `<?xml` or `<feedback` after the root begins another report (has_next_document()): it is left to the caller;
//  - unknown elements are passed on and skipped; the stray <xs:schema> in front of the root is ignored.
// Refused: DOCTYPE and entity declarations, wrong roots, depth and tag length beyond the limits.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "parser/aggregate_builder.hpp"
#include "parser/ahead_search.hpp"
#include "parser/libxml_reader.hpp"
#include "parser/xml_markup.hpp"
#include "parser/xml_scanner.hpp"

namespace ruaudit::parser {

class XmlRepair {
 public:
  static constexpr std::size_t max_stray_text = 400;  // of the text between elements that is told

  // Goes on where the scanner stopped.
  XmlRepair(AggregateBuilder& builder, const AggregateLimits& limits, const Position& from);

  // Takes what it can of text; the rest must be given again with more behind it. is_final: nothing will follow.
  model::Result<std::size_t> run(std::string_view text, bool is_final);
  // Closes what is open (damage: truncated) and lets libxml2 end.
  model::Result<void> finish();
  // Another report begins where run() stopped.
  [[nodiscard]] bool has_next_document() const { return has_next_document_; }
  // After the root a JSON text begins, which is not read here.
  [[nodiscard]] bool has_json_behind() const { return json_ == Json::found; }
  [[nodiscard]] std::uint32_t line() const { return line_; }

 private:
  struct Open {
    Node node;
    std::string name;  // as written; the end tag must repeat it
  };
  enum class Inside : std::uint8_t { text, comment, instruction, cdata };
  // Of the text after the root, character by character, so that it does not matter where windows end.
  enum class Json : std::uint8_t { possible, brace, found, none };
  struct Taken {
    std::size_t size = 0;  // 0: more text is needed
  };
  using Step = model::Result<Taken>;

  Step token(std::string_view text, bool is_final);
  Step behind_root(std::string_view text, bool is_final);
  void words_behind_root(std::string_view text);
  void look_for_json(std::string_view text);
  Step skip_until(std::string_view text, std::string_view closing);
  Step cdata(std::string_view text, bool is_final);
  Step characters(std::string_view text, bool is_final);
  Step control_character(std::string_view text, bool is_final);
  Step special_bytes(std::string_view text, bool is_final);
  Step ampersand(std::string_view text, bool is_final);
  Step less_than(std::string_view text, bool is_final);
  Step declaration(std::string_view text, bool is_final);
  Step instruction(std::string_view text, bool is_final);
  Step literal_less_than();
  // Tags: xml_repair_tags.cpp. name_at: where the name begins.
  Step spaced_tag(std::string_view text, bool is_final);
  Step end_tag(std::string_view text, std::size_t name_at, bool is_final);
  Step end_tag_of_leaf(const Tag& tag);
  Step end_tag_of_none(const Tag& tag);
  Step start_tag(std::string_view text, std::size_t name_at, bool is_final);
  Step start_tag_in_leaf(std::string_view text, const Tag& tag, bool is_final);
  Step start_tag_in_container(std::string_view text, const Tag& tag, bool is_final);
  Step root_tag(const Tag& tag);
  model::Result<void> open_missing_root();

  enum class Meaning : std::uint8_t { text, element, end_tag, more };
  Meaning meaning_in_leaf(std::string_view text, const Tag& tag, bool is_final);
  Meaning meaning_of_own_name(std::string_view text, const Tag& tag, bool is_final) const;
  // The node that a start tag opens below the open element; closes what was left open in front of it.
  Node resolve(std::string_view name);
  // The leaf whose end tag ends the text behind tag, which is of no schema; Node::unknown: none.
  Meaning leaf_by_end_tag(std::string_view text, const Tag& tag, bool is_final, Node& node) const;
  std::size_t find_open(std::string_view name) const;
  bool is_good_end_of_top(const Tag& tag) const;
  bool take_leaf_from_stray(const Tag& end);
  bool is_same_case(const Tag& tag, Node node);  // false: not the node's name

  model::Result<void> open_element(const Tag& tag, Node node);
  void close_top();
  void close_down_to(std::size_t depth, std::string_view because);
  void end_leaf(std::string_view because);
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

  AggregateBuilder& builder_;
  const AggregateLimits& limits_;
  LibxmlReader reader_;
  std::vector<Open> open_;
  Phase phase_;
  Inside inside_ = Inside::text;
  std::uint32_t line_;
  std::uint64_t offset_ = 0;  // of the current token, from where this engine began
  AheadSearch instruction_end_{"?>"};
  AheadSearch end_tag_ahead_{"</"};
  std::uint64_t notes_ = 0, notes_left_out_ = 0;
  std::size_t prolog_bytes_ = 0;
  std::string stray_;  // text between elements, told at the next markup
  bool has_prolog_;
  bool has_stray_fault_ = false;
  bool has_leaf_markup_ = false;  // told once per text element
  std::size_t leaf_tags_ = 0;     // start tags that are text of the leaf and have no end tag yet
  bool has_leaf_mark_ = false;    // the leaf holds an end tag of nothing: its text may end there
  bool has_told_case_ = false;
  bool has_damage_ = false;
  bool has_next_document_ = false;
  bool has_trailing_ = false;
  bool has_trailing_markup_ = false;
  Json json_ = Json::possible;
  bool has_page_around_ = false;  // tags of HTML follow: the report stood in a page; or the end of a CDATA section
  bool has_cdata_end_ = false, has_brackets_ = false;
  unsigned brackets_ = 0;  // "]" right before this place, up to two
};

// "<name>", the name cut to 100 octets.
std::string quoted_tag(std::string_view name);

}  // namespace ruaudit::parser
