#include "jobs/ingest/report_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/calendar.hpp"
#include "model/fail_point.hpp"
#include "model/part_path.hpp"

namespace ruaudit::jobs {
namespace {

using ingest::PayloadKind;

// "line 17" out of a message that names a line; the ledger has a column for the place.
std::string place_in(std::string_view message) {
  const auto at = message.find("line ");
  if (at == std::string_view::npos) return {};
  auto end = at + 5;
  while (end < message.size() && message[end] >= '0' && message[end] <= '9') ++end;
  return end == at + 5 ? std::string() : std::string(message.substr(at, end - at));
}

store::PartKind part_kind(PayloadKind kind) {
  switch (kind) {
    case PayloadKind::aggregate_xml:
    case PayloadKind::wrapped_report:
      return store::PartKind::aggregate;
    case PayloadKind::failure_report:
    case PayloadKind::other_feedback:
      return store::PartKind::failure;
    case PayloadKind::tls_report:
      return store::PartKind::tls;
    default:
      return store::PartKind::other;
  }
}

constexpr std::int64_t clock_skew = 3600;  // a report may leave a little before its period ends

store::CheckBasis basis_of(const model::ReportHeader& header, const verify::consistency::RecordChecker& checker) {
  const bool by_walk = header.policy_published.discovery_method == model::DiscoveryMethod::treewalk;
  return {.alignment_method = by_walk ? model::DiscoveryMethod::treewalk : model::DiscoveryMethod::psl,
          .suffix_list = checker.list_version()};
}

}  // namespace

// The ledger and every message name the part already: what the error says of it again goes.
store::Finding finding_of(const model::Error& error, const std::string& part) {
  std::string reason = error.message;
  if (!part.empty() && reason.starts_with(part + ": ")) reason.erase(0, part.size() + 2);
  if (!error.hint.empty()) reason += "; " + error.hint;
  return {.code = error.code, .place = place_in(error.message), .reason = std::move(reason)};
}

model::Error report_behind(const char* what, const char* of) {
  return {"report-behind", fmt::format("{} text follows {} text, and only one kind is read from a file", what, of),
          "split the file in two, and ingest each part"};
}

ReportReading::ReportReading(store::ReportEncoder encoder, FailureReading failures, std::unique_ptr<TlsReading> tls,
                             const verify::suffix::PublicSuffixList& list, const parser::AggregateLimits& limits,
                             model::SamplePolicy samples, StepSink& sender)
    : encoder_(std::move(encoder)),
      failures_(std::move(failures)),
      tls_(std::move(tls)),
      checker_(list),
      limits_(limits),
      sender_(sender),
      samples_(samples) {}

void ReportReading::start_item(parser::ReportHints hints, std::int64_t received, std::int64_t seen,
                               std::uint64_t octets) {
  budget_.begin_item(octets);
  octets_since_look_ = 0;
  hints_ = std::move(hints);
  received_ = received;
  seen_ = seen;
  is_worth_keeping_ = false;
  has_unread_ = false;
}

// Names of files in a mail are its words; those of aggregate reports are not people's.
std::string ReportReading::shown(const std::string& path, bool is_report) const {
  return is_report || model::permits_bodies(samples_) ? path : model::path_without_names(path);
}

// A report of a machine by what it is or is called; anything else that cannot be read may hold people's mail.
void ReportReading::keep(const ingest::PayloadInfo& info) {
  is_worth_keeping_ = true;
  const bool is_machines = info.kind == PayloadKind::aggregate_xml || info.kind == PayloadKind::tls_report ||
                           parser::is_report_name(info.name);
  has_unread_ = has_unread_ || !is_machines;
}

void ReportReading::add_part(const store::Part& part, store::Outcome outcome, store::Finding finding) {
  const bool is_report = part.kind == store::PartKind::aggregate || part.kind == store::PartKind::tls;
  sender_.send(AddPart{{.kind = part.kind, .path = shown(part.path, is_report)}, outcome, std::move(finding)});
}

bool ReportReading::is_covering_letter(PayloadKind kind) const {
  const bool is_letter = kind == PayloadKind::text || kind == PayloadKind::html || kind == PayloadKind::signature;
  return is_letter && is_worth_keeping_;
}

void ReportReading::add_untaken(const ingest::PayloadOutcome& outcome) {
  const PayloadKind kind = outcome.info.kind;
  const store::Part part{.kind = part_kind(kind), .path = outcome.info.part};
  if (outcome.error) {
    keep(outcome.info);
    return add_part(part, store::Outcome::rejected, finding_of(*outcome.error, part.path));
  }
  const std::string token(model::to_text(kind));
  if (is_unsupported(kind)) {
    keep(outcome.info);
    return add_part(part, store::Outcome::rejected,
                    {.code = token,
                     .place = {},
                     .reason = fmt::format("{} is recognised but not opened; unpack it by other means", token)});
  }
  if (is_lost_report(outcome.info)) {
    keep(outcome.info);
    return add_part(part, store::Outcome::rejected,
                    {.code = "unrecognised",
                     .place = {},
                     .reason = fmt::format("named as a report, but the content is {} and contains none that can be "
                                           "read; ask its sender for the file again",
                                           token)});
  }
  add_part(part, store::Outcome::not_a_report, {.code = token, .place = {}, .reason = "holds no report"});
}

// The file name, or the subject of a mail that has brought no report, promises one.
bool ReportReading::is_lost_report(const ingest::PayloadInfo& info) const {
  if (info.kind == PayloadKind::delivery_status || info.kind == PayloadKind::signature) return false;
  if (parser::is_report_name(info.name)) return true;
  const bool is_letter = info.kind == PayloadKind::text || info.kind == PayloadKind::html;
  return !is_worth_keeping_ && (!is_letter || is_letter_alone_) && parser::is_report_subject(hints_.subject);
}

bool ReportReading::begin(const ingest::PayloadInfo& info) {
  parse_error_.reset();
  if (FailureReading::wants(info.kind)) {
    failures_.begin(info.part, received_);
    return true;
  }
  payload_name_ = info.name;
  if (info.kind == PayloadKind::tls_report) {
    keep(info);
    tls_->begin(shown(info.part, parser::is_report_name(info.name)));
    return true;
  }
  // An XML text with another root is the parser's to refuse: it names the root and the line.
  if (info.kind != PayloadKind::aggregate_xml && info.kind != PayloadKind::other_xml) return false;
  keep(info);
  payload_part_ = info.part;
  documents_ = 1;
  parse_error_.reset();
  parser_.emplace(static_cast<model::RecordSink&>(*this), limits_, hints_.latest_date);
  begin_report(info.part, info.kind == PayloadKind::aggregate_xml);
  return true;
}

void ReportReading::begin_report(const std::string& part, bool is_report) {
  part_ = part;
  encoder_.begin();
  checker_.policy({});
  sender_.send(BeginReport{{.kind = store::PartKind::aggregate, .path = shown(part, is_report)}});
}

// Several reports in one text: each is a part of its own.
void ReportReading::begin_next_report() {
  ++documents_;
  begin_report(payload_part_ + (payload_part_.empty() ? "report " : "/report ") + std::to_string(documents_));
}

void ReportReading::reject_json_behind() {
  begin_next_report();
  sender_.send(RejectReport{finding_of(report_behind("JSON", "the XML"), part_)});
}

model::Result<void> ReportReading::begin_next_document() {
  if (parser_->has_json_behind()) reject_json_behind();
  begin_next_report();
  return parser_->next_document();
}

model::Result<void> ReportReading::read_next_documents() {
  while (parser_ && parser_->has_next_document()) {
    finish_report();
    if (parser_) TRY_VOID(begin_next_document());
  }
  return {};
}

// The clock of processor time is the kernel's, and asking it costs as much as reading some records.
bool ReportReading::is_exceeded(std::size_t more_octets) {
  constexpr std::size_t octets_between_looks = std::size_t{64} * 1024;
  octets_since_look_ += more_octets;
  if (octets_since_look_ < octets_between_looks) return false;
  octets_since_look_ = 0;
  const auto& exceeded = budget_.check();
  if (exceeded) parse_error_ = *exceeded;
  return exceeded.has_value();
}

bool ReportReading::chunk(std::string_view octets) {
  if (is_exceeded(octets.size())) return false;
  if (failures_.is_open()) return failures_.chunk(octets);
  if (tls_->is_open()) {
    const auto taken = tls_->chunk(octets);
    if (!taken) parse_error_ = taken.error();
    return taken.has_value();
  }
  if (!parser_) return false;
  auto fed = parser_->feed(octets);
  if (fed) fed = read_next_documents();
  if (!fed) parse_error_ = fed.error();
  return fed.has_value();
}

void ReportReading::end_failure(const model::Result<void>& result) {
  if (!result) {
    const bool is_too_large = result.error().code == "stopped" && !parse_error_;
    const model::Error error =
        is_too_large ? model::Error{"failure-too-large",
                                    fmt::format("a failure report of more than {} MiB", max_failure_octets >> 20U),
                                    "read the mail by other means"}
                     : parse_error_.value_or(result.error());
    failures_.abandon();
    is_worth_keeping_ = has_unread_ = true;
    const store::Part part{.kind = store::PartKind::failure, .path = failures_.part()};
    return add_part(part, store::Outcome::rejected, finding_of(error, part.path));
  }
  Step step = failures_.end();
  is_worth_keeping_ = is_worth_keeping_ || std::holds_alternative<AddFailure>(step);
  sender_.send(std::move(step));
}

void ReportReading::end_tls(const model::Result<void>& result) {
  parser::ReportHints hints = hints_;
  if (!payload_name_.empty()) hints.file_name = payload_name_;
  const bool has_report = tls_->end(parse_error_ ? model::Result<void>(model::failure(*parse_error_)) : result,
                                    {.hints = std::move(hints),
                                     .seen = seen_,
                                     .is_foreign = [this](const std::string& domain) { return is_foreign(domain); }},
                                    sender_, budget_);
  // People write JSON with such words, too.
  has_unread_ = has_unread_ || (!has_report && !parser::is_report_name(payload_name_));
}

void ReportReading::end(const model::Result<void>& result) {
  if (failures_.is_open()) return end_failure(result);
  if (tls_->is_open()) return end_tls(result);
  if (!parser_) return;  // rejected at the end of a report before
  if (parse_error_) return reject(*parse_error_);
  if (!result) return reject(result.error());
  finish_report();
  while (parser_ && parser_->has_next_document()) {
    if (const auto begun = begin_next_document(); !begun) return reject(begun.error());
    finish_report();
  }
  if (parser_ && parser_->has_json_behind()) reject_json_behind();
  parser_.reset();
}

void ReportReading::reject(const model::Error& error) {
  parser_.reset();
  encoder_.begin();  // what was collected of it is void
  sender_.send(RejectReport{finding_of(error, part_)});
}

void ReportReading::finish_report() {
  auto report = parser_->finish();
  if (!report) return reject(report.error());
  parser::ReportHints hints = hints_;
  if (!payload_name_.empty()) hints.file_name = payload_name_;
  model::DateRange identity = parser_->identity_range();
  parser::fill_identity_dates(identity, hints);
  for (const model::Defect& filled : parser::fill_gaps(report->header, hints)) encoder_.defect(filled);
  const auto& end = report->header.metadata.date_range.end;
  if (end && *end > seen_ + clock_skew) encoder_.defect({"period-in-future", "ends " + model::day_text(*end), 0, 0});
  const std::string& domain = report->header.policy_published.domain;
  const bool foreign = is_foreign(domain);
  if (foreign) encoder_.defect({"foreign-domain", domain.substr(0, 500), 0, 0});
  send_batch();
  // Identity rests on the dates as they were read, plausible or not; what is stored are the dates that can be.
  const model::DateRange range = std::exchange(report->header.metadata.date_range, identity);
  const store::CheckBasis basis = basis_of(report->header, checker_);
  EndReport step{encoder_.finish(std::move(*report), basis), foreign};
  step.header->report.header.metadata.date_range = range;
  sender_.send(std::move(step));
}

bool ReportReading::is_foreign(const std::string& policy_domain) const {
  if (domains_.empty()) return false;
  const auto domain = model::Domain::parse(policy_domain);
  return !domain || std::none_of(domains_.begin(), domains_.end(),
                                 [&](const model::Domain& expected) { return domain->is_at_or_below(expected); });
}

void ReportReading::send_batch() {
  AppendBatch step{encoder_.take_batch()};
  budget_.add_stored(cost_of(step));
  sender_.send(std::move(step));
}

void ReportReading::policy(const model::PolicyPublished& published) { checker_.policy(published); }

void ReportReading::record(const model::Record& record) {
  RUAUDIT_FAIL_POINT("pipeline.parse");
  budget_.add_records(1);
  encoder_.record(record, checker_.check(record));
  if (encoder_.is_batch_full()) send_batch();
}

void ReportReading::defect(const model::Defect& defect) {
  if (failures_.is_open()) return failures_.note(defect);
  if (tls_->is_open()) return tls_->note(defect);
  encoder_.defect(defect);
  if (encoder_.is_batch_full()) send_batch();
}

}  // namespace ruaudit::jobs
