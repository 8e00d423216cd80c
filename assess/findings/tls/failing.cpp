// tls_failing: sessions that failed, how many and where, whether it is the owner's fault, and what to do.
#include <algorithm>
#include <charconv>
#include <optional>

#include "assess/domain_text.hpp"
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

// If everything succeeded for two others, with this many sessions, the fault is with the one for whom it did not.
constexpr std::size_t least_others = 2;
constexpr std::int64_t least_sessions = 10;
constexpr int steady_days = 3;
constexpr std::int64_t background_part = 500;  // fewer than one of so many sessions
constexpr std::size_t most_names = 8, most_name_octets = 100;
constexpr std::int64_t most_sum = 1'000'000'000'000'000'000;

std::int64_t sum(const std::map<std::uint32_t, std::int64_t>& of) {
  std::int64_t total = 0;
  for (const auto& [key, value] : of) total = std::min(total + value, most_sum);
  return total;
}

template <class Key>
std::vector<std::pair<Key, std::int64_t>> largest_first(const std::map<Key, std::int64_t>& of) {
  std::vector<std::pair<Key, std::int64_t>> items(of.begin(), of.end());
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return items;
}

// "mx1.example (12), mx2.example (3)"
template <class Key, class Name>
std::string list_of(const std::map<Key, std::int64_t>& of, const Name& name) {
  const auto items = largest_first(of);
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), most_names); ++i) {
    const std::string called = name(items[i].first);
    if (called.empty()) continue;
    text +=
        (text.empty() ? "" : ", ") + front_of(called, most_name_octets) + " (" + std::to_string(items[i].second) + ")";
  }
  if (items.size() > most_names) text += ", ...";
  return text;
}

