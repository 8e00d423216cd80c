// Which DMARC policy applies to an author's domain under the change, and which identifiers align with it: for receivers
// of RFC 9989 by the tree walk, for those of RFC 7489 by the public suffix list. Each name is asked once. What the
// change does not reach keeps the policy that the report tells.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assess/simulate/decide.hpp"
#include "jobs/simulate/overlay.hpp"
#include "model/replay.hpp"
#include "verify/consistency/alignment.hpp"
#include "verify/dmarc/discovery.hpp"

namespace ruaudit::jobs {

struct PolicyPlan {
  model::Domain domain;              // whose DMARC record changes
  std::optional<std::string> dmarc;  // its text; nothing: the record stays
};

class PolicyReplay {
 public:
  PolicyReplay(PolicyPlan plan, Overlay& dns, const verify::suffix::PublicSuffixList& list);

  // Asks in parallel what the policies of these authors need, and whether these names exist.
  void prefetch(const std::vector<std::string>& header_froms, const std::vector<std::string>& names);
  // The published policy of a row depends on whether the author's domain exists (RFC 9989 section 4.7, np).
  static bool asks_existence(const std::string& header_from, const std::string& policy_domain,
                             const model::ReplayPolicy& published);

  // Of a row with this header_from, policy domain and published policy.
  assess::simulate::Policy policy(const std::string& header_from, const std::string& policy_domain,
                                  const model::ReplayPolicy& published);
  assess::simulate::Aligned aligned(const std::string& identifier, const std::string& header_from,
                                    const std::string& policy_domain, bool is_rfc9990);

 private:
  struct Found {  // of one author, by the rules of one RFC
    bool is_of_change = false, is_absent = false, is_unknown = false;
    verify::dmarc::Record record{};
    model::Domain author, policy_domain;
  };
  const Found& found(const model::Domain& author, bool is_rfc9990);
  // Nothing: DNS did not tell.
  [[nodiscard]] std::optional<bool> is_missing(const std::string& name);
  [[nodiscard]] assess::simulate::Policy as_published(const std::string& header_from, const std::string& policy_domain,
                                                      const model::ReplayPolicy& published);
  struct Chosen {
    model::Policy policy = model::Policy::none;
    bool is_known = true;
  };
  [[nodiscard]] Chosen chosen(const Found& found, bool with_np);
  const verify::consistency::NameFacts& facts(const std::string& name);
  std::optional<bool> aligned_by_walk(const model::Domain& identifier, const model::Domain& author);

  PolicyPlan plan_;
  Overlay& dns_;
  const verify::suffix::PublicSuffixList& list_;
  verify::dmarc::Finder walk_, listed_;
  std::map<std::pair<std::string, bool>, Found> found_;
  std::map<std::string, std::optional<bool>> missing_;
  std::map<std::string, verify::consistency::NameFacts> facts_;
  std::map<std::string, std::optional<model::Domain>> organizations_;
};

}  // namespace ruaudit::jobs
