#include "sample_reader.hpp"

#include <memory>

#include "parser/aggregate_text.hpp"
#include "parser/report_hints.hpp"

namespace ruaudit::tests {
namespace {

// Gives each aggregate leaf to a parser of its own.
class LeafReader : public ingest::PayloadSink {
 public:
  LeafReader(ReadItem& item, parser::ReportHints hints) : item_(item), hints_(std::move(hints)) {}

  bool begin(const ingest::PayloadInfo& info) override {
    // XML of another root goes to the parser as well: its refusal is the reason.
    if (info.kind != ingest::PayloadKind::aggregate_xml && info.kind != ingest::PayloadKind::other_xml) return false;
    if (!info.name.empty()) hints_.file_name = info.name;
    refusal_.reset();
    sink_ = std::make_unique<CollectingSink>();
    parser_ = std::make_unique<parser::AggregateText>(*sink_);
    return true;
  }

  bool chunk(std::string_view octets) override {
    if (auto fed = parser_->feed(octets); !fed) refusal_ = std::move(fed).error();
    while (!refusal_ && parser_->has_next_document()) {
      end_report();
      begin_next();
    }
    return !refusal_;
  }

  void end(const model::Result<void>& unpacked) override {
    if (refusal_) return item_.errors.push_back(*refusal_);
    if (!unpacked) return;  // the error stands in the leaf's outcome
    end_report();
    while (!refusal_ && parser_->has_next_document()) {
      begin_next();
      end_report();
    }
  }

 private:
  void end_report() {
    auto report = parser_->finish();
    if (!report) return item_.errors.push_back(std::move(report).error());
    for (auto& defect : parser::fill_gaps(report->header, hints_)) sink_->defects.push_back(std::move(defect));
    item_.reports.push_back({std::move(*report), std::move(sink_->records), std::move(sink_->defects)});
  }
  void begin_next() {
    sink_->records.clear();
    sink_->defects.clear();
    if (auto next = parser_->next_document(); !next) refusal_ = std::move(next).error();
  }

  ReadItem& item_;
  parser::ReportHints hints_;
  std::unique_ptr<CollectingSink> sink_;
  std::unique_ptr<parser::AggregateText> parser_;
  std::optional<model::Error> refusal_;
};

ReadItem read_item(const ingest::RawItem& raw, const std::filesystem::path& path) {
  const ingest::UnpackLimits limits;
  ReadItem item{.locator = raw.locator, .reports = {}, .errors = {}, .leaves = {}};
  parser::ReportHints hints{.file_name = path.filename().string(), .subject = {}, .from = {}};
  if (const auto header = ingest::read_mail_header(raw, limits)) {
    hints.subject = header->subject;
    hints.from = header->from;
  }
  LeafReader sink(item, std::move(hints));
  auto result = ingest::unpack(raw, limits, sink);
  for (const auto& leaf : result.payloads)
    if (leaf.error && leaf.error->code != "stopped") item.errors.push_back(*leaf.error);
  if (result.error) item.errors.push_back(*result.error);
  item.leaves = std::move(result.payloads);
  return item;
}

}  // namespace

std::vector<ReadItem> read_sample(const std::filesystem::path& path) {
  std::vector<ReadItem> items;
  auto reader = ingest::SourceReader::open(path.string(), {});
  if (!reader) return {ReadItem{.locator = {}, .reports = {}, .errors = {reader.error()}, .leaves = {}}};
  while (auto next = reader->next()) {
    if (*next)
      items.push_back(read_item(**next, path));
    else
      items.push_back({.locator = {}, .reports = {}, .errors = {next->error()}, .leaves = {}});
  }
  return items;
}

ParsedText parse_text(std::string_view text) {
  CollectingSink sink;
  parser::AggregateReportParser parser(sink);
  if (auto fed = parser.feed(text); !fed) return {std::nullopt, fed.error()};
  auto report = parser.finish();
  if (!report) return {std::nullopt, report.error()};
  return {ReadReport{std::move(*report), std::move(sink.records), std::move(sink.defects)}, std::nullopt};
}

}  // namespace ruaudit::tests
