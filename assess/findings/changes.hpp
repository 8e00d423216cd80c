// The states of one name in DNS as the nightly snapshots keep them, and what changed from one to the next.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/findings/situation.hpp"
#include "model/finding.hpp"

namespace ruaudit::assess {

struct Change {
  Day day = 0;  // whose snapshot shows it first
  model::RecordChange what = model::RecordChange::changed;
  const model::DnsRecordState* before = nullptr;
  const model::DnsRecordState* after = nullptr;
  // A record is gone or broken, a term of SPF lets no mail pass any more, or a key of DKIM is another or for less: what
  // was only added explains no failure.
  bool takes_away = false;
};

// Changes of one name, by day; a state that could not be told from the one before is none.
std::vector<Change> changes_of(const Situation& situation, model::DnsRecordType type, const std::string& name);

// The latest change of the name from one day to another that takes something away.
std::optional<Change> harmful_change(const Situation& situation, model::DnsRecordType type, const std::string& name,
                                     Day from, Day to);

// The state of a name that DNS told last; none where it was never asked.
const model::DnsRecordState* latest_state(const Situation& situation, model::DnsRecordType type,
                                          const std::string& name);
// Whether a state of the name was known before the day: only then does no change mean that nothing changed.
bool is_known_before(const Situation& situation, model::DnsRecordType type, const std::string& name, Day day);

// The terms of an SPF record, in lower case. RFC 7208 section 4.6.1.
std::vector<std::string> record_terms(const std::string& record);
// The tags of a record such as DMARC's and DKIM's by name, in lower case.
std::map<std::string, std::string> record_tags(const std::string& record);
std::string trimmed_value(std::string_view text);

}  // namespace ruaudit::assess
