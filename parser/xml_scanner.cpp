#include "parser/xml_scanner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "parser/xml_markup.hpp"

namespace ruaudit::parser {
namespace {

std::uint32_t count_lines(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

// The name of each node as two words that overlap in the middle, so that comparing it takes two loads and no call.
struct NameKey {
  std::uint64_t head = 0, head_mask = 0;  // the first octets, at most 8
  std::uint64_t tail = 0;                 // the last 8 octets of names longer than 8
  std::size_t size = 0;
};
constexpr std::uint64_t word_of(std::string_view text) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    word |= std::uint64_t{static_cast<unsigned char>(text[i])}
            << (std::endian::native == std::endian::little ? 8 * i : 56 - 8 * i);
  return word;
}
constexpr std::array<NameKey, node_count> make_name_keys() {
  std::array<NameKey, node_count> keys{};
  for (std::size_t i = 0; i < node_count; ++i) {
    const std::string_view name = schema[i].name;
    keys[i].size = name.size();
    keys[i].head = word_of(name.substr(0, 8));
    keys[i].head_mask =
        word_of(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff").substr(0, std::min<std::size_t>(8, name.size())));
    if (name.size() > 8) keys[i].tail = word_of(name.substr(name.size() - 8));
  }
  return keys;
}
constexpr std::array<NameKey, node_count> name_keys = make_name_keys();

constexpr std::uint64_t eight_of(char c) { return 0x0101010101010101 * static_cast<unsigned char>(c); }

// How many of the octets of a text in a word lie before the first one that has a bit in `marks`.
constexpr std::size_t octets_before(std::uint64_t marks) {
  const int bits = std::endian::native == std::endian::little ? std::countr_zero(marks) : std::countl_zero(marks);
  return static_cast<std::size_t>(bits) / 8;
}
constexpr std::size_t spaces_in(std::uint64_t word) { return octets_before(word ^ eight_of(' ')); }

// Of the octets in the word, so many at least are plain from the first on. A subtraction sets the highest bit of each
// octet that is too small for it; a borrow may set it in a neighbour, too, which then counts as not plain.
constexpr std::size_t plain_in(std::uint64_t word) {
  constexpr std::uint64_t highest = 0x8080808080808080;
  const std::uint64_t controls = word - eight_of(' ');
  const std::uint64_t markups = (word ^ eight_of('<')) - eight_of(1);
  const std::uint64_t references = (word ^ eight_of('&')) - eight_of(1);
  return octets_before((word | controls | markups | references) & highest);
}

std::uint64_t load(const char* p) {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}

bool begins_with_long_name(const char* p, const char* end, Node node) {
  return std::string_view(p, static_cast<std::size_t>(end - p)).starts_with(row_of(node).name);
}

// The text at p begins with the node's name. Fewer than 24 octets before the end are compared the slow way.
inline bool begins_with(const char* p, const char* end, Node node) {
  constexpr std::size_t longest = 16;
  const NameKey& key = name_keys[index_of(node)];
  if (key.size > longest || end - p < 24) return begins_with_long_name(p, end, node);
  if ((load(p) & key.head_mask) != key.head) return false;
  return key.size <= 8 || load(p + key.size - 8) == key.tail;
}

// Text begins with the node's name and one of the bytes that end a name.
bool begins_with_name(std::string_view text, Node node) {
  const std::size_t size = name_keys[index_of(node)].size;
  if (text.size() <= size || !begins_with(text.data(), text.data() + text.size(), node)) return false;
  const char after = text[size];
  return after == '>' || after == '/' || is_xml_blank(after);
}

// Comments and instructions that hold anything but plain text are left to the other engine.
bool is_simple(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (class_of(c) & (control | marker)) == 0; });
}

}  // namespace

