#include "parser/xml_repair.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"

namespace ruaudit::parser {
namespace {

using NoteKind = LibxmlReader::NoteKind;
constexpr std::size_t max_stray = XmlRepair::max_stray_text;

bool begins_with_folded(std::string_view text, std::string_view upper) {
  if (text.size() < upper.size()) return false;
  return std::equal(upper.begin(), upper.end(), text.begin(),
                    [](char want, char have) { return want == (have >= 'a' && have <= 'z' ? have - 32 : have); });
}

// True when text could still become one of the things that "<!" introduces.
bool may_be_declaration(std::string_view text) { return text.size() < std::string_view("<!NOTATION").size(); }

// A tag of the web page or of the HTML mail in which the report stood.
constexpr std::size_t longest_page_tag = 14;  // "</blockquote" and what ends the name
bool is_page_tag(std::string_view text) {
  text.remove_prefix(text.starts_with("</") ? 2 : 1);
  std::string name = ascii::lower(text.substr(0, longest_page_tag));
  name.resize(std::min(name.size(), name.find_first_of(" \t\r\n/>")));
  constexpr std::string_view names[] = {"html", "body",  "pre",        "p",  "div", "span",  "br",
                                        "hr",   "table", "tbody",      "tr", "td",  "tt",    "code",
                                        "font", "b",     "blockquote", "i",  "a",   "center"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// What a second report in the same text begins with.
bool begins_document(std::string_view text) {
  const auto names = [&](std::string_view upper) {
    const auto after = text.substr(std::min(text.size(), upper.size()), 1);
    return begins_with_folded(text, upper) &&
           (after.empty() || after.front() == '>' || after.front() == '/' || is_xml_blank(after.front()));
  };
  return names("<?XML") || names("<FEEDBACK");
}

}  // namespace

std::string quoted_tag(std::string_view name) { return "<" + std::string(cut_text(name, 100)) + ">"; }

XmlRepair::XmlRepair(AggregateBuilder& builder, const AggregateLimits& limits, const Position& from)
    : builder_(builder),
      limits_(limits),
      reader_(builder, limits),
      phase_(from.phase),
      line_(from.line),
      has_prolog_(from.has_prolog) {
  for (std::size_t i = 0; i < from.depth; ++i) {
    open_.push_back({from.path[i], std::string(row_of(from.path[i]).name)});
    reader_.start(LibxmlReader::Start::resumed, from.path[i], {}, {}, line_);
  }
  if (phase_ != Phase::epilog) return;
  reader_.start(LibxmlReader::Start::resumed, Node::feedback, {}, {}, line_);
  reader_.end(Node::feedback);
}

model::Result<std::size_t> XmlRepair::run(std::string_view text, bool is_final) {
  std::size_t at = 0;
  while (at < text.size() && !has_next_document_) {
    TRY(const Taken taken, token(text.substr(at), is_final));
    if (taken.size == 0) break;
    const std::string_view done = text.substr(at, taken.size);
    line_ += static_cast<std::uint32_t>(std::count(done.begin(), done.end(), '\n'));
    at += taken.size;
    offset_ += taken.size;
    if (phase_ == Phase::prolog && (prolog_bytes_ += taken.size) > limits_.prolog_bytes)
      return model::failure("prolog-too-long", place() + ": no root element within the limit");
    TRY_VOID(reader_.flush_if_full());
  }
  return at;
}

XmlRepair::Step XmlRepair::token(std::string_view text, bool is_final) {
  switch (inside_) {
    case Inside::comment:
      return skip_until(text, "-->");
    case Inside::instruction:
      return skip_until(text, "?>");
    case Inside::cdata:
      return cdata(text, is_final);
    case Inside::text:
      break;
  }
  if (phase_ == Phase::epilog) return behind_root(text, is_final);
  const std::uint8_t kind = class_of(text.front());
  if (kind == markup) return less_than(text, is_final);
  if (kind == reference) return ampersand(text, is_final);
  if (kind == control) return control_character(text, is_final);
  if (kind == marker) return special_bytes(text, is_final);
  return characters(text, is_final);
}

XmlRepair::Step XmlRepair::behind_root(std::string_view text, bool is_final) {
  if (text.front() == '<') {
    if (text.size() < longest_page_tag && !is_final) return Taken{0};
    if (begins_document(text)) {
      has_next_document_ = true;
      return Taken{0};
    }
    if (text.starts_with("<!--")) inside_ = Inside::comment;
    if (text.starts_with("<?")) inside_ = Inside::instruction;
    if (inside_ != Inside::text) return Taken{2};
    (is_page_tag(text) || has_cdata_end_ ? has_page_around_ : has_trailing_markup_) = true;
    has_trailing_ = has_trailing_ || has_trailing_markup_;
  }
  const std::string_view run = text.substr(0, text.find('<', 1));
  look_for_json(run);
  // The words of a page around the report are the page's.
  if (!has_page_around_) words_behind_root(run);
  return Taken{run.size()};
}

// "]]>" ends the section in which the report stood: what follows belongs to the text around it.
void XmlRepair::words_behind_root(std::string_view text) {
  for (const char c : text) {
    if (c == '>' && brackets_ == 2) {
      has_cdata_end_ = has_page_around_ = true;
      return;
    }
    if (c != ']' && !is_xml_blank(c)) has_trailing_ = true;
    has_brackets_ = has_brackets_ || c == ']';
    brackets_ = c == ']' ? std::min(brackets_ + 1, 2U) : 0;
  }
}

// An object with a first member, before any other text and any tag.
void XmlRepair::look_for_json(std::string_view text) {
  for (const char c : text) {
    if (json_ == Json::found || json_ == Json::none) return;
    if (std::string_view(" \t\r\n,").find(c) != std::string_view::npos) continue;
    if (json_ == Json::possible)
      json_ = c == '{' ? Json::brace : Json::none;
    else
      json_ = c == '"' ? Json::found : Json::none;
  }
}

XmlRepair::Step XmlRepair::skip_until(std::string_view text, std::string_view closing) {
  const auto end = text.find(closing);
  if (end != std::string_view::npos) {
    inside_ = Inside::text;
    return Taken{end + closing.size()};
  }
  return Taken{text.size() - std::min(text.size(), closing.size() - 1)};
}

XmlRepair::Step XmlRepair::cdata(std::string_view text, bool is_final) {
  if (text.starts_with("]]>")) {
    inside_ = Inside::text;
    return Taken{3};
  }
  if (text.front() == ']' && text.size() < 3 && !is_final) return Taken{0};
  const std::uint8_t kind = class_of(text.front());
  if (kind == control) return control_character(text, is_final);
  if (kind == marker) return special_bytes(text, is_final);
  std::size_t size = 1;
  while (size < text.size() && text[size] != ']' && (class_of(text[size]) & (control | marker)) == 0) ++size;
  TRY_VOID(pass_text(text.substr(0, size)));
  return Taken{size};
}

XmlRepair::Step XmlRepair::characters(std::string_view text, bool /*is_final*/) {
  std::size_t size = 1;
  while (size < text.size() && (class_of(text[size]) & (markup | reference | control | marker)) == 0) ++size;
  if (phase_ == Phase::prolog)  // blanks alone, so that what follows is told with its own line
    if (const auto first = text.substr(0, size).find_first_not_of(" \t\n"); first != 0) size = std::min(first, size);
  TRY_VOID(pass_text(text.substr(0, size)));
  return Taken{size};
}

// CR and CR LF become LF (XML 1.0 section 2.11); anything else is not XML.
XmlRepair::Step XmlRepair::control_character(std::string_view text, bool is_final) {
  if (text.front() == '\r') {
    if (text.size() < 2 && !is_final) return Taken{0};
    if (text.size() < 2 || text[1] != '\n') TRY_VOID(pass_text("\n"));
    return Taken{1};
  }
  note_fault("control-character", std::to_string(text.front()));
  TRY_VOID(pass_text(replacement));
  return Taken{1};
}

// 0xEF begins the decoder's mark in front of a guessed character, or an ordinary one.
XmlRepair::Step XmlRepair::special_bytes(std::string_view text, bool is_final) {
  if (text.size() < guess_mark.size() && !is_final) return Taken{0};
  if (!text.starts_with(guess_mark)) {
    TRY_VOID(pass_text(text.substr(0, 3)));
    return Taken{std::min<std::size_t>(3, text.size())};
  }
  // The guessed character itself has at most three octets in UTF-8 and follows in one piece with the mark.
  if (text.size() < guess_mark.size() + 1) {
    if (!is_final) return Taken{0};
    return Taken{text.size()};
  }
  std::size_t size = guess_mark.size() + 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80) ++size;
  damage("not-utf8", text.substr(guess_mark.size(), size - guess_mark.size()));
  return Taken{guess_mark.size()};
}

XmlRepair::Step XmlRepair::ampersand(std::string_view text, bool is_final) {
  const Reference found = scan_reference(text);
  if (found.found == Found::more && !is_final) return Taken{0};
  if (found.found == Found::yes && takes_text()) {
    reader_.reference(text.substr(0, found.size));
    return Taken{found.size};
  }
  // The detail names the element: more of the text would depend on how much of it is here yet.
  if (found.found != Found::yes) note_fault("bare-ampersand", open_.empty() ? std::string_view{} : open_.back().name);
  TRY_VOID(pass_text("&"));
  return Taken{1};
}

XmlRepair::Step XmlRepair::less_than(std::string_view text, bool is_final) {
  if (text.size() < 2) {
    if (!is_final) return Taken{0};
    return literal_less_than();
  }
  if (text[1] == '!') return declaration(text, is_final);
  if (text[1] == '?') return instruction(text, is_final);
  if (is_xml_blank(text[1])) return spaced_tag(text, is_final);
  if (text[1] == '/' || text[1] == '\\') return end_tag(text, 2, is_final);
  return start_tag(text, 1, is_final);
}

XmlRepair::Step XmlRepair::declaration(std::string_view text, bool is_final) {
  if (text.starts_with("<!--")) {
    inside_ = Inside::comment;
    has_prolog_ = true;
    return Taken{4};
  }
  for (const std::string_view word : {"<!DOCTYPE", "<!ENTITY", "<!ELEMENT", "<!ATTLIST", "<!NOTATION"})
    if (begins_with_folded(text, word))
      return model::failure("doctype", place() + ": the text declares a document type; no report does",
                            "a report with a DOCTYPE is refused as hostile; ask its sender for a plain one");
  constexpr std::string_view opening = "<![CDATA[";
  if (text.starts_with(opening) && phase_ == Phase::inside && takes_text()) {
    inside_ = Inside::cdata;
    return Taken{opening.size()};
  }
  if (may_be_declaration(text) && !is_final) return Taken{0};
  return literal_less_than();
}

XmlRepair::Step XmlRepair::instruction(std::string_view text, bool is_final) {
  const std::string_view head = text.substr(0, limits_.tag_bytes);
  const auto end = instruction_end_.find(head, offset_);
  if (end == std::string_view::npos) {
    if (head.size() < limits_.tag_bytes && !is_final) return Taken{0};
    return literal_less_than();
  }
  if (phase_ == Phase::prolog) {
    if (text.starts_with("<?xml") && is_xml_blank(text[5]) && has_prolog_) note(NoteKind::defect, "leading-blanks");
    has_prolog_ = true;
  }
  return Taken{end + 2};
}

XmlRepair::Step XmlRepair::literal_less_than() {
  if (phase_ == Phase::prolog)
    return model::failure("not-xml", place() + ": text that is no XML before the root element");
  if (!has_leaf_markup_) note_fault("markup-in-text", open_.empty() ? std::string_view{} : open_.back().name);
  has_leaf_markup_ = has_leaf_markup_ || takes_text();
  TRY_VOID(pass_text("<"));
  return Taken{1};
}

bool XmlRepair::takes_text() const { return !open_.empty() && row_of(top()).kind != NodeKind::container; }

model::Result<void> XmlRepair::pass_text(std::string_view text) {
  if (phase_ == Phase::prolog) {
    has_prolog_ = true;
    if (is_all_blank(text)) return {};
    if (trimmed(text) == "feedback>") return open_missing_root();  // it lost its '<'
    return model::failure("not-xml", place() + ": text that is no XML before the root element",
                          "the part is no aggregate report, or it is packed in a way this program does not know");
  }
  if (takes_text()) {
    reader_.text(text);
  } else if (stray_.size() < max_stray) {
    stray_ += cut_text(text, max_stray);
  }
  return {};
}

void XmlRepair::flush_stray_text() {
  std::string_view text = trimmed(stray_);
  if (text.empty() && !is_all_blank(stray_)) text = stray_;  // only marks that nobody sees: told all the same
  if (!text.empty())
    note(has_stray_fault_ ? NoteKind::damage : NoteKind::defect, "stray-text", cut_text(text, max_stray));
  stray_.clear();
  has_stray_fault_ = false;
}

// A fault in the characters: told at once where they are kept, with the stray text elsewhere.
void XmlRepair::note_fault(std::string_view code, std::string_view detail) {
  if (takes_text()) {
    damage(code, detail);
  } else {
    has_stray_fault_ = true;
  }
}

void XmlRepair::note(NoteKind kind, std::string_view code, std::string_view detail) {
  const bool is_counted = kind == NoteKind::defect || kind == NoteKind::damage;
  // Beyond the limit the builder keeps none: it is told of their number alone, and that there was damage at all.
  if (is_counted && ++notes_ > limits_.defects && (kind == NoteKind::defect || has_damage_)) {
    ++notes_left_out_;
    return;
  }
  has_damage_ = has_damage_ || kind == NoteKind::damage;
  reader_.note({kind, std::string(code), std::string(cut_text(detail, 500)), line_});
}

model::Result<void> XmlRepair::finish() {
  if (phase_ == Phase::prolog) return model::failure("not-xml", place() + ": the text ends before any element");
  flush_stray_text();
  has_trailing_ = has_trailing_ || (has_brackets_ && !has_cdata_end_);
  if (has_page_around_ && !has_trailing_markup_) note(NoteKind::defect, "in-html-page");
  if (has_trailing_) note(has_trailing_markup_ ? NoteKind::damage : NoteKind::defect, "trailing-content");
  if (!open_.empty()) {
    damage("truncated", "the text ends inside " + quoted_tag(open_.back().name));
    if (in_record()) note(NoteKind::break_record, {});
    if (is_leaf(top())) note(NoteKind::drop_leaf, {});  // half a value is none: "17672" is another date
    while (!open_.empty()) close_top();
  }
  TRY_VOID(reader_.finish());
  builder_.leave_out_defects(notes_left_out_);
  return {};
}

}  // namespace ruaudit::parser
