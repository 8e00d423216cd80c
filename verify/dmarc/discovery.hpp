// Where a domain's DMARC policy and its Organizational Domain are found: by the DNS Tree Walk (RFC 9989 sections 4.10,
// 4.10.1, 4.10.2; at most eight queries a domain) or by the Public Suffix List (RFC 7489 sections 3.2 and 6.6.3).
// Domains enter, records, names and the trace of queries leave. Each name is asked once per Finder; after the first
// name of a walk the others are asked together, and what lies past the walk's end is not looked at. For one thread.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/domain.hpp"
#include "verify/dmarc/record.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::verify::dmarc {

struct DiscoveryStep {
  std::string name{};  // as queried: "_dmarc.example.com"
  dns::Status status = dns::Status::other;
  std::vector<std::string> records{};  // texts that are DMARC records
  std::string outcome{};               // for people
};

struct FoundRecord {
  model::Domain domain;
  Record record;
};

struct Walk {
  std::vector<DiscoveryStep> steps{};
  std::vector<FoundRecord> records{};  // longest name first
  bool has_dns_error = false;          // the last step's query failed: what lies above is not known
};

struct Discovery {
  std::vector<DiscoveryStep> steps{};
  std::optional<FoundRecord> policy{};                   // nothing: no record applies, unless has_dns_error
  std::optional<model::Domain> organizational_domain{};  // nothing: DNS did not tell
  bool has_dns_error = false;                            // the policy could not be determined
};

// The names a walk from `start` asks for, without "_dmarc.": start itself, then its ancestors, the first of them with
// at most seven labels. RFC 9989 section 4.10 steps 3, 4 and 7
[[nodiscard]] std::vector<model::Domain> walk_targets(const model::Domain& start);

class Finder {
 public:
  // `list` is needed for RFC 7489 only. Both must outlive the Finder.
  Finder(dns::Resolver& resolver, Rules rules, const suffix::PublicSuffixList* list)
      : resolver_(resolver), rules_(rules), list_(list) {}

  // RFC 9989 section 4.10, the generic steps.
  [[nodiscard]] Walk walk(const model::Domain& start);
  // Nothing when a query that could decide it failed.
  [[nodiscard]] std::optional<model::Domain> organizational_domain(const model::Domain& domain);
  [[nodiscard]] Discovery discover(const model::Domain& author);
  // Asks everything that the walks of these domains can need, at once.
  void prefetch(std::span<const model::Domain> domains);

 private:
  struct LookUp {
    dns::Status status = dns::Status::other;
    std::vector<std::string> records{};
  };
  const LookUp& look_up(const model::Domain& domain);
  void ask(const std::vector<dns::Question>& questions);
  DiscoveryStep step(const model::Domain& domain);
  [[nodiscard]] Discovery discover_by_walk(const model::Domain& author);
  [[nodiscard]] Discovery discover_by_list(const model::Domain& author);

  dns::Resolver& resolver_;
  Rules rules_;
  const suffix::PublicSuffixList* list_;
  std::unordered_map<std::string, LookUp> look_ups_;
};

}  // namespace ruaudit::verify::dmarc