// Who reports the case, as part of a sentence: "a", "a, b and c", "a, b and 7 others"
Sentence names_of(const std::map<std::uint32_t, std::int64_t>& of, const std::vector<std::string>& names) {
  constexpr std::size_t most = 4;
  const auto items = largest_first(of);
  const auto shown = items.size() > most ? most - 1 : items.size();
  const auto called = [&](std::size_t i) { return front_of(names[items[i].first], most_name_octets); };
  std::string text = called(0);
  const bool has_others = items.size() > shown;
  for (std::size_t i = 1; i < shown - (has_others ? 0 : 1); ++i) text += ", " + called(i);
  if (has_others)
    return say_count("{1} and {0} other", "{1} and {0} others", static_cast<std::int64_t>(items.size() - shown), text);
  return items.size() == 1 ? Sentence(text) : say("{} and {}", text, called(shown - 1));
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
  explicit Judge(const Situation& situation) : situation_(situation), facts_(*situation.tls) {
    // Where proved reports tell of a policy, what others tell of one counts for nothing.
    std::set<std::uint32_t> proven;
    for (const auto& seen : facts_.policies)
      if (seen.trust == model::ReportTrust::authenticated) proven.insert(seen.domain);
    for (const auto& seen : facts_.policies)
      if (seen.trust == model::ReportTrust::authenticated || !proven.contains(seen.domain))
        policies_[seen.domain][seen.day].push_back(&seen.lines);
  }

  Finding judge(const Case& of) const {
    const auto& domain = facts_.domains[of.domain];
    const auto first = of.reporters.begin()->first;
    const Published published = published_by(of);
    const auto name_of = [&](std::uint32_t reporter) { return facts_.reporters[reporter]; };
    const std::string reporters = list_of(of.reporters, name_of);
    const Remedy remedy = remedy_of(of, domain, published, names_of(of.reporters, facts_.reporters));
    Finding finding{.kind = FindingKind::tls_failing, .domain = domain};
    finding.id = "tls_failing/" + domain + "/" + of.result_type;
    finding.subject.mechanism = "tls";
    finding.since = of.first;
    finding.severity = severity_of(of, remedy, mode_of(published.policy));
    finding.evidence = evidence_of(of, published, reporters);
    finding.action = remedy.action;
    if (is_lone_sender(of, published, of.others))
      blame(finding, first, is_lone_sender(of, published, of.proven_others));
    return finding;
  }

 private:
  // Only reports whose sender is proved say that there is nothing to do.
  void blame(Finding& finding, std::uint32_t reporter, bool is_proven) const {
    const auto& name = facts_.reporters[reporter];
    finding.id += "/" + facts_.reporter_keys[reporter];
    finding.subject.reporter = name;
    if (!is_proven) {
      finding.action =
          say("Probably the fault of {}: TLS works for others, according to reports that do not prove where they come "
              "from. If it continues: {}",
              name, std::move(finding.action));
      return;
    }
    finding.severity = Severity::info;
    finding.is_said_once = true;
    finding.action = say("Nothing to do: the fault is at {}; TLS works for all others", name);
  }

  using Lines = std::vector<std::string>;
  using SeenOn = std::map<Day, std::vector<const Lines*>>;

  // Where several were seen on one day, the one that harms most counts.
  static const Lines& strictest(const std::vector<const Lines*>& seen) {
    const auto strictness = [](const Lines* lines) {
      const auto mode = mode_of(*lines);
      return mode == "enforce" ? 3 : mode == "testing" ? 2 : mode == "none" ? 1 : 0;
    };
    return **std::max_element(seen.begin(), seen.end(),
                              [&](const auto* a, const auto* b) { return strictness(a) < strictness(b); });
  }
  static bool has(const std::vector<const Lines*>& seen, const Lines& lines) {
    return std::any_of(seen.begin(), seen.end(), [&](const auto* one) { return *one == lines; });
  }

  // The policy of the last day, since when it is seen, and the one before, unless that is still seen, too.
  void add_seen(Published& published, const Case& of) const {
    const auto found = policies_.find(of.domain);
    if (found == policies_.end()) return;
    const SeenOn& days = found->second;
    const auto end = days.upper_bound(of.last);
    if (end == days.begin()) return;
    const auto last = std::prev(end);
    published.policy = strictest(last->second);
    auto since = last;
    while (since != days.begin() && has(std::prev(since)->second, published.policy)) --since;
    if (since == days.begin() || since->first < of.first - 2) return;
    const Lines& before = strictest(std::prev(since)->second);
    if (has(last->second, before)) return;
    published.policy_before = before;
    published.changed = since->first;
  }

  [[nodiscard]] Published published_by(const Case& of) const {
    Published published;
    for (const auto& record : situation_.facts->records)
      if (record.type == DnsRecordType::mx && record.name == facts_.domains[of.domain] && record.is_current)
        add_hosts(record.text, published);
    add_seen(published, of);
    return published;
  }

  // Who fails otherwise may have the same fault under another name. A backup host is tried by few: that it works for
  // the others is not known.
  [[nodiscard]] static bool is_lone_sender(const Case& of, const Published& published,
                                           const std::map<std::uint32_t, std::int64_t>& others) {
    if (of.reporters.size() != 1 || !of.otherwise.empty() || others.size() < least_others ||
        sum(others) < least_sessions)
      return false;
    if (!hosts_outside_policy(of, published.policy).empty()) return false;
    return std::none_of(published.other_hosts.begin(), published.other_hosts.end(),
                        [&](const auto& host) { return of.hosts.contains(host); });
  }

  // Did one of so many sessions fail, at least? What may be anybody's word makes the share no less, and it is told by
  // whole reports: failures of some are never measured by the sessions of others.
  [[nodiscard]] static bool is_part(const Case& of, std::int64_t of_so_many) {
    const auto is_in = [&](std::int64_t failed, std::int64_t all) { return failed > 0 && failed * of_so_many >= all; };
    return is_in(of.sure_failed, of.sure_total) || is_in(of.failed - of.alone, of.total);
  }

  [[nodiscard]] static Severity severity_of(const Case& of, const Remedy& remedy, const std::string& mode) {
    const auto told = of.failed - of.alone;
    // No share is known: not all need have failed.
    if (told <= 0) {
      const bool is_much = of.days >= steady_days || of.failed >= least_sessions;
      return is_much && remedy.fault != Fault::unclear ? Severity::ask : Severity::watch;
    }
    const bool is_large = is_part(of, 20);
    const bool is_steady = of.days >= steady_days;
    if (remedy.fault == Fault::unclear)
      return is_large && (is_steady || is_part(of, 2)) ? Severity::ask : Severity::watch;
    // Single sessions are broken off before STARTTLS and tried again; a certificate, a policy or a TLSA record fails
    // none by chance.
    const bool is_background = of.result_type == "starttls-not-supported" && !is_part(of, background_part);
    if (!is_large) return is_steady && !is_background ? Severity::ask : Severity::watch;
    // RFC 8461 section 5: in testing mode, and without a policy, mail is delivered all the same.
    return !is_about_dane(of.result_type) && (mode == "testing" || mode == "none") ? Severity::ask : Severity::fix;
  }

  [[nodiscard]] std::vector<Sentence> evidence_of(const Case& of, const Published& published,
                                                  const std::string& reporters) const {
    std::vector<Sentence> evidence;
    add_numbers(evidence, of);
    if (const auto hosts = list_of(of.hosts, [](const std::string& host) { return host; }); !hosts.empty())
      evidence.push_back(say("at the hosts: {}", hosts));
    evidence.push_back(say("as reported by: {}", reporters));
    if (!of.others.empty())
      evidence.push_back(say_count(
          "{} other reporter had no such failure {}", "{} other reporters had no such failure {}",
          static_cast<std::int64_t>(of.others.size()), say_count("in {} session", "in {} sessions", sum(of.others))));
    add_policy(evidence, of, published);
    if (of.unproven > 0)
      evidence.push_back(
          say("{}; 'ruaudit check {}' shows the current state", unproven_of(of), facts_.domains[of.domain]));
    else
      evidence.push_back(
          say("'ruaudit check {}' shows its current MTA-STS, TLS-RPT and DANE records", facts_.domains[of.domain]));
    return evidence;
  }

  static Sentence unproven_of(const Case& of) {
    if (of.unproven >= of.failed) return say("all of this comes from reports that do not prove where they come from");
    return say_count("{} of these {} failed sessions is in reports that do not prove where they come from",
                     "{} of these {} failed sessions are in reports that do not prove where they come from",
                     of.unproven, of.failed);
  }

  static Sentence when_of(int days, Day first, Day last) {
    return days == 1 ? say("on one day, {}", DayOf{last})
                     : say("on {} days from {} to {}", days, DayOf{first}, DayOf{last});
  }

  static void add_numbers(std::vector<Sentence>& evidence, const Case& of) {
    const auto told = of.failed - of.alone;
    const std::string type = of.words.empty() ? of.result_type : words_of(of);
    const ShareOf share{told, of.total};
    const Sentence when = when_of(of.days, of.first, of.last);
    if (told > 0 && of.total == 1)
      evidence.push_back(say("{} of {} TLS session ({}) failed {}: {}", told, of.total, share, when, type));
    else if (told > 0)
      evidence.push_back(say("{} of {} TLS sessions ({}) failed {}: {}", told, of.total, share, when, type));
    if (of.alone > 0)
      evidence.push_back(say_count(
          "{} TLS session failed {}; how many succeeded was not reported: {}",
          "{} TLS sessions failed {}; how many succeeded was not reported: {}", of.alone,
          when_of(static_cast<int>(of.alone_days.size()), *of.alone_days.begin(), *of.alone_days.rbegin()), type));
  }

  // What the mode is to a sender, RFC 8461 section 5; a mode of no RFC means nothing that is known.
  static void add_policy(std::vector<Sentence>& evidence, const Case& of, const Published& published) {
    if (is_about_dane(of.result_type)) return;
    if (published.changed != 0)
      evidence.push_back(say("the MTA-STS policy that senders saw changed on {}: \"{}\" before, \"{}\" since",
                             DayOf{published.changed}, in_one_line(published.policy_before),
                             in_one_line(published.policy)));
    std::size_t number = 0;
    for (const auto& host : hosts_outside_policy(of, published.policy))
      if ((!published.knows_hosts() || published.has_host(host)) && number++ < most_names)
        evidence.push_back(say("the policy does not name {}", host));
    const auto mode = mode_of(published.policy);
    if (mode == "enforce")
      evidence.push_back(say("the MTA-STS policy says enforce: mail whose session fails is not delivered"));
    else if (mode == "testing" || mode == "none")
      evidence.push_back(say("the MTA-STS policy says {}: mail is delivered nevertheless", mode));
  }

  static std::string in_one_line(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "; ") + line;
    return front_of(text, 400);
  }

  const Situation& situation_;
  const model::TlsFacts& facts_;
  std::map<std::uint32_t, SeenOn> policies_;  // by domain
};

}  // namespace

