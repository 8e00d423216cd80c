// tls_failing: sessions that failed, how many and where, whether it is the owner's fault, and what to do.
#include <algorithm>
#include <charconv>
#include <optional>

#include "assess/findings/tls/cases.hpp"

namespace ruaudit::assess::tls {
namespace {

using model::DayOf;
using model::DnsRecordState;
using model::DnsRecordType;
using model::Finding;
using model::FindingKind;
using model::say;
using model::say_count;
using model::Sentence;
using model::Severity;
using model::ShareOf;

// Two others for whom all went well, with so many sessions, make it the fault of the one for whom it did not.
constexpr std::size_t least_others = 2;
constexpr std::int64_t least_sessions = 10;
constexpr int steady_days = 3;
constexpr std::size_t most_names = 8;

std::int64_t sum(const std::map<std::uint32_t, std::int64_t>& of) {
  std::int64_t total = 0;
  for (const auto& [key, value] : of) total += value;
  return total;
}

// "mx1.example (12), mx2.example (3)": the largest first.
template <class Key, class Name>
std::string list_of(const std::map<Key, std::int64_t>& of, const Name& name) {
  std::vector<std::pair<Key, std::int64_t>> items(of.begin(), of.end());
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), most_names); ++i) {
    const std::string called = name(items[i].first);
    if (called.empty()) continue;
    text += (text.empty() ? "" : ", ") + called + " (" + std::to_string(items[i].second) + ")";
  }
  if (items.size() > most_names) text += ", ...";
  return text;
}

// "10 mx1.example.org." by line, RFC 5321 section 5.1: the lowest preference comes first.
void add_hosts(const std::string& records, Published& published) {
  std::map<int, std::vector<std::string>> hosts;
  for (std::size_t at = 0; at < records.size();) {
    const auto end = std::min(records.find('\n', at), records.size());
    const std::string line = records.substr(at, end - at);
    at = end + 1;
    int preference = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), preference);
    auto begin = line.find_first_not_of(' ', static_cast<std::size_t>(read.ptr - line.data()));
    if (read.ec != std::errc() || begin == std::string::npos) continue;
    std::string host = line.substr(begin);
    if (host.ends_with('.')) host.pop_back();
    hosts[preference].push_back(std::move(host));
  }
  for (const auto& [preference, names] : hosts) {
    auto& list = preference == hosts.begin()->first ? published.first_hosts : published.other_hosts;
    list.insert(list.end(), names.begin(), names.end());
  }
}

class Judge {
 public:
  explicit Judge(const Situation& situation) : situation_(situation), facts_(*situation.tls) {}

  Finding judge(const Case& of) const {
    const auto& domain = facts_.domains[of.domain];
    const Published published = published_by(of);
    const std::string reporters = list_of(of.reporters, [&](std::uint32_t r) { return facts_.reporters[r]; });
    const Remedy remedy = remedy_of(of, domain, published, facts_.reporters[of.reporters.begin()->first]);
    const bool is_lone = is_lone_sender(of, published);
    Finding finding{.kind = FindingKind::tls_failing, .domain = domain};
    finding.id = "tls_failing/" + domain + "/" + of.result_type;
    finding.subject.mechanism = "tls";
    finding.since = of.first;
    finding.severity = is_lone ? Severity::info : severity_of(of, remedy, mode_of(published.policy));
    finding.evidence = evidence_of(of, published, reporters);
    finding.action = remedy.action;
    if (is_lone) {
      const auto& name = facts_.reporters[of.reporters.begin()->first];
      finding.id += "/" + name;
      finding.subject.reporter = name;
      finding.is_said_once = true;
      finding.action = say("Nothing to do: the fault is at {}, for all others TLS works", name);
    }
    return finding;
  }

 private:
  [[nodiscard]] Published published_by(const Case& of) const {
    Published published;
    for (const auto& record : situation_.facts->records)
      if (record.type == DnsRecordType::mx && record.name == facts_.domains[of.domain] && record.is_current)
        add_hosts(record.text, published);
    const model::TlsPolicySeen* last = nullptr;
    for (const auto& seen : facts_.policies) {
      if (seen.domain != of.domain || seen.day > of.last) continue;
      if (last != nullptr && last->lines != seen.lines && seen.day >= of.first - 2) {
        published.policy_before = last->lines;
        published.changed = seen.day;
      }
      last = &seen;
    }
    if (last != nullptr) published.policy = last->lines;
    return published;
  }

