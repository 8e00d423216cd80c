// What a report claims of results, read out of its Authentication-Results (RFC 8601) and Auth-Failure (RFC 6591
// section 3.1) as values to compare; and the envelope it names. Claims are never a base for a result. Pure.
#pragma once
#include "model/failure_report.hpp"
#include "verify/evaluate/evaluate.hpp"
#include "verify/failure/sample_facts.hpp"

namespace ruaudit::verify::failure {

[[nodiscard]] ClaimFacts claim_facts(const model::FailureClaims& claims);

// Client and MAIL FROM as the report has them; what it does not say is left to the sample's trace.
[[nodiscard]] evaluate::Envelope claimed_envelope(const model::FailureClaims& claims);

// MAIL FROM out of the report's Authentication-Results; for samples whose trace does not tell it.
[[nodiscard]] std::optional<std::string> mail_from_of_results(const model::FailureClaims& claims);

// The authserv-ids of the report's Authentication-Results that are host names: the reporter's own.
[[nodiscard]] std::vector<std::string> reporting_hosts(const model::FailureClaims& claims);

}  // namespace ruaudit::verify::failure
