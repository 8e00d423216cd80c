// The states of the owner's own DNS names: what each said, from when to when. A snapshot enters with every `enrich`; a
// row is added only where something changed. What DNS did not answer is not a state and does not enter.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// One answer; first_seen, last_seen and is_current of it are not read.
model::Result<void> save_snapshot(Database& database, const std::vector<model::DnsRecordState>& answers,
                                  std::int64_t asked_at);

// All states, by domain, type, name and time.
model::Result<std::vector<model::DnsRecordState>> dns_record_states(Database& database);

// Selectors seen in signatures of a domain at or below a policy domain (whatever their result), that a snapshot is to
// ask for: selector._domainkey.domain for each, and the policy domain it belongs to.
struct SeenKey {
  std::string policy_domain, signing_domain, selector;
  bool operator==(const SeenKey&) const = default;
};
model::Result<std::vector<SeenKey>> seen_keys(Database& database);

// Policy domains of stored reports.
model::Result<std::vector<std::string>> reported_domains(Database& database);

}  // namespace ruaudit::store
