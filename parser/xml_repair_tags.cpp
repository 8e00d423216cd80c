// The tags of XmlRepair: what each one means where it stands, and what is closed in front of it.
#include <algorithm>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/element_names.hpp"
#include "parser/xml_repair.hpp"

namespace ruaudit::parser {
namespace {

using NoteKind = LibxmlReader::NoteKind;

std::string quoted_end(std::string_view name) { return "</" + std::string(cut_text(name, 100)) + ">"; }

std::string printable(const Tag& tag) { return std::string(cut_text(trimmed(tag.whole), 100)); }

std::size_t behind_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_xml_blank(text[at])) ++at;
  return at;
}

}  // namespace

// "< name>", "< /name>": a tag with a blank where none may be.
XmlRepair::Step XmlRepair::spaced_tag(std::string_view text, bool is_final) {
  constexpr std::size_t longest = 16;
  const std::size_t at = behind_blanks(text.substr(0, longest), 1);
  if (at == text.size() && !is_final) return Taken{0};
  if (at >= std::min(longest, text.size())) return literal_less_than();
  if (text[at] == '/') return end_tag(text, at + 1, is_final);
  if (is_leaf(top())) return literal_less_than();
  return start_tag(text, at, is_final);
}

XmlRepair::Step XmlRepair::end_tag(std::string_view text, std::size_t name_at, bool is_final) {
  const Tag tag = scan_end_tag(text.substr(0, limits_.tag_bytes), name_at);
  if (tag.found == Found::more && text.size() >= limits_.tag_bytes)
    return model::failure("xml-tag-too-long", place() + ": a tag is longer than the limit");
  if (tag.found == Found::more && !is_final) return Taken{0};
  if (tag.found != Found::yes || phase_ == Phase::prolog) return literal_less_than();
  has_leaf_markup_ = has_leaf_markup_ && is_leaf(top());
  const std::size_t depth = find_open(tag.name);
  if (depth == 0) return is_leaf(top()) ? end_tag_of_leaf(tag) : end_tag_of_none(tag);
  flush_stray_text();
  close_down_to(depth, quoted_end(tag.name));
  if (!is_good_end_of_top(tag)) damage("mismatched-tag", quoted_tag(open_.back().name) + " ended by " + printable(tag));
  close_top();
  return Taken{tag.size};
}

bool XmlRepair::is_good_end_of_top(const Tag& tag) const {
  const bool is_own_name = open_.back().name == tag.name || row_of(top()).name == tag.name;
  const bool is_well_formed = tag.whole.starts_with("</" + std::string(tag.name)) && tag.whole.ends_with('>') &&
                              tag.whole.find('/', 2) == std::string_view::npos;
  return is_own_name && is_well_formed;
}

// How many elements are open down to the one that an end tag of this name ends; 0: it ends none.
std::size_t XmlRepair::find_open(std::string_view name) const {
  const auto depth_where = [&](auto matches) {
    const auto found = std::find_if(open_.rbegin(), open_.rend(), matches);
    return static_cast<std::size_t>(open_.rend() - found);
  };
  const auto exact = depth_where([&](const Open& open) { return open.name == name; });
  if (exact != 0) return exact;
  const std::string_view local = local_name(name);
  const auto folded = depth_where([&](const Open& open) {
    return same_name(local, local_name(open.name)) || same_name(local, row_of(open.node).name);
  });
  if (folded != 0) return folded;
  return depth_where([&](const Open& open) {
    return is_misspelt(local, open.node == Node::unknown ? local_name(open.name) : row_of(open.node).name);
  });
}

// Text: but where the leaf turns out to have lost its own end tag, it ends here.
XmlRepair::Step XmlRepair::end_tag_of_leaf(const Tag& /*tag*/) {
  if (leaf_tags_ > 0) {
    --leaf_tags_;
  } else if (!has_leaf_mark_) {
    has_leaf_mark_ = true;
    note(NoteKind::mark_leaf, {});
  }
  return literal_less_than();
}

XmlRepair::Step XmlRepair::end_tag_of_none(const Tag& tag) {
  if (take_leaf_from_stray(tag)) return Taken{tag.size};
  flush_stray_text();
  damage("stray-end-tag", quoted_end(tag.name));
  return Taken{tag.size};
}

