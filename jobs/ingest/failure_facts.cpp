#include "jobs/ingest/failure_facts.hpp"

#include "model/failure_sample.hpp"
#include "verify/dmarc/author_domain.hpp"
#include "verify/message/message.hpp"
#include "verify/trace/session_facts.hpp"

namespace ruaudit::jobs {
namespace {

std::optional<std::string> author_of(const verify::message::Message& message) {
  std::vector<std::string_view> values;
  for (const auto position : message.positions("From")) values.push_back(message.fields()[position].value);
  const auto authors = verify::dmarc::find_authors(values);
  if (authors.domains.size() != 1) return std::nullopt;
  return authors.domains.front().text();
}

}  // namespace

store::FailureFacts facts_of(const model::FailureReport& report, std::int64_t received) {
  store::FailureFacts facts;
  std::optional<std::int64_t> trace;
  const auto repaired = model::repaired_sample(report);
  if (const auto message = verify::message::Message::view(repaired.octets); message && !repaired.octets.empty()) {
    facts.header_from = author_of(*message);
    const auto session = verify::trace::session_facts(message->fields());
    if (session.arrival) trace = session.arrival->value;
  }
  const auto date = report.reporter.date_epoch;
  facts.at = report.claims.arrival_date ? *report.claims.arrival_date : trace ? *trace : date.value_or(received);
  return facts;
}

}  // namespace ruaudit::jobs
