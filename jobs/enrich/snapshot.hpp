// Tonight's state of the owner's own DNS names: SPF with what it includes, DMARC and the records above, the DKIM keys
// seen in reports, MX and the addresses of the owner's hosts. What DNS does not answer is left out: it is not a state.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "store/facts/dns_records.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs {

struct SnapshotNames {
  std::vector<std::string> domains;     // the owner's
  std::vector<store::SeenKey> keys;     // of these domains
  std::size_t most_questions = 20'000;  // beyond, keys stay unasked
};
std::vector<model::DnsRecordState> snapshot(const SnapshotNames& names, verify::dns::Resolver& resolver,
                                            std::int64_t now);

}  // namespace ruaudit::jobs
