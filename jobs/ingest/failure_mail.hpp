// The carrying mail of a failure report as the parser takes it, made with the MIME splitter and the transfer decoders
// of ingest. In: a payload of the kinds failure_report, other_feedback, delivery_status or mail, whole (a mail, or the
// bare feedback text). Out: values that own their octets, at most twice the size of the mail.
#pragma once
#include "ingest/bytes.hpp"
#include "ingest/limits.hpp"
#include "model/failure_report.hpp"
#include "parser/failure/report_parser.hpp"

namespace ruaudit::jobs {

parser::FailureMail take_apart(const ingest::Bytes& octets, const ingest::UnpackLimits& limits);

// take_apart() and parse_failure_report(): everything between a payload and its value.
model::FailureReport read_failure_report(const ingest::Bytes& octets, const ingest::UnpackLimits& limits,
                                         const parser::FailureLimits& report_limits = {});

}  // namespace ruaudit::jobs
