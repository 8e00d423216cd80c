// The sinks between unpacking and encoding: takes the leaf payloads of one item, runs the parser over those that are
// aggregate reports, hands failure reports to FailureReading, TLS reports to TlsReading, and sends the writer's steps
// for every payload.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "ingest/payload.hpp"
#include "ingest/unpack.hpp"
#include "jobs/ingest/failure_reading.hpp"
#include "jobs/ingest/tls_reading.hpp"
#include "jobs/ingest/work.hpp"
#include "jobs/ingest/work_budget.hpp"
#include "model/sample_policy.hpp"
#include "parser/aggregate_text.hpp"
#include "parser/report_hints.hpp"
#include "store/aggregate/report_encoder.hpp"
#include "verify/consistency/record_check.hpp"

namespace ruaudit::jobs {

// What the ledger says of an error in a part.
store::Finding finding_of(const model::Error& error, const std::string& part);
// Error "report-behind": a text of another kind follows the one that was read.
model::Error report_behind(const char* what, const char* of);

class ReportReading final : public ingest::PayloadSink, private model::RecordSink {
 public:
  ReportReading(store::ReportEncoder encoder, FailureReading failures, std::unique_ptr<TlsReading> tls,
                const verify::suffix::PublicSuffixList& list, const parser::AggregateLimits& limits,
                model::SamplePolicy samples, StepSink& sender);

  // Reports for a policy domain that is neither one of these nor below one are flagged; empty: none is.
  void expect_domains(std::vector<model::Domain> domains) { domains_ = std::move(domains); }
  // Before the payloads of an item: what its mail header, or else its own file name, can fill gaps of a report with.
  void start_item(parser::ReportHints hints, std::int64_t received, std::int64_t seen, std::uint64_t octets);
  // True when one of the item's payloads was a report, or broken so that it may be one: its octets are worth keeping.
  [[nodiscard]] bool is_worth_keeping() const { return is_worth_keeping_; }
  // True when nothing in the item can be a mail of people's that no later step cuts: every part that was or may be a
  // report is one of machines' (aggregate, TLS), or a failure report that is stored.
  [[nodiscard]] bool is_known_throughout() const { return is_worth_keeping_ && !has_unread_; }
  // True for what merely accompanies a report that this item has brought.
  [[nodiscard]] bool is_covering_letter(ingest::PayloadKind kind) const;
  // After unpacking: whether nothing but text came, and the parts that begin() did not take.
  void set_letter_alone(bool is_alone) { is_letter_alone_ = is_alone; }
  void add_untaken(const ingest::PayloadOutcome& outcome);
  void add_part(const store::Part& part, store::Outcome outcome, store::Finding finding);

  bool begin(const ingest::PayloadInfo& info) override;
  bool chunk(std::string_view octets) override;
  void note(const model::Defect& odd) override { defect(odd); }
  void end(const model::Result<void>& result) override;

 private:
  void policy(const model::PolicyPublished& published) override;
  void record(const model::Record& record) override;
  void defect(const model::Defect& defect) override;
  void send_batch();
  bool is_exceeded(std::size_t more_octets);
  void reject(const model::Error& error);
  void begin_report(const std::string& part, bool is_report = true);
  void finish_report();
  void begin_next_report();
  void reject_json_behind();
  model::Result<void> begin_next_document();
  model::Result<void> read_next_documents();
  [[nodiscard]] std::string shown(const std::string& path, bool is_report) const;
  void keep(const ingest::PayloadInfo& info);
  [[nodiscard]] bool is_lost_report(const ingest::PayloadInfo& info) const;
  [[nodiscard]] bool is_foreign(const std::string& policy_domain) const;

  void end_failure(const model::Result<void>& result);
  void end_tls(const model::Result<void>& result);

  store::ReportEncoder encoder_;
  FailureReading failures_;
  std::unique_ptr<TlsReading> tls_;
  verify::consistency::RecordChecker checker_;
  parser::AggregateLimits limits_;
  StepSink& sender_;
  WorkBudget budget_;
  std::size_t octets_since_look_ = 0;
  parser::ReportHints hints_;
  std::optional<parser::AggregateText> parser_;
  std::optional<model::Error> parse_error_;
  std::string payload_name_, payload_part_, part_;
  unsigned documents_ = 1;  // reports begun in the payload
  std::int64_t received_ = 0, seen_ = 0;
  std::vector<model::Domain> domains_;
  bool is_worth_keeping_ = false;
  bool is_letter_alone_ = false;
  bool has_unread_ = false;  // a part that may hold people's mail, and that nothing stored lets cut
  model::SamplePolicy samples_;
};

}  // namespace ruaudit::jobs
