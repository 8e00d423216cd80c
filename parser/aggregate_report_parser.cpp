#include "parser/aggregate_report_parser.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "parser/aggregate_builder.hpp"
#include "parser/aggregate_text.hpp"
#include "parser/text_decoder.hpp"
#include "parser/xml_markup.hpp"
#include "parser/xml_repair.hpp"
#include "parser/xml_scanner.hpp"

namespace ruaudit::parser {

using model::Result;

// bytes -> TextDecoder -> (HtmlUnescaper) -> XmlScanner, from the first doubt on XmlRepair -> builder -> sink.
namespace {

class DocumentReader {
 public:
  DocumentReader(model::RecordSink& sink, const AggregateLimits& limits, std::int64_t latest_date, XmlEngine engine)
      : sink_(sink), limits_(limits), latest_date_(latest_date), engine_(engine) {
    start_document();
  }

  Result<void> feed(std::string_view chunk) {
    if (refused_) return model::failure(*refused_);
    auto result = take(chunk);
    if (!result) refused_ = result.error();
    return result;
  }

  Result<model::AggregateReport> finish() {
    if (refused_) return model::failure(*refused_);
    if (!has_begun_) TRY_VOID(begin(true));
    if (!has_next_document()) TRY_VOID(read_to_end());
    if (repair_) {
      TRY_VOID(repair_->finish());
      TRY_VOID(check_limits());
    }
    const std::uint32_t line = repair_ ? repair_->line() : scanner_->position().line;
    if (unescaper_ && unescaper_->has_left_out_tags()) builder_->defect("in-html-page", "", line);
    for (const auto& defect : decoder_.final_defects()) builder_->defect(defect.code, defect.detail, defect.line);
    return builder_->finish(line);
  }

  [[nodiscard]] bool is_scanning() const { return !repair_; }
  [[nodiscard]] const model::DateRange& identity_range() const { return builder_->identity_range(); }
  [[nodiscard]] bool has_next_document() const { return repair_ && repair_->has_next_document(); }
  [[nodiscard]] bool has_json_behind() const { return repair_ && repair_->has_json_behind(); }

  Result<void> next_document() {
    if (refused_) return model::failure(*refused_);
    start_document(repair_->line());
    auto result = read(false);
    if (!result) refused_ = result.error();
    return result;
  }

 private:
  void start_document(std::uint32_t line = 1) {
    repair_.reset();
    scanner_.reset();
    builder_.emplace(sink_, limits_, latest_date_);
    scanner_.emplace(*builder_, limits_, line);
    if (engine_ == XmlEngine::libxml2) hand_over();
  }

  static constexpr std::size_t head_size = 1024;  // enough for byte order marks and the XML declaration

  Result<void> take(std::string_view chunk) {
    if (has_begun_) return pass(decoder_.decode(chunk, false), false);
    const std::size_t part = std::min(chunk.size(), head_size - head_.size());
    head_ += chunk.substr(0, part);
    if (head_.size() < head_size) return {};
    TRY_VOID(begin(false));
    return pass(decoder_.decode(chunk.substr(part), false), false);
  }

  Result<void> read_to_end() {
    TRY_VOID(pass(decoder_.decode({}, true), true));
    if (!repair_ && (!scanner_->is_at_end() || !rest_.empty())) hand_over();
    return repair_ ? read(true) : Result<void>{};
  }

  // Decides on the encoding and reads the head.
  Result<void> begin(bool is_final) {
    has_begun_ = true;
    const std::size_t skip = decoder_.begin(head_);
    for (const auto& defect : decoder_.defects()) builder_->defect(defect.code, defect.detail, defect.line);
    std::string text(decoder_.decode(std::string_view(head_).substr(skip), false));
    head_.clear();
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos && is_final)
      return model::failure("empty-report", "the text is empty", "the attachment holds no report");
    if (first != std::string::npos && starts_escaped(std::string_view(text).substr(first))) begin_escaped(text);
    return pass(text, false);
  }

  static bool starts_escaped(std::string_view text) {
    return text.front() == '&' && scan_reference(text).code_point == '<';
  }