namespace {

constexpr std::size_t most_domains = 25;  // beside those that the owner names

struct Told {
  Finding finding;
  bool is_named = false;  // of a domain that the owner names
  bool is_proven = false;
  std::int64_t failed = 0;
};

bool tells_more(const Told& a, const Told& b) {
  if (a.is_named != b.is_named) return a.is_named;
  if (a.is_proven != b.is_proven) return a.is_proven;
  if (a.finding.severity != b.finding.severity) return a.finding.severity > b.finding.severity;
  return a.failed > b.failed;
}

// One report may name a million domains, and say of each that it fails.
Finding summed(const std::vector<Told>& rest) {
  std::map<std::string, std::int64_t> domains;
  Finding finding{.kind = FindingKind::tls_failing, .severity = Severity::watch, .domain = rest.front().finding.domain};
  for (const auto& one : rest) {
    domains[one.finding.domain] += one.failed;
    finding.severity = std::max(finding.severity, std::min(one.finding.severity, Severity::ask));
    if (!finding.since || one.finding.since < finding.since) finding.since = one.finding.since;
  }
  finding.id = "tls_failing";
  finding.subject.mechanism = "tls";
  const auto number = static_cast<std::int64_t>(domains.size());
  finding.evidence = {
      model::say_count("TLS sessions failed for {} more domain", "TLS sessions failed for {} more domains", number),
      say("failed sessions: {}", list_of(domains, [](const std::string& domain) { return domain; }))};
  finding.action = say("Name your domains in the configuration, so that reports on others give no findings");
  return finding;
}

}  // namespace

