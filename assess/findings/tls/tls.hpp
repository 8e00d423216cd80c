// What SMTP TLS reports (RFC 8460) say of the owner's mail hosts, records and policy, and of those who report. The
// rules stand in docs/findings.md.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "assess/findings/situation.hpp"
#include "model/finding.hpp"

namespace ruaudit::assess {

std::vector<model::Finding> tls_findings(const Situation& situation);

namespace tls {

// Is this one left out because it does not prove where it comes from, while most others do?
class Belief {
 public:
  explicit Belief(const model::TlsFacts& facts);
  [[nodiscard]] bool takes(model::ReportTrust trust) const {
    return trust != model::ReportTrust::unauthenticated || !disbelieves_unproven_;
  }

 private:
  bool disbelieves_unproven_ = false;
};

// Failures of one result type for one domain, in the stretch of days that is not over yet.
struct Case {
  std::uint32_t domain = 0;
  std::string result_type;
  Day first = 0, last = 0;                          // days on which it failed
  int days = 0;                                     // of these
  std::map<std::uint32_t, std::int64_t> reporters;  // sessions that failed
  std::map<std::string, std::int64_t> hosts;        // "" where it is not told
  std::int64_t failed = 0, total = 0;  // sessions on these days, of all that would have failed if it were general
  std::map<std::uint32_t, std::int64_t> others;  // reporters without it, and their successful sessions
};

// What a case is called by, and what to do.
enum class Fault : std::uint8_t { host, policy, domain, unclear };
struct Remedy {
  Fault fault = Fault::unclear;
  model::Sentence action;
};
// What the owner publishes, as far as it is known.
struct Published {
  std::vector<std::string> first_hosts, other_hosts;  // MX by preference: the lowest, the rest
  std::vector<std::string> policy;                    // lines of the MTA-STS policy that was seen last
  std::vector<std::string> policy_before;             // of the one before, where it changed in the stretch
  Day changed = 0;
};
Remedy remedy_of(const Case& of, const std::string& domain, const Published& published, const std::string& reporters);
// The hosts of the case that the policy does not allow (RFC 8461 section 4.1).
std::vector<std::string> hosts_outside_policy(const Case& of, const std::vector<std::string>& policy);
// "enforce", "testing", "none"; empty: not known.
std::string mode_of(const std::vector<std::string>& policy);

std::vector<model::Finding> failing(const Situation& situation, const Belief& belief);
std::vector<model::Finding> silent(const Situation& situation, const Belief& belief);

}  // namespace tls
}  // namespace ruaudit::assess
