#include "verify/consistency/alignment.hpp"

#include <algorithm>

#include "model/domain.hpp"

namespace ruaudit::verify::consistency {
namespace {

using model::Alignment;
using model::AlignmentMode;
using model::DiscoveryMethod;

// Domain::parse takes whatever DNS can hold; a list ("a.example,b.example") or an address is no single name.
bool is_host_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

bool is_at_or_below(const NameFacts& name, const NameFacts& other) {
  const std::string_view text = name.text;
  if (text.size() <= other.text.size()) return text == other.text;
  return text.ends_with(other.text) && text[text.size() - other.text.size() - 1] == '.';
}

Alignment both(Alignment a, Alignment b) { return a == b ? a : Alignment::undecidable; }

// RFC 7489 section 3.1.1: equal Organizational Domains. A name without one (a public suffix, a single label) depends
// on the list of the day.
Alignment by_list(const NameFacts& a, const NameFacts& b) {
  if (a.organizational_at == NameFacts::none || b.organizational_at == NameFacts::none) return Alignment::undecidable;
  return a.organizational() == b.organizational() ? Alignment::aligned : Alignment::not_aligned;
}

Alignment by_icann_list(const NameFacts& a, const NameFacts& b) {
  if (a.icann_at == NameFacts::none || b.icann_at == NameFacts::none) return Alignment::undecidable;
  return a.icann() == b.icann() ? Alignment::aligned : Alignment::not_aligned;
}

// RFC 9989 section 4.10.2, with the policy domain as the only witness of what the walk met.
Alignment by_tree_walk(const NameFacts& identifier, const NameFacts& from, const NameFacts& policy) {
  const bool from_below = policy.is_usable && is_at_or_below(from, policy);
  const bool identifier_below = policy.is_usable && is_at_or_below(identifier, policy);
  // Assumed: only a record with psd=n between the two would say otherwise, and no report tells of it.
  if (from_below && identifier_below) return Alignment::aligned;
  // The record was not at the Author Domain, so it is its Organizational Domain's (or lies above that): an identifier
  // outside of it has another one.
  if (from_below && from.text != policy.text) return Alignment::not_aligned;
  // What they share is at most an ICANN suffix. Its record carries psd=y, so that it is nobody's Organizational Domain.
  if (by_icann_list(identifier, from) == Alignment::not_aligned) return Alignment::not_aligned;
  return Alignment::undecidable;  // a record may or may not stand above both
}

AlignmentAnswer relaxed(const NameFacts& identifier, const NameFacts& from, const AlignmentRules& rules) {
  const auto walked = by_tree_walk(identifier, from, rules.policy_domain);
  if (rules.method == DiscoveryMethod::treewalk) return {walked, walked};
  const auto listed = by_list(identifier, from);
  const auto both_lists = both(listed, by_icann_list(identifier, from));
  if (rules.method == DiscoveryMethod::psl) return {listed, both_lists};
  return {listed, both(both_lists, walked)};
}

}  // namespace

NameFacts name_facts(std::string_view raw, const suffix::PublicSuffixList& list) {
  NameFacts facts;
  auto name = model::Domain::parse(raw);
  if (!name || !is_host_name(name->text())) return facts;
  facts.text = name->text();
  facts.is_usable = true;
  const auto start_of = [&](suffix::Sections sections) {
    const auto organizational = list.registrable_domain(*name, sections);
    return organizational ? facts.text.size() - organizational->text().size() : NameFacts::none;
  };
  facts.organizational_at = start_of(suffix::Sections::all);
  facts.icann_at = start_of(suffix::Sections::icann);
  return facts;
}

AlignmentAnswer align(const NameFacts& identifier, const NameFacts& header_from, const AlignmentRules& rules) {
  if (!identifier.is_usable || !header_from.is_usable) return {};
  // RFC 7489 section 3.1, RFC 9989 section 4.4: identical names align in either mode, whatever the method.
  if (identifier.text == header_from.text) return {Alignment::aligned, Alignment::aligned};
  if (rules.mode == AlignmentMode::s) return {Alignment::not_aligned, Alignment::not_aligned};
  const auto answer = relaxed(identifier, header_from, rules);
  if (rules.mode != AlignmentMode::unknown) return answer;
  // An unknown mode may be strict: not_aligned under relaxed is not_aligned under both.
  return {both(answer.by_rule, Alignment::not_aligned), both(answer.in_every_reading, Alignment::not_aligned)};
}

}  // namespace ruaudit::verify::consistency