XmlScanner::Step XmlScanner::run(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  while (true) {
    while (p != end && is_xml_blank(*p)) {
      if (*p == '\n') ++at_.line;
      if (at_.phase == Phase::prolog) at_.has_prolog = true;
      ++p;
      for (std::size_t spaces = 8; spaces == 8 && end - p >= 8; p += spaces)
        spaces = spaces_in(load(p));  // indentation
    }
    const auto consumed = static_cast<std::size_t>(p - text.data());
    if (p == end) return {consumed, true};
    std::size_t size = 0;
    switch (token({p, static_cast<std::size_t>(end - p)}, size)) {
      case Outcome::taken:
        p += size;
        break;
      case Outcome::more:
        return {consumed, true};
      case Outcome::doubt:
        return {consumed, false};
    }
  }
}

XmlScanner::Outcome XmlScanner::token(std::string_view text, std::size_t& size) {
  if (text.front() != '<') return Outcome::doubt;
  if (text.size() < 2) return Outcome::more;
  switch (text[1]) {
    case '/':
      return at_.phase == Phase::inside ? end_tag(text, size) : Outcome::doubt;
    case '?':
      return instruction(text, size);
    case '!':
      return comment(text, size);
    default:
      return at_.phase == Phase::epilog ? Outcome::doubt : start_tag(text, size);
  }
}

XmlScanner::Outcome XmlScanner::instruction(std::string_view text, std::size_t& size) {
  const std::string_view head = text.substr(0, limits_.tag_bytes);
  const auto end = head.find("?>");
  if (end == std::string_view::npos) return head.size() < limits_.tag_bytes ? Outcome::more : Outcome::doubt;
  size = end + 2;
  if (!is_simple(text.substr(0, size))) return Outcome::doubt;
  if (at_.phase == Phase::epilog) return Outcome::doubt;  // another report may begin
  if (at_.phase == Phase::prolog) {
    const bool is_declaration = text.starts_with("<?xml") && is_xml_blank(text[5]);
    if (is_declaration && at_.has_prolog) builder_.defect("leading-blanks", "", at_.line);
    at_.has_prolog = true;
  }
  at_.line += count_lines(text.substr(0, size));
  return Outcome::taken;
}

XmlScanner::Outcome XmlScanner::comment(std::string_view text, std::size_t& size) {
  constexpr std::string_view opening = "<!--";
  if (!text.starts_with(opening.substr(0, text.size()))) return Outcome::doubt;
  const std::string_view head = text.substr(0, limits_.tag_bytes);
  const auto dashes = head.find("--", opening.size());
  if (dashes == std::string_view::npos || dashes + 2 == head.size())
    return head.size() < limits_.tag_bytes ? Outcome::more : Outcome::doubt;
  if (head[dashes + 2] != '>' || !is_simple(head.substr(0, dashes))) return Outcome::doubt;
  size = dashes + 3;
  at_.has_prolog = true;
  at_.line += count_lines(text.substr(0, size));
  return Outcome::taken;
}

XmlScanner::Outcome XmlScanner::end_tag(std::string_view text, std::size_t& size) {
  const std::string_view name = row_of(top()).name;
  if (text.size() < name.size() + 3) return Outcome::more;
  if (!begins_with(text.data() + 2, text.data() + text.size(), top()) || text[name.size() + 2] != '>')
    return Outcome::doubt;
  size = name.size() + 3;
  last_ = top();
  --at_.depth;
  builder_.close(last_ == Node::identities ? Node::identifiers : last_);
  if (at_.depth == 0) at_.phase = Phase::epilog;
  return Outcome::taken;
}

// The child of the open element that text (behind '<') begins with: most reports keep one order of elements, so the
// element after the last one is tried first.
Node XmlScanner::expect(std::string_view text) const {
  const ChildRange range = child_ranges[index_of(top())];
  const std::size_t hint = index_of(last_) + 1;
  const std::size_t start = hint >= range.first && hint < std::size_t{range.first} + range.count ? hint : range.first;
  for (std::size_t i = start; i < std::size_t{range.first} + range.count; ++i)
    if (begins_with_name(text, static_cast<Node>(i))) return static_cast<Node>(i);
  for (std::size_t i = range.first; i < start; ++i)
    if (begins_with_name(text, static_cast<Node>(i))) return static_cast<Node>(i);
  return Node::unknown;
}

