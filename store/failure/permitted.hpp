// What a sample policy leaves of a failure report: the one place that decides which of its words may be written for
// good. In: a report with as much of its sample as there is; out: the same with no more than the policy permits.
#pragma once
#include <string>
#include <string_view>

#include "model/failure_report.hpp"
#include "store/failure/redaction.hpp"
#include "store/failure/sample_policy.hpp"

namespace ruaudit::store {

// The fields of a header block and its empty line, where it has one. What is not a field goes: lines in front of the
// first one, lines without a name, and behind such a line, where a body may have begun without an empty line, every
// field that mails do not usually have.
std::string header_fields(std::string_view octets);

model::FailureReport permitted(model::FailureReport report, SamplePolicy policy, const Redactor& redactor);

}  // namespace ruaudit::store
