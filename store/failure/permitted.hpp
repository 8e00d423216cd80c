// What a sample policy leaves of a failure report: the one place that decides which of its words may be written for
// good. In: a report with as much of its sample as there is; out: the same with no more than the policy permits.
#pragma once
#include <string_view>

#include "model/failure_report.hpp"
#include "store/failure/redaction.hpp"
#include "store/failure/sample_policy.hpp"

namespace ruaudit::store {

// Octets of the header block, up to and with its empty line; empty lines in front belong to it.
std::size_t header_size(std::string_view octets);

model::FailureReport permitted(model::FailureReport report, SamplePolicy policy, const Redactor& redactor);

}  // namespace ruaudit::store
