// The reports of one text: as AggregateReportParser (which reads the first alone), and what begins after the root of
// one as another. Also what an ingest needs to know about dates: which are plausible, and which ones identity uses.
#pragma once
#include <memory>
#include <string_view>

#include "model/aggregate_report.hpp"
#include "model/result.hpp"
#include "parser/aggregate_report_parser.hpp"
#include "parser/date_text.hpp"

namespace ruaudit::parser {

class AggregateText {
 public:
  // latest_date: seconds since the epoch; begin and end beyond it are absent, with a Defect. The sink must outlive
  // this.
  explicit AggregateText(model::RecordSink& sink, const AggregateLimits& limits = {},
                         std::int64_t latest_date = no_latest_date, XmlEngine engine = XmlEngine::automatic);
  ~AggregateText();
  AggregateText(const AggregateText&) = delete;
  AggregateText& operator=(const AggregateText&) = delete;

  // As AggregateReportParser.
  model::Result<void> feed(std::string_view chunk);
  // Ends the current report; call once for each.
  model::Result<model::AggregateReport> finish();
  // After finish(): the dates as identity has always read them, plausible or not (docs/identity.md).
  [[nodiscard]] const model::DateRange& identity_range() const;

  // True once another report begins after the root (feed() keeps its text): finish() this one, then next_document()
  // reads on.
  [[nodiscard]] bool has_next_document() const;
  model::Result<void> next_document();
  // After finish(): a JSON text begins after the root, and is not read.
  [[nodiscard]] bool has_json_behind() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ruaudit::parser
