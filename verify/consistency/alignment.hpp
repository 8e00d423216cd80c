// Three-valued identifier alignment without DNS: two names and the published rules enter, aligned, not_aligned or
// undecidable leaves. RFC 7489 section 3.1 decides by the public suffix list; RFC 9989 section 4.10.2 by a tree walk,
// of which a report tells only the policy domain. Pure functions over facts that PublicSuffixList gave once per name.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/auth_result.hpp"
#include "model/record_check.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::verify::consistency {

// A domain name and its Organizational Domain under both readings of the list. Both lie at the end of the name, so
// that they are kept as offsets. An unusable name (empty, a list, an address, not a host name) has is_usable false.
struct NameFacts {
  static constexpr std::size_t none = std::string::npos;
  std::string text;  // lower-case A-labels
  std::size_t organizational_at = none;
  std::size_t icann_at = none;
  bool is_usable = false;

  [[nodiscard]] std::string_view organizational() const { return std::string_view(text).substr(organizational_at); }
  [[nodiscard]] std::string_view icann() const { return std::string_view(text).substr(icann_at); }
};

NameFacts name_facts(std::string_view raw, const suffix::PublicSuffixList& list);

struct AlignmentRules {
  std::optional<model::AlignmentMode> mode;  // absent means relaxed
  std::optional<model::DiscoveryMethod> method;
  NameFacts policy_domain;
};

// `by_rule` is the answer to store: by the list where the method is psl, absent or unknown, else by what a tree walk
// can be assumed to have found. `in_every_reading` is aligned or not_aligned only where all readings of the method, the
// mode and the list's private rules agree.
struct AlignmentAnswer {
  model::Alignment by_rule = model::Alignment::undecidable;
  model::Alignment in_every_reading = model::Alignment::undecidable;
  bool operator==(const AlignmentAnswer&) const = default;
};

AlignmentAnswer align(const NameFacts& identifier, const NameFacts& header_from, const AlignmentRules& rules);

}  // namespace ruaudit::verify::consistency
