#include "assess/findings/mechanism_reason.hpp"

#include <algorithm>

#include "assess/findings/records.hpp"

namespace ruaudit::assess {
namespace {

using model::DnsRecordStatus;
using model::DnsRecordType;
using model::RecordChange;

DnsRecordType type_of(const BrokenNames& names) { return names.is_dkim ? DnsRecordType::dkim : DnsRecordType::spf; }

// DNS often shows a change before reports do.
Day first_day_of(const BrokenNames& names) { return std::min(names.first_bad - 2, names.last_good); }

model::FindingCause cause_at(const BrokenNames& names, const std::string& name, RecordChange what) {
  return {names.is_dkim ? model::CauseRecord::dkim : model::CauseRecord::spf, name, what};
}

// Of one record: unchanged, kept or unknown.
DnsAccount account_at(const Situation& situation, const BrokenNames& names, const std::string& name) {
  const auto* now = latest_state(situation, type_of(names), name);
  if (now == nullptr || day_seen_at(now->last_seen) < names.first_bad) return DnsAccount::unknown;
  if (!is_known_before(situation, type_of(names), name, names.first_bad)) return DnsAccount::unknown;
  auto changes = changes_of(situation, type_of(names), name);
  std::erase_if(changes, [&](const Change& change) { return change.day < first_day_of(names); });
  if (changes.empty()) return DnsAccount::unchanged;
  const bool is_less = std::any_of(changes.begin(), changes.end(), [](const Change& change) {
    return change.takes_away || change.what != RecordChange::changed;
  });
  return is_less ? DnsAccount::unknown : DnsAccount::kept;
}

// Of a name that at least half of the failing mail looks for. Keys are looked at from the first night on which the
// program runs: one with which mail passed and that is not there now is gone, whether that night was seen or not.
std::optional<Reason> reason_at(const Situation& situation, const BrokenNames& names, const std::string& name) {
  const bool has_passed = !names.is_dkim || names.passing.contains(name);
  if (has_passed)
    if (const auto change = harmful_change(situation, type_of(names), name, first_day_of(names), names.first_bad + 1))
      return Reason{DnsAccount::changed, cause_at(names, name, change->what), name};
  const auto* now = latest_state(situation, type_of(names), name);
  if (!names.is_dkim || now == nullptr || now->status == DnsRecordStatus::ok) return std::nullopt;
  if (day_seen_at(now->last_seen) < names.first_bad) return std::nullopt;  // it may have come since
  if (!has_passed) return Reason{DnsAccount::never_there, std::nullopt, name};
  const auto what = now->status == DnsRecordStatus::none ? RecordChange::removed : RecordChange::broken;
  return Reason{DnsAccount::missing, cause_at(names, name, what), name};
}

model::Sentence happened_to(const model::FindingCause& cause) {
  switch (cause.change) {
    case RecordChange::added:
      return model::say("the record at {} was added around that day", cause.name);
    case RecordChange::removed:
      return model::say("the record at {} was removed around that day", cause.name);
    case RecordChange::broken:
      return model::say("the record at {} was broken around that day", cause.name);
    case RecordChange::changed:
      break;
  }
  return model::say("the record at {} was changed around that day", cause.name);
}

bool is_revoked(const Situation& situation, const model::FindingCause& cause) {
  if (cause.record != model::CauseRecord::dkim) return false;
  const auto* now = latest_state(situation, DnsRecordType::dkim, cause.name);
  return now != nullptr && now->fault == "key-revoked";
}

Reason account_of(const Situation& situation, const BrokenNames& names) {
  const auto& failing = names.failing;
  if (failing.empty()) return {DnsAccount::not_concerned};
  for (const auto& [name, messages] : failing)
    if (2 * messages >= names.messages)
      if (auto reason = reason_at(situation, names, name)) return *reason;
  const auto busiest = std::max_element(failing.begin(), failing.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  auto account = DnsAccount::unchanged;
  for (const auto& [name, messages] :
       failing)  // the last of unchanged, kept and unknown: as sure as the least sure one
    account = std::max(account, account_at(situation, names, name));
  return {account, std::nullopt, busiest->first};
}

}  // namespace

Reason reason_of(const Situation& situation, const BrokenNames& names) {
  auto reason = account_of(situation, names);
  reason.is_revoked = reason.cause && is_revoked(situation, *reason.cause);
  return reason;
}

model::Sentence told_by_dns(const Reason& reason, bool is_dkim, const std::string& domain) {
  if (reason.is_revoked) return model::say("the key at {} was revoked: its p= is empty", reason.cause->name);
  switch (reason.account) {
    case DnsAccount::changed:
      return happened_to(*reason.cause);
    case DnsAccount::missing:
      return reason.cause->change == RecordChange::removed
                 ? model::say("the key at {}, with which this mail passed before, is gone", reason.name)
                 : model::say("the key at {}, with which this mail passed before, cannot be used", reason.name);
    case DnsAccount::never_there:
      return model::say("its signatures now name the key at {}, which cannot be found or used", reason.name);
    case DnsAccount::unchanged:
      return is_dkim ? model::say("no DNS record that it depends on has changed: the cause is at the sender")
                     : model::say("the SPF record of {} has not changed; what it includes may have", reason.name);
    case DnsAccount::kept:
      return is_dkim ? model::say("no key that it depends on has changed: the cause is at the sender")
                     : model::say("the SPF record of {} still has all that it had; what it includes may have changed",
                                  reason.name);
    case DnsAccount::not_concerned:
      return is_dkim ? model::say("it no longer carries a signature of {}: the cause is at the sender", domain)
                     : model::say("its return path is no longer in {}: the cause is at the sender", domain);
    case DnsAccount::unknown:
      break;
  }
  return model::say("it is not known whether its DNS records changed: the cause may be there or at the sender");
}

std::string selector_in(const std::string& key_name) { return key_name.substr(0, key_name.find("._domainkey.")); }

}  // namespace ruaudit::assess
