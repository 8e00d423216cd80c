// SMTP TLS reports between unpacking and the writer: keeps the octets of a payload until all are there (beyond a bound
// in a spool), has the reports in them parsed one after the other, and sends the writer's steps.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/bytes.hpp"
#include "ingest/limits.hpp"
#include "jobs/ingest/work.hpp"
#include "jobs/ingest/work_budget.hpp"
#include "parser/report_hints.hpp"
#include "parser/tls/report_parser.hpp"
#include "store/tls/encoder.hpp"

namespace ruaudit::jobs {

class TlsReading final : private model::TlsSink {
 public:
  struct Context {
    parser::ReportHints hints;
    std::int64_t seen = 0;  // when the item was there last
    std::function<bool(const std::string& domain)> is_foreign;
  };
  // `max_records`: policies, and failures, of one report.
  static model::Result<std::unique_ptr<TlsReading>> create(const ingest::UnpackLimits& limits,
                                                           std::uint64_t max_records);
  TlsReading(store::TlsEncoder encoder, const ingest::UnpackLimits& limits, const parser::tls::TlsLimits& report_limits)
      : encoder_(std::move(encoder)), limits_(limits), report_limits_(report_limits) {}

  void begin(std::string part);
  model::Result<void> chunk(std::string_view octets);
  void note(const model::Defect& odd) { packaging_.push_back(odd); }
  // All octets are there, or an error says why not: then the part is rejected. True: a report was in it,
  // and no JSON text that is none.
  bool end(const model::Result<void>& result, Context context, StepSink& sender, WorkBudget& budget);
  [[nodiscard]] bool is_open() const { return spool_ != nullptr; }

 private:
  bool policy(const model::TlsPolicy& policy) override;
  bool failure(const model::TlsFailure& failure) override;
  void defect(const model::Defect& defect) override;
  bool goes_on();
  void send_batch();
  void read_all(const ingest::Bytes& octets);
  bool read_next(parser::tls::JsonText& text, unsigned document);
  bool skip_markup(parser::tls::JsonText& text);
  void finish_report(model::TlsReport report);
  void reject(const model::Error& error);
  [[nodiscard]] std::string part_of(unsigned document) const;

  store::TlsEncoder encoder_;
  ingest::UnpackLimits limits_;
  parser::tls::TlsLimits report_limits_;
  std::unique_ptr<ingest::Spool> spool_;
  std::string part_, document_part_;
  std::vector<model::Defect> packaging_;
  Context context_;
  StepSink* sender_ = nullptr;
  WorkBudget* budget_ = nullptr;
  bool has_report_ = false, has_foreign_text_ = false;
  std::string foreign_;  // the first domain that is not expected
};

}  // namespace ruaudit::jobs
