#include "assess/findings/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

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

RecordChange kind_of_change(const DnsRecordState& before, const DnsRecordState& after) {
  if (after.status == DnsRecordStatus::none) return RecordChange::removed;
  if (after.status == DnsRecordStatus::broken) return RecordChange::broken;
  return before.status == DnsRecordStatus::none ? RecordChange::added : RecordChange::changed;
}

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

std::map<std::string, std::string> tags_of(const std::string& record) {
  std::map<std::string, std::string> tags;
  for (std::size_t at = 0; at <= record.size();) {
    const auto end = std::min(record.find(';', at), record.size());
    const std::string_view part(record.data() + at, end - at);
    const auto equals = part.find('=');
    if (equals != std::string_view::npos)
      tags.emplace(ascii::lower(trimmed(part.substr(0, equals))), ascii::lower(trimmed(part.substr(equals + 1))));
    at = end + 1;
  }
  return tags;
}

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

// A name that the SPF record of the domain leads to and that has no record of its own any more; "" where none is known.
std::string included_without_record(const Situation& situation, const DnsRecordState& state) {
  std::map<std::string, const DnsRecordState*> latest;
  for (const auto& one : situation.facts->records)
    if (one.type == DnsRecordType::spf_include && one.domain == state.domain) latest[one.name] = &one;
  for (const auto& [name, one] : latest)
    if (one->status == DnsRecordStatus::none && state.text.find(name) != std::string::npos) return name;
  return {};
}

// The faults of SPF are verify::spf::Problem, as the nightly look at DNS notes them.
model::Sentence why_broken(const DnsRecordState& state, const std::string& included) {
  static const std::map<std::string, model::Sentence> words = {
      {"several-records", model::say("there are two records, receivers use neither")},
      {"too-many-terms", model::say("it needs more than 10 DNS lookups (RFC 7208 section 4.6.4)")},
      {"too-many-voids", model::say("more than two of the names in it do not exist (RFC 7208 section 4.6.4)")},
      {"too-many-mx", model::say("an mx term in it has more than 10 hosts (RFC 7208 section 4.6.4)")},
      {"syntax", model::say("it has a syntax error")},
      {"permerror", model::say("receivers get permerror")},
      {"dmarc-syntax", model::say("its text is not a DMARC record")},
      {"no-dmarc-record", model::say("its text is not a DMARC record")}};
  if (!included.empty()) return model::say("it leads to {}, which has no SPF record (RFC 7208 section 5.2)", included);
  const auto found = words.find(state.fault);
  if (found != words.end()) return found->second;
  return state.status == DnsRecordStatus::none ? model::say("it is gone") : model::say("it cannot be used");
}

model::Sentence repair(const Watched& record, const std::string& domain, const DnsRecordState& state,
                       const std::string& included) {
  const auto name = owner_name(record, domain);
  if (state.status == DnsRecordStatus::none) return model::say("Publish the TXT record at {} again", name);
  if (state.fault == "several-records" && record.type == DnsRecordType::dmarc)
    return model::say("Remove all but one of the DMARC records at {}", name);
  if (state.fault == "several-records") return model::say("Join the SPF records of {} into one", name);
  if (!included.empty())
    return model::say("Remove {} from the SPF record of {}, or put in the name that its service asks for today",
                      included, name);
  if (state.fault == "too-many-terms") return model::say("Remove unused includes from the SPF record of {}", name);
  return model::say("Correct the {} record at {}: 'ruaudit check {}' shows where", record.word, name, domain);
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
      first_bad = Change{day_seen_at(state.first_seen), what, good == nullptr ? &state : good, &state};
    }
    now = &state;
  }
  if (now == nullptr || !first_bad || now->status == DnsRecordStatus::ok) return std::nullopt;
  if (now->status == DnsRecordStatus::none && good == nullptr) return std::nullopt;  // never had one
  Finding finding = about(record, domain, FindingKind::record_broken, *first_bad);
  if (good == nullptr) finding.cause.reset();
  finding.id = fmt::format("record_broken/{}/{}", domain, record.mechanism);
  finding.severity = Severity::fix;
  const bool is_without = now->fault == "include-without-record" || now->fault == "redirect-without-record";
  const auto included = is_without ? included_without_record(situation, *now) : std::string();
  finding.evidence.push_back(model::say("{}: {}", owner_name(record, domain), why_broken(*now, included)));
  finding.action = repair(record, domain, *now, included);
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

