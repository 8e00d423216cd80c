// The parser of DMARC aggregate reports (RFC 7489 appendix C, RFC 9990 appendix A and the drafts between them).
// In: the bytes of one unpacked report, in chunks of any size; any split gives the same report. Out: the records, one
// by one, and the defects to the sink; the header and the totals from finish(). One pass; memory does not grow with
// the report. Two engines stand behind it: a scanner that reads well-formed UTF-8 directly, and, from the first byte
// that scanner is not certain of, a repairing tokenizer in front of libxml2's SAX2 push parser. Refused are texts that
// are not a report, any DOCTYPE (no entity is ever expanded), and what exceeds AggregateLimits; everything else is
// read, with Defects (docs/defects.md). The sink must outlive the parser.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "model/aggregate_report.hpp"
#include "model/result.hpp"

namespace ruaudit::parser {

struct AggregateLimits {
  std::size_t depth = 64;                     // open elements; beyond: refused
  std::size_t tag_bytes = 16'384;             // one tag with its attributes; beyond: refused
  std::size_t prolog_bytes = 65'536;          // in front of the root element; beyond: refused
  std::size_t text_bytes = 16'384;            // one text element; beyond: cut, with a Defect
  std::size_t results_per_row = 100;          // DKIM, SPF results and reasons each; beyond: dropped, with a Defect
  std::size_t records_before_policy = 1'000;  // buffered until policy_published is seen
  std::size_t defects = 10'000;               // kept per report; beyond: counted
  std::uint64_t records = 16'000'000;         // beyond: refused; the store numbers rows with 24 bits
};

enum class XmlEngine : std::uint8_t {
  automatic,  // the scanner, libxml2 from the first doubtful byte on
  libxml2,    // libxml2 for everything: the oracle of the tests
};

class AggregateReportParser {
 public:
  explicit AggregateReportParser(model::RecordSink& sink, const AggregateLimits& limits = {},
                                 XmlEngine engine = XmlEngine::automatic);
  ~AggregateReportParser();
  AggregateReportParser(const AggregateReportParser&) = delete;
  AggregateReportParser& operator=(const AggregateReportParser&) = delete;

  // Takes the next bytes. An error (code as in docs/defects.md, message with the line) refuses the report: what the
  // sink received is then void, and every later call repeats the error.
  model::Result<void> feed(std::string_view chunk);

  // Ends the report: delivers what is still buffered and returns header and totals. Call once for each document.
  model::Result<model::AggregateReport> finish();

  // True once another report begins after the root (feed() keeps the text of it): finish() this one, then
  // next_document() reads on.
  [[nodiscard]] bool has_next_document() const;
  model::Result<void> next_document();

  // True while the scanner reads alone (for measurements and tests).
  [[nodiscard]] bool is_scanning() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ruaudit::parser
