#include "assess/findings/inherited_policy.hpp"

#include <algorithm>

#include "model/domain.hpp"
#include "verify/dmarc/discovery.hpp"
#include "verify/dmarc/record.hpp"

namespace ruaudit::assess {

using model::DnsRecordState;
using model::DnsRecordStatus;

std::vector<const DnsRecordState*> dmarc_states(const std::string& name, const std::vector<DnsRecordState>& records,
                                                bool is_above) {
  std::vector<const DnsRecordState*> states;
  for (const auto& state : records)
    if (state.name == name &&
        (state.type == model::DnsRecordType::dmarc || (is_above && state.type == model::DnsRecordType::psd)))
      states.push_back(&state);
  std::stable_sort(states.begin(), states.end(), [](auto* a, auto* b) { return a->first_seen < b->first_seen; });
  return states;
}

InheritedPolicy inherited_policy(const std::string& domain, const std::vector<DnsRecordState>& records) {
  const auto parsed = model::Domain::parse(domain);
  if (!parsed) return {.is_known = true};
  const DnsRecordState* found = nullptr;
  for (const auto& target : verify::dmarc::walk_targets(*parsed)) {
    if (target == *parsed) continue;
    const auto states = dmarc_states("_dmarc." + target.text(), records, true);
    if (states.empty()) return {};
    if (states.back()->status != DnsRecordStatus::ok) continue;
    const auto psd = verify::dmarc::parse_record(states.back()->text, verify::dmarc::Rules::rfc9989).psd;
    if (psd != verify::dmarc::Psd::y || found == nullptr) found = states.back();
    if (psd != verify::dmarc::Psd::u) break;
  }
  return {.is_known = true, .record = found};
}

}  // namespace ruaudit::assess
