// What is wrong with an SPF record and those it leads to: the rules over the tree (RFC 7208). Used by check_spf().
#pragma once
#include <string>

#include "assess/records/finding.hpp"
#include "assess/records/spf/tree.hpp"

namespace ruaudit::assess::records {

// The name is `domain`, lies below it, or below the parent that both share with it.
[[nodiscard]] bool is_own_name(std::string_view name, std::string_view domain);

[[nodiscard]] Findings spf_findings(const Branch& root, const std::string& domain, Answers& answers);

// Terms of one record that say again what another says: by index, with the index of the other.
struct Repetition {
  std::size_t term = 0, of = 0;
  bool is_same = true;  // false: a network inside another
};
[[nodiscard]] std::vector<Repetition> repetitions(const Branch& branch);

[[nodiscard]] bool uses_reverse_name(const SpfPart& part);  // ptr or %{p}
// The term lets everybody pass: +all, a network of length 0, exists of a name that resolves, or a record that does.
[[nodiscard]] bool lets_everybody_pass(const SpfLeaf& leaf);
[[nodiscard]] bool is_constant_exists(const SpfLeaf& leaf);

}  // namespace ruaudit::assess::records