// "count>5</count>" and "<count 5</count>": the start tag lost an angle bracket.
bool XmlRepair::take_leaf_from_stray(const Tag& end) {
  const Node node = top() == Node::unknown ? Node::unknown : find_child_folded(top(), local_name(end.name));
  if (!is_leaf(node) || stray_.size() >= max_stray_text) return false;
  std::string_view text = trimmed(stray_);
  if (text.starts_with('<')) text.remove_prefix(1);
  const std::string_view name = row_of(node).name;
  if (text.size() <= name.size() || !same_name(text.substr(0, name.size()), name)) return false;
  const char after = text[name.size()];
  const std::string value(trimmed(text.substr(name.size() + 1)));
  if ((after != '>' && !is_xml_blank(after)) || value.find_first_of("<>") != std::string::npos) return false;
  stray_.clear();
  has_stray_fault_ = false;
  damage("mismatched-tag", quoted_end(end.name) + " ends what has no whole start tag");
  reader_.start(LibxmlReader::Start::known, node, name, {}, line_);
  reader_.text(value);
  reader_.end(node);
  return true;
}

// The open leaf lost its end tag; it ends in front of what closes it.
void XmlRepair::end_leaf(std::string_view because) {
  damage("mismatched-tag", quoted_tag(open_.back().name) + " ended by " + std::string(because));
  note(NoteKind::cut_leaf, {});
}

// Closes every element above depth: their end tags are lost.
void XmlRepair::close_down_to(std::size_t depth, std::string_view because) {
  if (open_.size() <= depth) return;
  if (is_leaf(top())) {
    end_leaf(because);
  } else {
    damage("mismatched-tag", quoted_tag(open_.back().name) + " ended by " + std::string(because));
  }
  while (open_.size() > depth) {
    if (top() == Node::unknown && in_record()) note(NoteKind::break_record, {});  // it swallowed a part of the record
    close_top();
  }
}

void XmlRepair::close_top() {
  reader_.end(top());
  open_.pop_back();
  if (open_.empty()) phase_ = Phase::epilog;
}

XmlRepair::Step XmlRepair::start_tag(std::string_view text, std::size_t name_at, bool is_final) {
  const std::string_view head = text.substr(0, limits_.tag_bytes);
  Tag tag = scan_start_tag(head, name_at);
  if (tag.found == Found::more && text.size() >= limits_.tag_bytes)
    return model::failure("xml-tag-too-long",
                          place() + ": a tag is longer than " + std::to_string(limits_.tag_bytes) + " octets");
  if (tag.found == Found::more && !is_final) return Taken{0};
  if (tag.found != Found::yes) {
    if (is_leaf(top())) return literal_less_than();
    tag = scan_unclosed_start_tag(head, name_at);
    const Node parent = phase_ == Phase::prolog ? Node::document : top();
    const Node node = tag.found == Found::yes ? find_child_folded(parent, local_name(tag.name)) : Node::unknown;
    if (node == Node::unknown || is_leaf(node)) return literal_less_than();
    damage("mismatched-tag", quoted_tag(tag.name) + " without its '>'");
  } else if (name_at != 1) {
    damage("mismatched-tag", printable(tag));
  }
  if (phase_ == Phase::prolog) {
    const std::string_view name = local_name(tag.name);
    const bool has_no_root = same_name(name, "report_metadata") || same_name(name, "policy_published");
    if (!has_no_root) return root_tag(tag);
    TRY_VOID(open_missing_root());
  }
  return is_leaf(top()) ? start_tag_in_leaf(text, tag, is_final) : start_tag_in_container(text, tag, is_final);
}

XmlRepair::Step XmlRepair::root_tag(const Tag& tag) {
  const std::string_view name = local_name(tag.name);
  if (name == "schema") {  // X7: opened and never closed around the report
    damage("stray-element", quoted_tag(tag.name));
    return Taken{tag.size};
  }
  if (is_misspelt(name, "feedback")) {
    damage("misspelt-element", quoted_tag(tag.name));
  } else if (!is_same_case(tag, Node::feedback)) {
    return model::failure("wrong-root", place() + ": the root element is not <feedback>",
                          "this is no aggregate report");
  }
  phase_ = Phase::inside;
  TRY_VOID(open_element(tag, Node::feedback));
  return Taken{tag.size};
}

