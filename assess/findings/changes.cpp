#include "assess/findings/changes.hpp"

#include <algorithm>
#include <set>

#include "model/ascii.hpp"

namespace ruaudit::assess {
namespace {

using model::DnsRecordState;
using model::DnsRecordStatus;
using model::DnsRecordType;
using model::RecordChange;

RecordChange kind_of_change(const DnsRecordState& before, const DnsRecordState& after) {
  if (after.status == DnsRecordStatus::none) return RecordChange::removed;
  if (after.status == DnsRecordStatus::broken) return RecordChange::broken;
  return before.status == DnsRecordStatus::none ? RecordChange::added : RecordChange::changed;
}

// What lets mail pass SPF: all terms but "all" with a qualifier that lets nothing pass.
std::set<std::string> passing_terms(const std::string& record) {
  std::set<std::string> terms;
  for (auto& term : record_terms(record)) {
    if (term.starts_with('+')) term.erase(0, 1);
    if (term != "-all" && term != "~all" && term != "?all") terms.insert(std::move(term));
  }
  return terms;
}

// RFC 6376 section 3.6.1: the key itself and what narrows its use; t and n do not.
bool is_same_key(const std::string& before, const std::string& after) {
  auto one = record_tags(before), other = record_tags(after);
  for (const char* tag : {"p", "k", "h", "s"})
    if (one[tag] != other[tag]) return false;
  return true;
}

// Another text alone takes nothing away: owners add terms, and make "-all" of "~all".
bool loses_something(const DnsRecordState& before, const DnsRecordState& after) {
  if (before.status != DnsRecordStatus::ok) return false;
  if (after.status != DnsRecordStatus::ok) return true;
  if (after.type == DnsRecordType::dkim) return !is_same_key(before.text, after.text);
  if (after.type != DnsRecordType::spf) return true;
  const auto had = passing_terms(before.text), has = passing_terms(after.text);
  return !std::includes(has.begin(), has.end(), had.begin(), had.end());
}

}  // namespace

std::string trimmed_value(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

std::vector<std::string> record_terms(const std::string& record) {
  std::vector<std::string> terms;
  for (std::size_t at = 0; at < record.size();) {
    const auto end = std::min(record.find_first_of(" \n", at), record.size());
    if (end > at) terms.push_back(ascii::lower(std::string_view(record).substr(at, end - at)));
    at = end + 1;
  }
  return terms;
}

std::map<std::string, std::string> record_tags(const std::string& record) {
  std::map<std::string, std::string> tags;
  for (std::size_t at = 0; at <= record.size();) {
    const auto end = std::min(record.find(';', at), record.size());
    const std::string_view part(record.data() + at, end - at);
    const auto equals = part.find('=');
    if (equals != std::string_view::npos)
      tags.emplace(ascii::lower(trimmed_value(part.substr(0, equals))),
                   ascii::lower(trimmed_value(part.substr(equals + 1))));
    at = end + 1;
  }
  return tags;
}

std::vector<Change> changes_of(const Situation& situation, DnsRecordType type, const std::string& name) {
  std::vector<Change> changes;
  const DnsRecordState* before = nullptr;
  for (const auto& state : situation.facts->records) {
    if (state.type != type || state.name != name) continue;
    if (before != nullptr && before->domain == state.domain &&
        (before->text != state.text || before->status != state.status))
      changes.push_back({day_seen_at(state.first_seen), kind_of_change(*before, state), before, &state,
                         loses_something(*before, state)});
    before = &state;
  }
  return changes;
}

std::optional<Change> harmful_change(const Situation& situation, DnsRecordType type, const std::string& name, Day from,
                                     Day to) {
  std::optional<Change> found;
  for (const Change& change : changes_of(situation, type, name))
    if (change.day >= from && change.day <= to && change.takes_away) found = change;
  return found;
}

const DnsRecordState* latest_state(const Situation& situation, DnsRecordType type, const std::string& name) {
  const DnsRecordState* found = nullptr;  // a name may be asked for several policy domains
  for (const auto& state : situation.facts->records)
    if (state.type == type && state.name == name && (found == nullptr || state.last_seen >= found->last_seen))
      found = &state;
  return found;
}

bool is_known_before(const Situation& situation, DnsRecordType type, const std::string& name, Day day) {
  const auto& records = situation.facts->records;
  return std::any_of(records.begin(), records.end(), [&](const DnsRecordState& state) {
    return state.type == type && state.name == name && day_seen_at(state.first_seen) < day;
  });
}

}  // namespace ruaudit::assess
