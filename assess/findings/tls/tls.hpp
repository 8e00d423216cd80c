// What SMTP TLS reports (RFC 8460) say of the owner's mail hosts, records and policy, and of those who report. The
// rules are in docs/findings.md.
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

// What no RFC calls a failure, or what a report gives no word for.
inline constexpr std::string_view unknown_type = "unknown";

// Failures of one result type for one domain, in the stretch of days that is not over yet.
struct Case {
  std::uint32_t domain = 0;
  std::string result_type;                          // of RFC 8460 section 4.3, or "unknown": all the others together
  std::set<std::string> words;                      // what they are called where it is unknown
  Day first = 0, last = 0;                          // days on which it failed
  int days = 0;                                     // of these
  std::map<std::uint32_t, std::int64_t> reporters;  // sessions that failed
  std::map<std::string, std::int64_t> hosts;        // "" where it is not told
  std::int64_t failed = 0, total = 0;  // sessions on these days, of all that would have failed if it were general
  // Of those that failed with a number of successes, and of the total: what the surest reports with a failure say.
  std::int64_t sure_failed = 0, sure_total = 0;
  std::int64_t unproven = 0;          // of `failed`, told by reports whose sender was not proved
  std::int64_t alone = 0;             // of `failed`, told by reports that do not say how many succeeded; not in `total`
  std::set<Day> alone_days;           // on which these failed
  std::set<std::uint32_t> otherwise;  // reporters for whom something else failed in this stretch, and not this
  // Reporters for whom nothing failed in this stretch, and their successful sessions: all, and those proved.
  std::map<std::uint32_t, std::int64_t> others, proven_others;
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
  [[nodiscard]] bool knows_hosts() const { return !first_hosts.empty() || !other_hosts.empty(); }
  [[nodiscard]] bool has_host(const std::string& host) const;  // or one that fits the pattern
};
// `reporters`: names of those that tell of the case.
Remedy remedy_of(const Case& of, const std::string& domain, const Published& published,
                 const model::Sentence& reporters);
// At most so many octets of a text, never half a UTF-8 character.
std::string front_of(const std::string& text, std::size_t most);
// The hosts of the case that the policy does not allow (RFC 8461 section 4.1).
std::vector<std::string> hosts_outside_policy(const Case& of, const std::vector<std::string>& policy);
// "enforce", "testing", "none", or whatever the policy says; empty: not known.
std::string mode_of(const std::vector<std::string>& policy);
// Result types that are about DANE alone, whatever the MTA-STS policy says.
bool is_about_dane(const std::string& result_type);
// "tls-broken, no-cipher, ...": what the failures are called where it is not a word of RFC 8460.
std::string words_of(const Case& of);

// Is it a domain that the owner names as his; is it one, or below one: where he names none, each is.
bool is_named(const Situation& situation, const std::string& domain);
bool is_owned(const Situation& situation, const std::string& domain);

std::vector<model::Finding> failing(const Situation& situation, const Belief& belief);
std::vector<model::Finding> silent(const Situation& situation, const Belief& belief);

}  // namespace tls
}  // namespace ruaudit::assess
