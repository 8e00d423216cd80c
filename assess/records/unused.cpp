#include "assess/records/unused.hpp"

#include <algorithm>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

bool can_pass(std::string_view term) {
  const auto word = ascii::lower(term);
  return word.find_first_of("-~?") != 0 && !word.starts_with("redirect=") && !word.starts_with("exp=") &&
         word.substr(word.starts_with('+') ? 1 : 0) != "all" && word.find('=') == std::string::npos;
}

}  // namespace

Findings unused_terms(const model::records::SpfTree& tree, const TermUse& use) {
  Findings findings;
  if (use.days < least_days) return findings;
  for (const auto& term : tree.root.terms) {
    const bool is_used = std::any_of(use.used_terms.begin(), use.used_terms.end(),
                                     [&](const std::string& used) { return ascii::equal_folded(used, term.term); });
    if (is_used || !can_pass(term.term)) continue;
    const auto at = tree.root.record.find(term.term);
    if (at == std::string::npos) continue;
    findings.push_back(found("spf-term-unused", at_part(tree.root.domain, tree.root.record, at, term.term.size()),
                             "on " + std::to_string(use.days) + " days with reports"));
  }
  return findings;
}

}  // namespace ruaudit::assess::records
