#include "jobs/ingest/tls_reading.hpp"

#include <algorithm>

#include "jobs/ingest/report_reading.hpp"
#include "model/calendar.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::size_t window_octets = std::size_t{256} * 1024;
constexpr unsigned most_documents = 1000;  // in one payload: "too-many-reports"

}  // namespace

model::Result<std::unique_ptr<TlsReading>> TlsReading::create(const ingest::UnpackLimits& limits) {
  TRY(auto encoder, store::TlsEncoder::create());
  return std::make_unique<TlsReading>(std::move(encoder), limits);
}

void TlsReading::begin(std::string part) {
  part_ = std::move(part);
  packaging_.clear();
  spool_ = std::make_unique<ingest::Spool>(limits_.heap_bytes, limits_.spool_folder);
}

model::Result<void> TlsReading::chunk(std::string_view octets) {
  if (spool_->size() + octets.size() > limits_.message_bytes)
    return model::failure("tls-report-too-large",
                          "a TLS report of more than " + std::to_string(limits_.message_bytes) + " octets",
                          "raise the limit if the sender is honest");
  return spool_->append(octets);
}

std::string TlsReading::part_of(unsigned document) const {
  if (document == 1) return part_;
  return part_ + (part_.empty() ? "report " : "/report ") + std::to_string(document);
}

void TlsReading::end(const model::Result<void>& result, Context context, StepSink& sender, WorkBudget& budget) {
  context_ = std::move(context);
  sender_ = &sender;
  budget_ = &budget;
  const auto spool = std::move(spool_);
  document_part_ = part_;
  auto octets = result ? spool->take() : model::failure(result.error());
  if (octets) return read_all(*octets);
  sender.send(BeginReport{{.kind = store::PartKind::tls, .path = part_}});
  reject(octets.error());
}

void TlsReading::read_all(const ingest::Bytes& octets) {
  std::size_t at = 0;
  const auto next = [&]() {
    octets.drop_before(at);
    const auto window = octets.view().substr(at, window_octets);
    at += window.size();
    return window;
  };
  const parser::tls::TlsLimits limits;
  parser::tls::JsonText text(next, limits.token_octets);
  bool has_more = true;
  for (unsigned document = 1; has_more; ++document) {
    document_part_ = part_of(document);
    encoder_.begin();
    foreign_.clear();
    sender_->send(BeginReport{{.kind = store::PartKind::tls, .path = document_part_}});
    if (document > most_documents)
      return reject({"too-many-reports", "more than " + std::to_string(most_documents) + " reports in one text", ""});
    if (document == 1 && !text.find_text()) return reject({"json-malformed", "line 1: nothing in it", ""});
    auto report = parser::tls::parse_tls_report(text, limits, context_.hints, *this);
    if (!report) return reject(budget_->check() ? *budget_->check() : report.error());
    has_more = !report->is_damaged && text.find_text();
    finish_report(std::move(*report));
  }
}

void TlsReading::finish_report(model::TlsReport report) {
  for (const auto& odd : packaging_) defect(odd);
  const auto& end = report.header.date_range.end;
  constexpr std::int64_t clock_skew = 3600;  // a report may go off a little before its period ends
  if (end && *end > context_.seen + clock_skew) defect({"period-in-future", "ends " + model::day_text(*end), 0, 0});
  if (!foreign_.empty()) defect({"foreign-domain", foreign_.substr(0, 500), 0, 0});
  send_batch();
  sender_->send(EndTls{encoder_.finish(std::move(report)), !foreign_.empty()});
}

void TlsReading::reject(const model::Error& error) { sender_->send(RejectReport{finding_of(error, document_part_)}); }

bool TlsReading::goes_on() {
  budget_->add_records(1);
  if (encoder_.is_batch_full()) send_batch();
  return !budget_->check();
}

void TlsReading::send_batch() {
  AppendTls step{encoder_.take_batch()};
  budget_->add_stored(store::stored_octets_of(step.batch));
  sender_->send(std::move(step));
}

bool TlsReading::policy(const model::TlsPolicy& policy) {
  RUAUDIT_FAIL_POINT("pipeline.parse");
  if (foreign_.empty() && context_.is_foreign && context_.is_foreign(policy.domain)) foreign_ = policy.domain;
  encoder_.policy(policy);
  return goes_on();
}

bool TlsReading::failure(const model::TlsFailure& failure) {
  encoder_.failure(failure);
  return goes_on();
}

void TlsReading::defect(const model::Defect& defect) {
  encoder_.defect(defect);
  if (encoder_.is_batch_full()) send_batch();
}

}  // namespace ruaudit::jobs
