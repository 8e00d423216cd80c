#include "assess/findings/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "assess/findings/inherited_policy.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess {
namespace {

using model::DnsRecordState;
using model::DnsRecordStatus;
using model::DnsRecordType;
using model::Finding;
using model::FindingKind;
using model::RecordChange;
using model::Severity;

struct Watched {
  DnsRecordType type;
  std::string_view mechanism, word;
};
constexpr Watched watched[] = {
    {DnsRecordType::spf, "spf", "SPF"}, {DnsRecordType::dmarc, "dmarc", "DMARC"}, {DnsRecordType::mx, "mx", "MX"}};

std::string owner_name(const Watched& record, const std::string& domain) {
  return record.type == DnsRecordType::dmarc ? "_dmarc." + domain : domain;
}

model::Sentence quoted(const DnsRecordState& state) {
  return state.status == DnsRecordStatus::none ? model::say("no record") : model::say("\"{}\"", state.text);
}

std::optional<model::CauseRecord> cause_record(DnsRecordType type) {
  if (type == DnsRecordType::spf) return model::CauseRecord::spf;
  if (type == DnsRecordType::dmarc) return model::CauseRecord::dmarc;
  return std::nullopt;
}

Finding about(const Watched& record, const std::string& domain, FindingKind kind, const Change& change) {
  Finding finding{.kind = kind, .domain = domain};
  finding.subject.mechanism = record.mechanism;
  finding.since = change.day;
  if (const auto cause = cause_record(record.type))
    finding.cause = model::FindingCause{*cause, owner_name(record, domain), change.what};
  if (change.before == nullptr) {  // it was so when DNS was first asked
    finding.evidence = {model::say("{} of {}: {}", record.word, domain, quoted(*change.after))};
    return finding;
  }
  if (change.before->text == change.after->text && !change.after->text.empty()) {
    finding.evidence = {
        model::say("{} of {}: {}", record.word, domain, quoted(*change.after)),
        model::say("it is the same as before {}: what it leads to has changed", model::DayOf{change.day})};
    return finding;
  }
  finding.evidence = {model::say("{} of {} before: {}", record.word, domain, quoted(*change.before)),
                      model::say("since {}: {}", model::DayOf{change.day}, quoted(*change.after))};
  return finding;
}

// A name that an SPF record leads to and that has no record of its own (any more), and the name in the domain's record
// by which it is reached: the same one, or that of a record in between.
struct Unanswered {
  std::string name{}, by{};
};

// The names after include: and redirect=, as DNS compares them. RFC 7208 sections 5.2 and 6.1.
std::vector<std::string> names_in(const std::string& record) {
  std::vector<std::string> names;
  for (auto& term : record_terms(record)) {
    if (std::string_view("+-~?").find(term.front()) != std::string_view::npos) term.erase(0, 1);
    if (term.ends_with('.')) term.pop_back();
    for (const std::string_view word : {"include:", "redirect="})
      if (term.starts_with(word)) names.push_back(term.substr(word.size()));
  }
  return names;
}

Unanswered unanswered_of(const Situation& situation, const DnsRecordState& state) {
  std::map<std::string, const DnsRecordState*> latest;
  for (const auto& one : situation.facts->records)
    if (one.type == DnsRecordType::spf_include && one.domain == state.domain) latest[ascii::lower(one.name)] = &one;
  std::set<std::string> seen;
  std::vector<Unanswered> open;  // from the domain's record downwards
  for (auto& name : names_in(state.text)) open.push_back({name, name});
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto at = latest.find(open[i].name);
    if (!seen.insert(open[i].name).second || at == latest.end()) continue;
    if (at->second->status == DnsRecordStatus::none) return open[i];
    for (auto& name : names_in(at->second->text)) open.push_back({std::move(name), open[i].by});
  }
  return {};
}

