// What changed in the owner's DNS: changes of SPF, DMARC and MX as findings, and the change that explains why a sender
// broke. A change is known from the states that the nightly snapshots keep; the first state of a name is none.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "assess/findings/changes.hpp"
#include "assess/findings/situation.hpp"
#include "model/finding.hpp"

namespace ruaudit::assess {

// What a DMARC record asks for; empty where it is none.
struct Wish {
  std::string p, sp, np, pct, adkim, aspf, testing;
  bool operator==(const Wish&) const = default;
};
std::optional<Wish> wish_of(const std::string& record);
// Where a DMARC record asks reports to be sent, in lower case and without the size that each may have.
std::set<std::string> report_addresses(const std::string& record);
// Those of the owner's configured addresses at which a DMARC record asks for reports, in lower case.
std::set<std::string> own_addresses_in(const Situation& situation, const std::string& record);
// 0 none, 1 quarantine, 2 reject.
int strictness(const std::string& policy);

// Spans in which the domain's policy was stricter than before its first day; open ones end with the largest day.
struct Raise {
  Day first = 0, last = 0;
  std::string tag{};  // p, sp or np; p, too, where t=y was taken away or pct raised
  bool is_for_domain = true, is_for_names_below = true;
  // Mail whose Author Domain a reporter leaves out may be governed.
  [[nodiscard]] bool governs(const std::string& header_from, const std::string& domain) const {
    if (header_from.empty()) return true;
    return header_from == domain ? is_for_domain : is_for_names_below;
  }
};
std::vector<Raise> policy_raises(const Situation& situation, const std::string& domain);

std::vector<model::Finding> record_findings(const Situation& situation);

}  // namespace ruaudit::assess
