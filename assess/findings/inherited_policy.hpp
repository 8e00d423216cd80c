// Whose DMARC record applies to a name without one of its own, from the states that the nightly snapshots keep.
#pragma once
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"

namespace ruaudit::assess {

struct InheritedPolicy {
  bool is_known = false;                          // no: DNS never answered for a name of the walk
  const model::DnsRecordState* record = nullptr;  // nothing: none applies
};

// RFC 9989 sections 4.10.1 and 4.10.2: the record of the Organizational Domain, without that one the one of the Public
// Suffix Domain. `records`: of any names; not copied.
InheritedPolicy inherited_policy(const std::string& domain, const std::vector<model::DnsRecordState>& records);

// The DMARC states of a name, the oldest first. With `is_above` also those with which it was asked on the way up from a
// name below it.
std::vector<const model::DnsRecordState*> dmarc_states(const std::string& name,
                                                       const std::vector<model::DnsRecordState>& records,
                                                       bool is_above);

}  // namespace ruaudit::assess