// The faults of SPF are verify::spf::Problem, as the nightly look at DNS notes them.
model::Sentence why_broken(const DnsRecordState& state, const Unanswered& unanswered) {
  static const std::map<std::string, model::Sentence> words = {
      {"several-records", model::say("there are two records, receivers use neither")},
      {"too-many-terms", model::say("it needs more than 10 DNS lookups (RFC 7208 section 4.6.4)")},
      {"too-many-voids",
       model::say("more than 2 of the DNS lookups that it needs find nothing (void lookups, RFC 7208 section 4.6.4)")},
      {"too-many-mx", model::say("an mx term in it has more than 10 hosts (RFC 7208 section 4.6.4)")},
      {"syntax", model::say("it has a syntax error")},
      {"permerror", model::say("receivers get permerror")},
      {"dmarc-syntax", model::say("its text is not a DMARC record")},
      {"no-dmarc-record", model::say("its text is not a DMARC record")}};
  if (!unanswered.name.empty())
    return model::say("it leads to {}, which has no SPF record (RFC 7208 section 5.2)", unanswered.name);
  const auto found = words.find(state.fault);
  if (found != words.end()) return found->second;
  return state.status == DnsRecordStatus::none ? model::say("it is gone") : model::say("it cannot be used");
}

model::Sentence repair(const Watched& record, const std::string& domain, const DnsRecordState& state,
                       const Unanswered& unanswered) {
  const auto name = owner_name(record, domain);
  if (state.status == DnsRecordStatus::none) return model::say("Publish the TXT record at {} again", name);
  if (state.fault == "several-records" && record.type == DnsRecordType::dmarc)
    return model::say("Remove all but one of the DMARC records at {}", name);
  if (state.fault == "several-records") return model::say("Join the SPF records of {} into one", name);
  if (!unanswered.by.empty())
    return model::say("Remove {} from the SPF record of {}, or put in the name that its service asks for today",
                      unanswered.by, name);
  if (state.fault == "too-many-terms") return model::say("Remove unused includes from the SPF record of {}", name);
  return model::say("Correct the {} record at {}: 'ruaudit check {}' shows where", record.word, name, domain);
}

// The DMARC record that applies where the domain has none of its own.
const DnsRecordState* inherited_by(const Situation& situation, const std::string& domain) {
  return inherited_policy(domain, situation.facts->records).record;
}

bool is_inherited(const Situation& situation, const Watched& record, const DnsRecordState& state) {
  return record.type == DnsRecordType::dmarc && state.status == DnsRecordStatus::none &&
         inherited_by(situation, state.domain) != nullptr;
}

// Broken, or gone where it was there: SPF and DMARC only.
std::optional<Finding> broken(const Situation& situation, const Watched& record, const std::string& domain) {
  if (record.type == DnsRecordType::mx) return std::nullopt;
  const auto name = owner_name(record, domain);
  const DnsRecordState* good = nullptr;
  const DnsRecordState* now = nullptr;
  std::optional<Change> first_bad;
  for (const auto& state : situation.facts->records) {
    if (state.type != record.type || state.name != name) continue;
    if (state.status == DnsRecordStatus::ok) {
      good = &state;
      first_bad.reset();
    } else if (!first_bad) {
      const auto what = state.status == DnsRecordStatus::none ? RecordChange::removed : RecordChange::broken;
      first_bad = Change{day_seen_at(state.first_seen), what, good, &state};
    }
    now = &state;
  }
  if (now == nullptr || !first_bad || now->status == DnsRecordStatus::ok) return std::nullopt;
  if (now->status == DnsRecordStatus::none && good == nullptr) return std::nullopt;  // never had one
  if (is_inherited(situation, record, *now)) return std::nullopt;
  Finding finding = about(record, domain, FindingKind::record_broken, *first_bad);
  if (good == nullptr) finding.cause.reset();
  finding.id = fmt::format("record_broken/{}/{}", domain, record.mechanism);
  finding.severity = Severity::fix;
  const bool is_without = now->fault == "include-without-record" || now->fault == "redirect-without-record";
  const auto unanswered = is_without ? unanswered_of(situation, *now) : Unanswered();
  finding.evidence.push_back(model::say("{}: {}", owner_name(record, domain), why_broken(*now, unanswered)));
  finding.action = repair(record, domain, *now, unanswered);
  return finding;
}

// What is broken or was is told as such.
bool is_usable(const Watched& record, const Change& change) {
  if (record.type == DnsRecordType::mx) return true;
  return change.before->status != DnsRecordStatus::broken && change.after->status == DnsRecordStatus::ok;
}

Finding told_once(Finding finding, const Watched& record, const std::string& domain, const Change& change) {
  finding.id =
      fmt::format("{}/{}/{}/{}", model::to_text(finding.kind), domain, record.mechanism, text_of_day(change.day));
  finding.severity = Severity::info;
  finding.is_said_once = true;
  finding.action = model::say("Nothing to do if you changed it; else find out who changed the {} record at {}",
                              record.word, owner_name(record, domain));
  return finding;
}

