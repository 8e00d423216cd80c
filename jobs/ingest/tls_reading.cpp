#include "jobs/ingest/tls_reading.hpp"

#include <algorithm>

#include "jobs/ingest/report_reading.hpp"
#include "model/calendar.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::size_t window_octets = std::size_t{64} * 1024;
constexpr unsigned most_documents = 1000;  // in one payload: "too-many-reports"

}  // namespace

model::Result<std::unique_ptr<TlsReading>> TlsReading::create(const ingest::UnpackLimits& limits,
                                                              std::uint64_t max_records) {
  TRY(auto encoder, store::TlsEncoder::create());
  parser::tls::TlsLimits report_limits;
  report_limits.policies = static_cast<std::uint32_t>(std::min<std::uint64_t>(report_limits.policies, max_records));
  report_limits.failures = std::min(report_limits.failures, max_records);
  return std::make_unique<TlsReading>(std::move(encoder), limits, report_limits);
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
                          "raise the limit if you trust the sender");
  return spool_->append(octets);
}

std::string TlsReading::part_of(unsigned document) const {
  if (document == 1) return part_;
  return part_ + (part_.empty() ? "report " : "/report ") + std::to_string(document);
}

bool TlsReading::end(const model::Result<void>& result, Context context, StepSink& sender, WorkBudget& budget) {
  context_ = std::move(context);
  sender_ = &sender;
  budget_ = &budget;
  const auto spool = std::move(spool_);
  document_part_ = part_;
  auto octets = result ? spool->take() : model::failure(result.error());
  has_report_ = has_foreign_text_ = false;
  if (octets) {
    read_all(*octets);
    return has_report_ && !has_foreign_text_;
  }
  sender.send(BeginReport{{.kind = store::PartKind::tls, .path = part_}});
  reject(octets.error());
  return false;
}

void TlsReading::read_all(const ingest::Bytes& octets) {
  std::size_t at = 0;
  const auto next = [&]() {
    if (budget_->check()) return std::string_view();
    octets.drop_before(at);
    const auto window = octets.view().substr(at, window_octets);
    at += window.size();
    return window;
  };
  parser::tls::JsonText text(next, report_limits_.token_octets);
  for (unsigned document = 1; read_next(text, document); ++document) continue;
}

// False: nothing follows that can be read.
bool TlsReading::read_next(parser::tls::JsonText& text, unsigned document) {
  document_part_ = part_of(document);
  encoder_.begin();
  foreign_.clear();
  sender_->send(BeginReport{{.kind = store::PartKind::tls, .path = document_part_}});
  const auto ends = [this](const model::Error& error) {
    reject(error);
    return false;
  };
  if (document > most_documents)
    return ends({"too-many-reports", "more than " + std::to_string(most_documents) + " reports in one text", ""});
  if (document > 1 && text.is_at_markup()) return skip_markup(text);
  if (document == 1 && !text.find_text()) return ends({"json-malformed", "line 1: nothing in it", ""});
  auto report = parser::tls::parse_tls_report(text, report_limits_, context_.hints, *this);
  if (budget_->check()) return ends(*budget_->check());
  if (!report) {
    reject(report.error());
    // A whole text, so that others may follow: of whatever it was.
    if (report.error().code != "not-a-tls-report") return false;
    has_foreign_text_ = true;
    return text.find_text() && (text.is_at_markup() || text.current() == '{');
  }
  has_report_ = true;
  const bool has_more = !report->is_damaged && text.find_text();
  finish_report(std::move(*report));
  return has_more;
}

// XML behind a report is not read here, but what stands behind it is.
bool TlsReading::skip_markup(parser::tls::JsonText& text) {
  reject(report_behind("XML", "the JSON"));
  text.skip_markup();
  return text.find_text() && (text.is_at_markup() || text.find_object());
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