XmlScanner::Outcome XmlScanner::start_tag(std::string_view text, std::size_t& size) {
  constexpr std::size_t longest_name = 24;  // of the schema, with a margin
  const Node node = expect(text.substr(1));
  if (node == Node::unknown) return text.size() < longest_name ? Outcome::more : Outcome::doubt;
  const std::size_t after_name = row_of(node).name.size() + 1;
  if (text[after_name] != '>') return tag_with_attributes(text, size);
  size = after_name + 1;
  lang_ = {};
  if (is_leaf(node)) return leaf_text(node, text, size);
  return open(node, {});
}

XmlScanner::Outcome XmlScanner::tag_with_attributes(std::string_view text, std::size_t& size) {
  const Tag tag = scan_start_tag(text.substr(0, limits_.tag_bytes));
  if (tag.found == Found::more) return text.size() < limits_.tag_bytes ? Outcome::more : Outcome::doubt;
  if (tag.found == Found::no) return Outcome::doubt;
  const Attributes attributes = parse_attributes(tag.attributes, tag.name);
  if (!attributes.is_good || !attributes.is_plain) return Outcome::doubt;
  const Node node = find_child(top(), tag.name);
  const std::uint32_t line = at_.line;
  at_.line += count_lines(text.substr(0, tag.size));
  size = tag.size;
  lang_ = attributes.lang;
  if (is_leaf(node) && !tag.is_empty) {
    const Outcome outcome = leaf_text(node, text, size);
    if (outcome != Outcome::taken) at_.line = line;
    return outcome;
  }
  if (is_leaf(node)) {
    builder_.leaf(node, {{}, lang_, at_.line});
    last_ = node;
    return Outcome::taken;
  }
  const Outcome outcome = open(node, attributes.xml_namespace);
  if (outcome != Outcome::taken || !tag.is_empty) return outcome;
  builder_.close(top() == Node::identities ? Node::identifiers : top());
  last_ = top();
  if (--at_.depth == 0) at_.phase = Phase::epilog;
  return Outcome::taken;
}

XmlScanner::Outcome XmlScanner::open(Node node, std::string_view xml_namespace) {
  at_.path[at_.depth++] = node;
  last_ = node;
  if (node == Node::feedback) {
    at_.phase = Phase::inside;
    builder_.root(xml_namespace, at_.line);
  }
  builder_.open(node, at_.line);
  return Outcome::taken;
}

// The text of a leaf from text[size] to its end tag, both in one piece.
XmlScanner::Outcome XmlScanner::leaf_text(Node node, std::string_view text, std::size_t& size) {
  const char* const begin = text.data() + size;
  const char* const end = text.data() + text.size();
  const char* p = begin;
  std::uint8_t kinds = 0;
  std::uint32_t lines = 0;
  while (p != end) {
    for (std::size_t length = 8; length == 8 && end - p >= 8; p += length) length = plain_in(load(p));
    if (p == end) break;
    const std::uint8_t kind = class_of(*p);
    if (kind == plain) {
      ++p;
      continue;
    }
    if (kind == markup) break;
    if (kind == control) return Outcome::doubt;
    if (kind == line_feed) ++lines;
    kinds = static_cast<std::uint8_t>(kinds | kind);
    ++p;
  }
  const auto length = static_cast<std::size_t>(p - begin);
  if (length > limits_.text_bytes) return Outcome::doubt;
  const std::string_view name = row_of(node).name;
  const auto rest = static_cast<std::size_t>(end - p);
  if (rest < name.size() + 3) return Outcome::more;
  if (p[1] != '/' || !begins_with(p + 2, end, node) || p[name.size() + 2] != '>') return Outcome::doubt;
  std::string_view content(begin, length);
  if ((kinds & marker) != 0 && content.find(guess_mark) != std::string_view::npos) return Outcome::doubt;
  if ((kinds & reference) != 0) {
    scratch_.clear();
    if (!decode_text(content, scratch_)) return Outcome::doubt;
    content = scratch_;
  }
  builder_.leaf(node, {content, lang_, at_.line});
  at_.line += lines;
  size += length + name.size() + 3;
  last_ = node;
  return Outcome::taken;
}

}  // namespace ruaudit::parser