bool is_named(const Situation& situation, const std::string& domain) {
  const auto& own = situation.own_domains;
  return std::find(own.begin(), own.end(), domain) != own.end();
}

bool is_owned(const Situation& situation, const std::string& domain) {
  const auto is_his = [&](const std::string& own) { return is_at_or_below(domain, own); };
  const auto& own = situation.own_domains;
  const auto& parked = situation.parked_domains;
  return own.empty() || std::any_of(own.begin(), own.end(), is_his) ||
         std::any_of(parked.begin(), parked.end(), is_his);
}

std::vector<Finding> failing(const Situation& situation, const Belief& belief) {
  const Judge judge(situation);
  std::vector<Told> told;
  for (const Case& one : open_cases(situation, belief)) {
    const auto& domain = situation.tls->domains[one.domain];
    if (!is_owned(situation, domain)) continue;
    told.push_back({judge.judge(one), is_named(situation, domain), one.unproven < one.failed, one.failed});
  }
  std::stable_sort(told.begin(), told.end(), tells_more);
  std::vector<Finding> findings;
  std::set<std::string> domains;
  std::vector<Told> rest;
  for (Told& one : told) {
    if (one.is_named || domains.size() < most_domains) domains.insert(one.finding.domain);
    if (domains.contains(one.finding.domain))
      findings.push_back(std::move(one.finding));
    else
      rest.push_back(std::move(one));
  }
  if (!rest.empty()) findings.push_back(summed(rest));
  return findings;
}

}  // namespace ruaudit::assess::tls
