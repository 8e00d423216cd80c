// The part of the text summary below the first screen: one block per domain. Part of summary_text.
#pragma once
#include <string>

#include "model/facts/summary_facts.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {

std::string domain_details(const model::DomainFacts& domain, const model::SummaryFacts& facts,
                           const SummaryContext& context);

// What is known of a source in a few words: "DKIM mailer.net, SPF bounce.mailer.net (not aligned)".
std::string known_of(const model::SourceFacts& source, std::string_view domain);

}  // namespace ruaudit::report
