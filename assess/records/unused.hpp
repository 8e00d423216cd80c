// Terms of an SPF record that no reported sender needed: the tree of the record and the terms that let senders pass
// enter, one info each leaves. Pure.
#pragma once
#include <span>
#include <string>

#include "assess/records/finding.hpp"

namespace ruaudit::assess::records {

struct TermUse {
  std::span<const std::string> used_terms;  // as written in the record
  std::int64_t days = 0;                    // of reports that say so
};
// Only terms that can give a pass. Nothing below `least_days`: who sends once a month is not there yet.
inline constexpr std::int64_t least_days = 30;
[[nodiscard]] Findings unused_terms(const model::records::SpfTree& tree, const TermUse& use);

}  // namespace ruaudit::assess::records