model::Result<void> XmlRepair::open_missing_root() {
  phase_ = Phase::inside;
  damage("mismatched-tag", "<feedback> is missing");
  reader_.start(LibxmlReader::Start::known, Node::feedback, {}, {}, line_);
  open_.push_back({Node::feedback, "feedback"});
  return {};
}

XmlRepair::Step XmlRepair::start_tag_in_leaf(std::string_view text, const Tag& tag, bool is_final) {
  switch (meaning_in_leaf(text, tag, is_final)) {
    case Meaning::more:
      return Taken{0};
    case Meaning::end_tag:
      end_leaf(quoted_tag(tag.name));
      close_top();
      return Taken{tag.size};
    case Meaning::element:
      end_leaf(quoted_tag(tag.name));
      close_top();
      return start_tag_in_container(text, tag, is_final);
    case Meaning::text:
      break;
  }
  if (!tag.is_empty) ++leaf_tags_;
  // Where it looks like structure from elsewhere, nothing is invented: the record is not to be trusted.
  if (is_container_name(local_name(tag.name)) && in_record()) note(NoteKind::break_record, {});
  return literal_less_than();
}

// Inside a text element a start tag is text ("the <domain> is bad") unless its name may stand beside that element and
// the element's own end tag is not the next one.
XmlRepair::Meaning XmlRepair::meaning_in_leaf(std::string_view text, const Tag& tag, bool is_final) {
  const std::string_view name = local_name(tag.name);
  if (open_.size() < 2) return Meaning::text;
  if (same_name(name, row_of(top()).name)) return meaning_of_own_name(text, tag, is_final);
  if (find_child_folded(open_[open_.size() - 2].node, name) == Node::unknown) return Meaning::text;
  const std::string_view head = text.substr(0, limits_.tag_bytes);
  const bool may_grow = !is_final && head.size() < limits_.tag_bytes;
  const std::size_t next = end_tag_ahead_.find(head, offset_);
  if (next == std::string_view::npos) return may_grow ? Meaning::more : Meaning::element;
  const Tag end = scan_end_tag(head.substr(next));
  if (end.found == Found::more && may_grow) return Meaning::more;
  return end.found == Found::yes && end.name == open_.back().name ? Meaning::text : Meaning::element;
}

// A start tag with the name of the element that is open: the '/' of its end tag is lost where what follows cannot
// stand in it; else a second element of that name begins.
XmlRepair::Meaning XmlRepair::meaning_of_own_name(std::string_view text, const Tag& tag, bool is_final) const {
  if (tag.is_empty) return Meaning::end_tag;
  const std::string_view head = text.substr(0, limits_.tag_bytes);
  const auto more_or = [&](Meaning otherwise) {
    return !is_final && head.size() < limits_.tag_bytes ? Meaning::more : otherwise;
  };
  const std::size_t at = behind_blanks(head, tag.size);
  if (at + 1 >= head.size()) return more_or(Meaning::end_tag);
  if (head[at] != '<') return is_leaf(top()) ? Meaning::element : Meaning::end_tag;
  if (is_leaf(top()) || head[at + 1] == '/') return Meaning::end_tag;
  const Tag next = scan_start_tag(head.substr(at));
  if (next.found == Found::more) return more_or(Meaning::end_tag);
  const Node own = find_child_folded(Node::feedback, local_name(tag.name));
  const Node node = own == Node::unknown ? top() : own;
  const bool is_child = next.found == Found::yes && find_child_folded(node, local_name(next.name)) != Node::unknown;
  return is_child ? Meaning::element : Meaning::end_tag;
}

XmlRepair::Step XmlRepair::start_tag_in_container(std::string_view text, const Tag& tag, bool is_final) {
  const std::string_view name = local_name(tag.name);
  const bool breaks_out = section_breaks_out(name);
  const bool is_own = same_name(name, row_of(breaks_out ? open_[1].node : top()).name);
  if (is_own && top() != Node::unknown) {
    const Meaning meaning = meaning_of_own_name(text, tag, is_final);
    if (meaning == Meaning::more) return Taken{0};
    if (meaning == Meaning::end_tag && !tag.is_empty) {
      flush_stray_text();
      close_down_to(breaks_out ? 1 : open_.size() - 1, quoted_tag(tag.name));
      return Taken{tag.size};
    }
  }
  Node node = Node::unknown;
  if (top() != Node::unknown && find_child_folded(top(), name) == Node::unknown && !breaks_out) {
    const Meaning meaning = leaf_by_end_tag(text, tag, is_final, node);
    if (meaning == Meaning::more) return Taken{0};
  }
  flush_stray_text();
  if (breaks_out) close_down_to(1, quoted_tag(tag.name));
  if (node != Node::unknown) {
    damage("misspelt-element", quoted_tag(tag.name));
  } else {
    node = resolve(name);
  }
  if (node != Node::unknown && same_name(name, row_of(node).name)) is_same_case(tag, node);
  TRY_VOID(open_element(tag, node));
  return Taken{tag.size};
}

