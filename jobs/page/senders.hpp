// Who sends, out of the streams that judgement has read: totals day by day, senders with their addresses, and how their
// mail came. One class per stream (docs/conclusions.md), so that one address may stand under two senders.
#pragma once
#include "assess/class_index.hpp"
#include "model/facts/page_facts.hpp"
#include "model/facts/sender_facts.hpp"

namespace ruaudit::jobs {

// Adds the totals, groups and senders of one domain (its place in the facts) to `page`; only days of the page count.
struct SenderRequest {
  const model::SenderFacts& facts;
  const assess::ClassIndex& classes;
  std::int32_t first_day = 0, last_day = 0;
};
// One entry per place of SenderFacts::domains.
std::vector<model::PageDomain> page_senders(const SenderRequest& request);

}  // namespace ruaudit::jobs
