// Reads one sample as the program's pipeline does, without a store: source -> items -> leaves -> reports. What comes
// out is kept whole, because samples are small. Limits are the stages' own defaults.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ingest/unpack.hpp"
#include "model/aggregate_report.hpp"
#include "parser/aggregate_report_parser.hpp"

namespace ruaudit::tests {

class CollectingSink : public model::RecordSink {
 public:
  void policy(const model::PolicyPublished&) override { ++policies; }
  void record(const model::Record& record) override { records.push_back(record); }
  void defect(const model::Defect& defect) override { defects.push_back(defect); }

  std::size_t policies = 0;
  std::vector<model::Record> records;
  std::vector<model::Defect> defects;
};

struct ReadReport {
  model::AggregateReport report;
  std::vector<model::Record> records;
  std::vector<model::Defect> defects;
};

struct ReadItem {  // one mail or file
  std::string locator;
  std::vector<ReadReport> reports;
  std::vector<model::Error> errors;  // of the item, of a leaf or of the parser, in the order they were met
  std::vector<ingest::PayloadOutcome> leaves;
};

std::vector<ReadItem> read_sample(const std::filesystem::path& path);

// One report from its text; nothing when it was refused (then error says why).
struct ParsedText {
  std::optional<ReadReport> read;
  std::optional<model::Error> error;
};
ParsedText parse_text(std::string_view text);

}  // namespace ruaudit::tests