// None of the owner's addresses is asked for any more.
void note_lost_address(const Situation& situation, const Watched& record, const std::string& domain,
                       const Change& change, Finding& finding) {
  const auto own = own_addresses_in(situation, change.before->text);
  if (own.empty() || !own_addresses_in(situation, change.after->text).empty()) return;
  finding.severity = Severity::watch;
  finding.evidence.push_back(model::say("reports are no longer asked for to {}", *own.begin()));
  finding.action =
      model::say("If that was not meant, put mailto:{} back into rua at {}", *own.begin(), owner_name(record, domain));
}

// The policy is the same, and reports go elsewhere.
void reports_go_elsewhere(const Situation& situation, const Watched& record, const std::string& domain,
                          const Change& change, std::vector<Finding>& out) {
  const auto before = report_addresses(change.before->text), after = report_addresses(change.after->text);
  if (before == after) return;
  auto finding = told_once(about(record, domain, FindingKind::record_changed, change), record, domain, change);
  note_lost_address(situation, record, domain, change, finding);
  out.push_back(std::move(finding));
}

// The change that this one takes back: the record is again what it was before it. What was so for more than a month is
// no passing state.
const Change* taken_back(const std::vector<Change>& changes, const Change& change) {
  constexpr Day month = 30;
  const auto earlier = std::find_if(changes.rbegin(), changes.rend(), [&](const Change& one) {
    return one.day < change.day && one.day >= change.day - month && one.before->status == DnsRecordStatus::ok &&
           one.before->text == change.after->text;
  });
  return earlier == changes.rend() ? nullptr : &*earlier;
}

// One finding about the whole time in which the record was another.
Finding back_to(Finding finding, const Change* earlier) {
  if (earlier == nullptr) return finding;
  finding.since = earlier->day;
  finding.evidence.push_back(model::say("so it was before {}, too", model::DayOf{earlier->day}));
  return finding;
}

// The first one of a domain: a record that comes back is told as repaired.
Finding first_policy(Finding finding) {
  finding.cause.reset();
  return finding;
}

void changed(const Situation& situation, const Watched& record, const std::string& domain, std::vector<Finding>& out) {
  const auto changes = changes_of(situation, record.type, owner_name(record, domain));
  for (const Change& change : changes) {
    if (change.day < first_news(situation)) continue;
    if (change.before->status == DnsRecordStatus::ok && is_inherited(situation, record, *change.after)) {
      auto finding = told_once(about(record, domain, FindingKind::policy_changed, change), record, domain, change);
      const auto* above = inherited_by(situation, domain);
      finding.evidence.push_back(model::say("{} applies instead: {}", above->name, quoted(*above)));
      out.push_back(std::move(finding));
    }
    if (!is_usable(record, change)) continue;
    const auto finding = [&](FindingKind kind) {
      return told_once(back_to(about(record, domain, kind, change), taken_back(changes, change)), record, domain,
                       change);
    };
    if (record.type != DnsRecordType::dmarc) {
      out.push_back(finding(FindingKind::record_changed));
      continue;
    }
    const auto before = wish_of(change.before->text), after = wish_of(change.after->text);
    if (change.before->status == DnsRecordStatus::none && &change == &changes.front() && after) {
      out.push_back(first_policy(finding(FindingKind::policy_changed)));
      continue;
    }
    if (!before || !after) continue;
    if (*before == *after) {
      reports_go_elsewhere(situation, record, domain, change, out);
      continue;
    }
    out.push_back(finding(FindingKind::policy_changed));
    note_lost_address(situation, record, domain, change, out.back());
  }
}

std::vector<std::string> domains_with_records(const Situation& situation) {
  std::vector<std::string> domains;
  for (const auto& record : situation.facts->records)
    if (std::find(domains.begin(), domains.end(), record.domain) == domains.end()) domains.push_back(record.domain);
  return domains;
}

}  // namespace

std::optional<Wish> wish_of(const std::string& record) {
  auto tags = record_tags(record);
  if (!tags.contains("v") && !tags.contains("p")) return std::nullopt;
  const auto value = [&tags](const char* tag, const std::string& otherwise) {
    const auto at = tags.find(tag);
    return at == tags.end() ? otherwise : at->second;
  };
  Wish wish;
  wish.p = value("p", "none");
  wish.sp = value("sp", wish.p);
  wish.np = value("np", wish.sp);
  wish.pct = value("pct", "100");
  wish.adkim = value("adkim", "r");
  wish.aspf = value("aspf", "r");
  wish.testing = value("t", "n");
  return wish;
}

