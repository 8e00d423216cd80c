// The owner's names in DNS as the page shows them: keys and who signs with them, SPF terms and what they are used for,
// and what changed when. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/facts/page_facts.hpp"
#include "model/facts/sender_facts.hpp"

namespace ruaudit::jobs {

struct RecordRequest {
  const model::SenderFacts& facts;
  std::uint32_t domain = 0;  // place in SenderFacts::domains
  std::int32_t first_day = 0, last_day = 0;
};

// RFC 6376 section 3.1: keys that signed for the domain or a name below it, most messages first. A name that never
// passed and is no key in DNS is left out: anybody can write one.
std::vector<model::PageSelector> page_selectors(const RecordRequest& request, const model::PageDomain& page);
// RFC 7208 section 4.6.4: the terms of the record of today, in its order.
std::vector<model::PageSpfTerm> page_spf_terms(const RecordRequest& request, const model::PageDomain& page);
std::vector<model::PageEvent> page_events(const RecordRequest& request);
// "" where DNS was not asked, or has none.
std::string current_record(const RecordRequest& request, model::DnsRecordType type);
// Nothing where DNS was not asked.
std::optional<model::DnsRecordStatus> current_status(const RecordRequest& request, model::DnsRecordType type);

}  // namespace ruaudit::jobs