Node XmlRepair::resolve(std::string_view name) {
  if (top() == Node::unknown) return Node::unknown;
  if (const Node node = find_child_folded(top(), name); node != Node::unknown) return node;
  for (std::size_t depth = open_.size() - 1; depth > 0 && open_[depth - 1].node != Node::unknown; --depth) {
    const Node node = find_child_folded(open_[depth - 1].node, name);
    if (node == Node::unknown || (is_leaf(node) && !may_be_misplaced(node))) continue;
    if (is_leaf(node)) {
      note(NoteKind::defect, "misplaced-element", quoted_tag(name));
    } else {
      close_down_to(depth, quoted_tag(name));
    }
    return node;
  }
  if (const Node node = find_grandchild(top(), name); node != Node::unknown) {
    note(NoteKind::defect, "misplaced-element", quoted_tag(name));
    return node;
  }
  const Node node = find_child_misspelt(top(), name);
  if (node != Node::unknown) damage("misspelt-element", quoted_tag(name));
  return node;
}

// `<repotr_id>2025</report_id>`: the end tag says which element it is.
XmlRepair::Meaning XmlRepair::leaf_by_end_tag(std::string_view text, const Tag& tag, bool is_final, Node& node) const {
  if (tag.is_empty) return Meaning::text;
  const std::string_view head = text.substr(0, limits_.tag_bytes);
  const auto more_or_text = !is_final && head.size() < limits_.tag_bytes ? Meaning::more : Meaning::text;
  const auto next = head.find('<', tag.size);
  if (next == std::string_view::npos || next + 1 == head.size()) return more_or_text;
  if (head[next + 1] != '/') return Meaning::text;
  const Tag end = scan_end_tag(head.substr(next));
  if (end.found == Found::more) return more_or_text;
  if (end.found != Found::yes || end.name == tag.name) return Meaning::text;
  const Node named = find_child_folded(top(), local_name(end.name));
  if (is_leaf(named)) node = named;
  return is_leaf(named) ? Meaning::element : Meaning::text;
}

// False where tag is no name of the node. Other letter case is told once.
bool XmlRepair::is_same_case(const Tag& tag, Node node) {
  const std::string_view name = local_name(tag.name);
  if (!same_name(name, row_of(node).name)) return false;
  if (name != row_of(node).name && !has_told_case_) {
    has_told_case_ = true;
    note(NoteKind::defect, "letter-case", quoted_tag(tag.name));
  }
  return true;
}

// A section begins although something else is still open: that was not closed.
bool XmlRepair::section_breaks_out(std::string_view name) const {
  if (!is_section_name(ascii::lower(name)) || open_.size() < 2) return false;
  return std::none_of(open_.begin(), open_.end(), [](const Open& open) { return open.name == "extension"; });
}

model::Result<void> XmlRepair::open_element(const Tag& tag, Node node) {
  if (open_.size() >= limits_.depth)
    return model::failure("xml-too-deep", place() + ": more than " + std::to_string(limits_.depth) + " open elements");
  const Attributes attributes = parse_attributes(tag.attributes, tag.name);
  if (!attributes.is_good) damage("bad-attribute", trimmed(tag.attributes));
  const auto kind = node == Node::unknown ? LibxmlReader::Start::unknown : LibxmlReader::Start::known;
  const auto end_line = line_ + static_cast<std::uint32_t>(std::count(tag.whole.begin(), tag.whole.end(), '\n'));
  reader_.start(kind, node, tag.name, attributes, end_line);
  open_.push_back({node, std::string(tag.name)});
  has_leaf_markup_ = has_leaf_mark_ = false;
  leaf_tags_ = 0;
  if (tag.is_empty) close_top();
  return {};
}

}  // namespace ruaudit::parser