// The policy is the same, and reports go elsewhere.
void reports_go_elsewhere(const Situation& situation, const Watched& record, const std::string& domain,
                          const Change& change, std::vector<Finding>& out) {
  const auto before = report_addresses(change.before->text), after = report_addresses(change.after->text);
  if (before == after) return;
  auto finding = told_once(about(record, domain, FindingKind::record_changed, change), record, domain, change);
  const auto own = own_addresses_in(situation, change.before->text);
  if (!own.empty() && own_addresses_in(situation, change.after->text).empty()) {
    finding.severity = Severity::watch;
    finding.evidence.push_back(model::say("reports are no longer asked for to {}", *own.begin()));
    finding.action = model::say("If that was not meant, put mailto:{} back into rua at {}", *own.begin(),
                                owner_name(record, domain));
  }
  out.push_back(std::move(finding));
}

void changed(const Situation& situation, const Watched& record, const std::string& domain, std::vector<Finding>& out) {
  for (const Change& change : changes_of(situation, record.type, owner_name(record, domain))) {
    if (change.day < first_news(situation) || !is_usable(record, change)) continue;
    if (record.type != DnsRecordType::dmarc) {
      out.push_back(told_once(about(record, domain, FindingKind::record_changed, change), record, domain, change));
      continue;
    }
    const auto before = wish_of(change.before->text), after = wish_of(change.after->text);
    if (!before || !after) continue;
    if (*before == *after) {
      reports_go_elsewhere(situation, record, domain, change, out);
      continue;
    }
    out.push_back(told_once(about(record, domain, FindingKind::policy_changed, change), record, domain, change));
  }
}

std::vector<std::string> domains_with_records(const Situation& situation) {
  std::vector<std::string> domains;
  for (const auto& record : situation.facts->records)
    if (std::find(domains.begin(), domains.end(), record.domain) == domains.end()) domains.push_back(record.domain);
  return domains;
}

}  // namespace

std::vector<Change> changes_of(const Situation& situation, DnsRecordType type, const std::string& name) {
  std::vector<Change> changes;
  const DnsRecordState* before = nullptr;
  for (const auto& state : situation.facts->records) {
    if (state.type != type || state.name != name) continue;
    if (before != nullptr && before->domain == state.domain &&
        (before->text != state.text || before->status != state.status))
      changes.push_back({day_seen_at(state.first_seen), kind_of_change(*before, state), before, &state});
    before = &state;
  }
  return changes;
}

std::optional<Change> harmful_change(const Situation& situation, DnsRecordType type, const std::string& name, Day from,
                                     Day to) {
  std::optional<Change> found;
  for (const Change& change : changes_of(situation, type, name))
    if (change.day >= from && change.day <= to && change.what != RecordChange::added) found = change;
  return found;
}

const DnsRecordState* latest_state(const Situation& situation, DnsRecordType type, const std::string& name) {
  const DnsRecordState* found = nullptr;
  for (const auto& state : situation.facts->records)
    if (state.type == type && state.name == name) found = &state;
  return found;
}

bool is_known_before(const Situation& situation, DnsRecordType type, const std::string& name, Day day) {
  const auto& records = situation.facts->records;
  return std::any_of(records.begin(), records.end(), [&](const DnsRecordState& state) {
    return state.type == type && state.name == name && day_seen_at(state.first_seen) < day;
  });
}

std::optional<Wish> wish_of(const std::string& record) {
  auto tags = tags_of(record);
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
  const auto tags = tags_of(record);
  const auto at = tags.find("rua");
  const std::string text = at == tags.end() ? std::string() : at->second;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find(',', from), text.size());
    auto one = trimmed(std::string_view(text).substr(from, end - from));
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

std::vector<Raise> policy_raises(const Situation& situation, const std::string& domain) {
  std::vector<Raise> raises;
  for (const Change& change : changes_of(situation, DnsRecordType::dmarc, "_dmarc." + domain)) {
    if (change.before->status != DnsRecordStatus::ok || change.after->status != DnsRecordStatus::ok) continue;
    const auto before = wish_of(change.before->text), after = wish_of(change.after->text);
    if (!before || !after) continue;
    const bool is_raised =
        strictness(after->p) > strictness(before->p) || strictness(after->sp) > strictness(before->sp);
    const bool is_lowered = strictness(after->p) < strictness(before->p);
    if (is_lowered)
      for (Raise& raise : raises) raise.last = std::min(raise.last, change.day - 1);
    if (is_raised) raises.push_back({change.day, std::numeric_limits<Day>::max()});
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
