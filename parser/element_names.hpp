// Names of elements as people and broken generators write them: letter case aside, with one letter wrong, in a place
// where only one element of the schema can be meant. Pure functions over ASCII names (aggregate_schema.hpp).
#pragma once
#include <string_view>

#include "parser/aggregate_schema.hpp"

namespace ruaudit::parser {

// Equal without letter case (ASCII).
bool same_name(std::string_view a, std::string_view b);

// Equal without letter case but for one letter too many, too few, replaced, or two swapped. Names under four letters
// have no neighbours, and a plural is a word of its own.
bool is_misspelt(std::string_view name, std::string_view right);

// The child of parent with this local name, letter case aside; Node::unknown when there is none.
Node find_child_folded(Node parent, std::string_view name);

// The only child of parent of which name is a misspelling; Node::unknown when there is none or more than one.
Node find_child_misspelt(Node parent, std::string_view name);

// The leaf that name means where the element between parent and it is missing: the only grandchild of that name, not
// one of the repeated items (dkim, spf, reason), whose texts belong to one item. Node::unknown when there is none.
Node find_grandchild(Node parent, std::string_view name);

// True for a leaf that means the same wherever in its record or header it stands.
bool may_be_misplaced(Node leaf);

}  // namespace ruaudit::parser
