// A report out of a cluster as the values that the parser yields, so that it is encoded and written by the same code as
// one that was read from a mail. Words that this program does not know become `unknown`.
#pragma once
#include "model/aggregate_report.hpp"
#include "model/record_check.hpp"
#include "store/aggregate/encoded_report.hpp"
#include "store/outbox/report_reader.hpp"
#include "store/outbox/tls_reader.hpp"
#include "store/tls/encoded_report.hpp"

namespace ruaudit::store {

model::AggregateReport report_values(const ShippedReport& report);
CheckBasis check_basis(const ShippedReport& report);
// `into` keeps its memory from record to record.
void set_record_values(model::Record& into, const ShippedRecord& record);
model::RecordCheck check_values(std::int64_t self_check);

TlsHeader tls_header(const ShippedTlsReport& report);
// Error "cluster-incomplete": a list of a policy is none.
model::Result<TlsBatch> tls_batch(const ShippedTlsReport& report);

}  // namespace ruaudit::store