std::set<std::string> report_addresses(const std::string& record) {
  std::set<std::string> addresses;
  const auto tags = record_tags(record);
  const auto at = tags.find("rua");
  const std::string text = at == tags.end() ? std::string() : at->second;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find(',', from), text.size());
    auto one = trimmed_value(std::string_view(text).substr(from, end - from));
    if (one.starts_with("mailto:")) one.erase(0, std::string_view("mailto:").size());
    one = one.substr(0, one.find('!'));
    if (!one.empty()) addresses.insert(std::move(one));
    from = end + 1;
  }
  return addresses;
}

std::set<std::string> own_addresses_in(const Situation& situation, const std::string& record) {
  const auto asked = report_addresses(record);
  std::set<std::string> own;
  for (const auto& address : situation.report_addresses)
    if (auto text = ascii::lower(address); asked.contains(text)) own.insert(std::move(text));
  return own;
}

int strictness(const std::string& policy) { return policy == "reject" ? 2 : policy == "quarantine" ? 1 : 0; }

namespace {

// What is stricter than before: p, else sp or np, and for which mail (RFC 9989 section 4.7). Nothing where none is.
std::optional<Raise> raise_of(const Wish& before, const Wish& after) {
  const bool p = strictness(after.p) > strictness(before.p), sp = strictness(after.sp) > strictness(before.sp),
             np = strictness(after.np) > strictness(before.np);
  if (!p && !sp && !np) return std::nullopt;
  return Raise{.last = std::numeric_limits<Day>::max(),
               .tag = p    ? "p"
                      : sp ? "sp"
                           : "np",
               .is_for_domain = p,
               .is_for_names_below = sp || np};
}

// Mail is treated more leniently again.
void end_raises(std::vector<Raise>& raises, const Wish& before, const Wish& after, Day day) {
  const bool is_lowered = strictness(after.p) < strictness(before.p);
  const bool is_lowered_below = strictness(after.sp) < strictness(before.sp);
  for (Raise& raise : raises)
    if (is_lowered || (is_lowered_below && !raise.is_for_domain)) raise.last = std::min(raise.last, day - 1);
}

// A tag that is no number counts as left out (RFC 7489 section 6.3).
int percent(const Wish& wish) {
  int value = 100;
  const auto* end = wish.pct.data() + wish.pct.size();
  const auto [at, fault] = std::from_chars(wish.pct.data(), end, value);
  return fault == std::errc{} && at == end ? std::min(value, 100) : 100;
}

// Receivers apply the policy one level lower while t=y (RFC 9989 section 4.7), or to a part of the mail (pct, RFC 7489
// section 6.3).
bool is_applied_more(const Wish& before, const Wish& after) {
  if (strictness(after.p) == 0 || after.p != before.p) return false;
  return (before.testing == "y" && after.testing != "y") || percent(after) > percent(before);
}

}  // namespace

std::vector<Raise> policy_raises(const Situation& situation, const std::string& domain) {
  std::vector<Raise> raises;
  for (const Change& change : changes_of(situation, DnsRecordType::dmarc, "_dmarc." + domain)) {
    if (change.before->status != DnsRecordStatus::ok || change.after->status != DnsRecordStatus::ok) continue;
    const auto before = wish_of(change.before->text), after = wish_of(change.after->text);
    if (!before || !after) continue;
    end_raises(raises, *before, *after, change.day);
    auto raise = raise_of(*before, *after);
    if (!raise && is_applied_more(*before, *after)) raise = {.last = std::numeric_limits<Day>::max(), .tag = "p"};
    if (!raise) continue;
    raise->first = change.day;
    raises.push_back(*raise);
  }
  return raises;
}

std::vector<Finding> record_findings(const Situation& situation) {
  std::vector<Finding> findings;
  for (const auto& domain : domains_with_records(situation))
    for (const Watched& record : watched) {
      if (auto finding = broken(situation, record, domain)) findings.push_back(std::move(*finding));
      changed(situation, record, domain, findings);
    }
  return findings;
}

}  // namespace ruaudit::assess
