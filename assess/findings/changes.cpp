#include "assess/findings/changes.hpp"

#include <fmt/format.h>

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

struct SpfTerms {
  std::set<std::string> passing;   // what lets mail pass
  std::set<std::string> stopping;  // what gives another result to mail that a later term would let pass
};

// RFC 7208 sections 5.1 and 6.1: no term behind "all" is looked at, and with it "redirect" is ignored. Other modifiers
// let nothing pass.
SpfTerms spf_terms(const std::string& record) {
  SpfTerms out;
  bool is_over = false, has_redirect = false;
  std::string redirect;
  for (auto& term : record_terms(record)) {
    const bool is_stopping = term.find_first_of("-~?") == 0;
    if (term.find_first_of("+-~?") == 0) term.erase(0, 1);
    const auto sign = term.find_first_of("=:/");
    if (sign != std::string::npos && term[sign] == '=') {
      if (term.starts_with("redirect=")) has_redirect = true, redirect = std::move(term);
    } else if (!is_over) {
      is_over = term == "all";
      if (!is_stopping)
        out.passing.insert(std::move(term));
      else if (!is_over)
        out.stopping.insert(std::move(term));
    }
  }
  if (has_redirect && !is_over) out.passing.insert(std::move(redirect));
  return out;
}

bool has_all(const std::set<std::string>& terms, const std::set<std::string>& of) {
  return std::includes(terms.begin(), terms.end(), of.begin(), of.end());
}

bool lets_less_pass(const std::string& before, const std::string& after) {
  const auto had = spf_terms(before), has = spf_terms(after);
  return !has_all(has.passing, had.passing) || !has_all(had.stopping, has.stopping);
}

struct KeyUse {
  std::string key, type, hashes;
  bool is_for_mail = false, is_strict = false;
};

// RFC 6376 section 3.6.1, with the defaults; t=y and n narrow nothing.
KeyUse key_use(const std::string& record) {
  auto tags = record_tags(record);
  const auto lists = [&](const char* tag, std::string_view word) {
    return (":" + tags[tag] + ":").find(fmt::format(":{}:", word)) != std::string::npos;
  };
  for (auto& [name, value] : tags)
    std::erase_if(value, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return {.key = tags["p"],
          .type = tags["k"].empty() ? "rsa" : tags["k"],
          .hashes = tags["h"],
          .is_for_mail = tags["s"].empty() || lists("s", "*") || lists("s", "email"),
          .is_strict = lists("t", "s")};
}

bool is_same_key(const std::string& before, const std::string& after) {
  const auto one = key_use(before), other = key_use(after);
  return one.key == other.key && one.type == other.type && one.hashes == other.hashes &&
         (other.is_for_mail || !one.is_for_mail) && (one.is_strict || !other.is_strict);
}

// Another text alone takes nothing away: owners add terms, and make "-all" of "~all".
bool loses_something(const DnsRecordState& before, const DnsRecordState& after) {
  if (before.status != DnsRecordStatus::ok) return false;
  if (after.status != DnsRecordStatus::ok) return true;
  if (after.type == DnsRecordType::dkim) return !is_same_key(before.text, after.text);
  return after.type != DnsRecordType::spf || lets_less_pass(before.text, after.text);
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
