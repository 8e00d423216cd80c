#include "parser/element_names.hpp"

#include <algorithm>

#include "model/ascii.hpp"

namespace ruaudit::parser {
namespace {

// What is left of both names when their common beginning and end are taken off.
struct Difference {
  std::string_view a, b;
};
Difference difference(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty() && ascii::lower(a.front()) == ascii::lower(b.front())) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && ascii::lower(a.back()) == ascii::lower(b.back())) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  return {a, b};
}

template <class Matches>
Node only_child(Node parent, Matches matches) {
  const ChildRange range = child_ranges[index_of(parent)];
  Node found = Node::unknown;
  for (std::size_t i = range.first; i < std::size_t{range.first} + range.count; ++i) {
    if (!matches(schema[i].name)) continue;
    if (found != Node::unknown) return Node::unknown;
    found = schema[i].node;
  }
  return found;
}

bool is_item(Node node) { return node == Node::dkim || node == Node::spf || node == Node::reason; }

}  // namespace

bool same_name(std::string_view a, std::string_view b) { return ascii::equal_folded(a, b); }

bool is_misspelt(std::string_view name, std::string_view right) {
  constexpr std::size_t shortest = 4, longest = 32;
  if (right.size() < shortest || name.size() > longest) return false;
  const auto [a, b] = difference(name, right);
  if (a.size() + b.size() == 1) return a.empty() || name.size() < right.size() || ascii::lower(name.back()) != 's';
  if (a.size() == 1 && b.size() == 1) return true;
  return a.size() == 2 && b.size() == 2 && ascii::lower(a[0]) == ascii::lower(b[1]) &&
         ascii::lower(a[1]) == ascii::lower(b[0]);
}

Node find_child_folded(Node parent, std::string_view name) {
  if (const Node exact = find_child(parent, name); exact != Node::unknown) return exact;
  return only_child(parent, [&](std::string_view right) { return same_name(name, right); });
}

Node find_child_misspelt(Node parent, std::string_view name) {
  return only_child(parent, [&](std::string_view right) { return is_misspelt(name, right); });
}

Node find_grandchild(Node parent, std::string_view name) {
  const ChildRange range = child_ranges[index_of(parent)];
  Node found = Node::unknown;
  for (std::size_t i = range.first; i < std::size_t{range.first} + range.count; ++i) {
    if (schema[i].kind == NodeKind::leaf || is_item(schema[i].node) || schema[i].node == Node::identities) continue;
    const Node node = find_child_folded(schema[i].node, name);
    if (node == Node::unknown) continue;
    if (found != Node::unknown) return Node::unknown;
    found = node;
  }
  return found;
}

bool may_be_misplaced(Node leaf) { return is_leaf(leaf) && !is_item(row_of(leaf).parent); }

}  // namespace ruaudit::parser