  void begin_escaped(std::string_view head) {
    constexpr std::string_view root = "<feedback";
    unescaper_.emplace();
    builder_->defect("html-escaped", "", 1);
    const bool is_root_escaped = HtmlUnescaper().decode(head, true).find(root) != std::string_view::npos;
    if (is_root_escaped && head.find(root) == std::string_view::npos) unescaper_->leave_out_tags();
  }

  Result<void> pass(std::string_view text, bool is_final) {
    if (unescaper_) text = unescaper_->decode(text, is_final);
    if (rest_.empty()) return consume(text);
    rest_ += text;
    return read(false);
  }

  // Reads text, which is not in rest_, and keeps in rest_ what is not taken.
  Result<void> consume(std::string_view text) {
    TRY(const std::size_t consumed, step(text, false));
    rest_.assign(text.substr(consumed));
    return check_limits();
  }
  Result<void> read(bool is_final) {
    TRY(const std::size_t consumed, step(rest_, is_final));
    rest_.erase(0, consumed);
    return check_limits();
  }

  Result<std::size_t> step(std::string_view text, bool is_final) {
    std::size_t consumed = 0;
    if (!repair_) {
      const XmlScanner::Step step = scanner_->run(text);
      if (step.is_certain) return step.consumed;
      consumed = step.consumed;
      hand_over();
    }
    TRY(const std::size_t more, repair_->run(text.substr(consumed), is_final));
    return consumed + more;
  }

  void hand_over() { repair_.emplace(*builder_, limits_, scanner_->position()); }

  Result<void> check_limits() {
    if (!builder_->has_too_many_records()) return {};
    return model::failure("too-many-records", "more than " + std::to_string(limits_.records) + " records");
  }

  model::RecordSink& sink_;
  AggregateLimits limits_;
  std::int64_t latest_date_;
  XmlEngine engine_;
  std::optional<AggregateBuilder> builder_;
  std::optional<XmlScanner> scanner_;
  std::optional<XmlRepair> repair_;
  TextDecoder decoder_;
  std::optional<HtmlUnescaper> unescaper_;
  std::string head_;  // the first bytes, until the encoding is decided
  std::string rest_;  // text whose token is not complete yet
  std::optional<model::Error> refused_;
  bool has_begun_ = false;
};

}  // namespace

class AggregateReportParser::Impl : public DocumentReader {
 public:
  using DocumentReader::DocumentReader;
};

AggregateReportParser::AggregateReportParser(model::RecordSink& sink, const AggregateLimits& limits, XmlEngine engine)
    : impl_(std::make_unique<Impl>(sink, limits, no_latest_date, engine)) {}
AggregateReportParser::~AggregateReportParser() = default;

Result<void> AggregateReportParser::feed(std::string_view chunk) { return impl_->feed(chunk); }
Result<model::AggregateReport> AggregateReportParser::finish() { return impl_->finish(); }
bool AggregateReportParser::has_next_document() const { return impl_->has_next_document(); }
Result<void> AggregateReportParser::next_document() { return impl_->next_document(); }
bool AggregateReportParser::is_scanning() const { return impl_->is_scanning(); }

class AggregateText::Impl : public DocumentReader {
 public:
  using DocumentReader::DocumentReader;
};

AggregateText::AggregateText(model::RecordSink& sink, const AggregateLimits& limits, std::int64_t latest_date,
                             XmlEngine engine)
    : impl_(std::make_unique<Impl>(sink, limits, latest_date, engine)) {}
AggregateText::~AggregateText() = default;

Result<void> AggregateText::feed(std::string_view chunk) { return impl_->feed(chunk); }
Result<model::AggregateReport> AggregateText::finish() { return impl_->finish(); }
const model::DateRange& AggregateText::identity_range() const { return impl_->identity_range(); }
bool AggregateText::has_next_document() const { return impl_->has_next_document(); }
bool AggregateText::has_json_behind() const { return impl_->has_json_behind(); }
Result<void> AggregateText::next_document() { return impl_->next_document(); }

}  // namespace ruaudit::parser