  // A backup host is tried by few: that it works for the others is not known.
  [[nodiscard]] static bool is_lone_sender(const Case& of, const Published& published) {
    if (of.reporters.size() != 1 || of.others.size() < least_others || sum(of.others) < least_sessions) return false;
    if (!hosts_outside_policy(of, published.policy).empty()) return false;
    return std::none_of(published.other_hosts.begin(), published.other_hosts.end(),
                        [&](const auto& host) { return of.hosts.contains(host); });
  }

  [[nodiscard]] static Severity severity_of(const Case& of, const Remedy& remedy, const std::string& mode) {
    const bool is_large = of.failed * 20 >= of.total;
    const bool is_steady = of.days >= steady_days;
    if (remedy.fault == Fault::unclear)
      return is_large && (is_steady || of.failed * 2 >= of.total) ? Severity::ask : Severity::watch;
    if (!is_large) return is_steady ? Severity::ask : Severity::watch;
    // RFC 8461 section 5: in testing mode, and without a policy, mail is delivered all the same.
    const bool is_dane = of.result_type == "tlsa-invalid" || of.result_type == "dnssec-invalid";
    return !is_dane && (mode == "testing" || mode == "none") ? Severity::ask : Severity::fix;
  }

  [[nodiscard]] std::vector<Sentence> evidence_of(const Case& of, const Published& published,
                                                  const std::string& reporters) const {
    std::vector<Sentence> evidence;
    const ShareOf share{of.failed, of.total};
    if (of.days == 1)
      evidence.push_back(say("{} of {} TLS sessions ({}) failed on one day, {}: {}", of.failed, of.total, share,
                             DayOf{of.last}, of.result_type));
    else
      evidence.push_back(say("{} of {} TLS sessions ({}) failed on {} days from {} to {}: {}", of.failed, of.total,
                             share, of.days, DayOf{of.first}, DayOf{of.last}, of.result_type));
    if (const auto hosts = list_of(of.hosts, [](const std::string& host) { return host; }); !hosts.empty())
      evidence.push_back(say("at the hosts: {}", hosts));
    evidence.push_back(say("as reported by: {}", reporters));
    if (!of.others.empty())
      evidence.push_back(say_count("{} other reporter had no such failure in {} sessions",
                                   "{} other reporters had no such failure in {} sessions",
                                   static_cast<std::int64_t>(of.others.size()), sum(of.others)));
    add_policy(evidence, of, published);
    evidence.push_back(
        say("'ruaudit check {}' shows its MTA-STS, TLS-RPT and DANE records of today", facts_.domains[of.domain]));
    return evidence;
  }

  static void add_policy(std::vector<Sentence>& evidence, const Case& of, const Published& published) {
    if (published.changed != 0)
      evidence.push_back(say("the MTA-STS policy that senders saw changed on {}: \"{}\" before, \"{}\" since",
                             DayOf{published.changed}, in_one_line(published.policy_before),
                             in_one_line(published.policy)));
    for (const auto& host : hosts_outside_policy(of, published.policy))
      evidence.push_back(say("the policy does not name {}", host));
    const auto mode = mode_of(published.policy);
    if (mode == "enforce")
      evidence.push_back(say("the MTA-STS policy says enforce: mail whose session fails is not delivered"));
    else if (!mode.empty())
      evidence.push_back(say("the MTA-STS policy says {}: mail is delivered all the same", mode));
  }

  static std::string in_one_line(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "; ") + line;
    return text.substr(0, 400);
  }

  const Situation& situation_;
  const model::TlsFacts& facts_;
};

}  // namespace

std::vector<Finding> failing(const Situation& situation, const Belief& belief) {
  const Judge judge(situation);
  std::vector<Finding> findings;
  for (const Case& one : open_cases(situation, belief)) findings.push_back(judge.judge(one));
  return findings;
}

}  // namespace ruaudit::assess::tls
