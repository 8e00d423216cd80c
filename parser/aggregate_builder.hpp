// Turns the elements of an aggregate report into values and hands them to the sink. In: open, leaf and close of known
// nodes in document order (any element order), and what the XML engine found wrong; both engines call the very same
// functions. Out: records and defects to the sink; header and totals from finish(). Holds one record, and up to
// AggregateLimits::records_before_policy of them until policy_published is known.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/aggregate_report.hpp"
#include "parser/aggregate_report_parser.hpp"
#include "parser/aggregate_schema.hpp"
#include "parser/date_text.hpp"

namespace ruaudit::parser {

struct LeafText {
  std::string_view text;  // decoded, not trimmed
  std::string_view lang;  // the lang attribute, empty = none
  std::uint32_t line = 0;
};

class AggregateBuilder {
 public:
  // latest_date: as in AggregateText.
  AggregateBuilder(model::RecordSink& sink, const AggregateLimits& limits, std::int64_t latest_date = no_latest_date);

  void root(std::string_view xml_namespace, std::uint32_t line);
  void open(Node container, std::uint32_t line);
  void leaf(Node node, const LeafText& leaf);
  void close(Node container);
  void reason_text(std::string_view text);  // text directly in <reason>
  // A skipped element of no schema; detail is its path and the start of its text.
  void unknown(std::string_view code, std::string_view detail, std::uint32_t line);

  void defect(std::string_view code, std::string_view detail, std::uint32_t line);
  // The text is not well-formed here.
  void damage(std::string_view code, std::string_view detail, std::uint32_t line);
  // So many more defects were seen and not told one by one.
  void leave_out_defects(std::uint64_t count) { omitted_ += count; }
  // The open record, if any, is not to be delivered.
  void break_record() { is_record_broken_ = is_in_record_; }

  // After finish(): ReadDate::identity of both ends, in order.
  [[nodiscard]] const model::DateRange& identity_range() const { return identity_range_; }
  [[nodiscard]] bool has_too_many_records() const { return rows_ > limits_.records; }
  // Ends the report: delivers what is buffered and checks the header.
  model::AggregateReport finish(std::uint32_t line);

 private:
  friend struct LeafTable;
  using Setter = void (AggregateBuilder::*)(Node, const LeafText&);
  struct Buffered {
    model::Record record;
    std::vector<model::Defect> defects;
    bool has_name_list = false;
  };

  void begin_record(std::uint32_t line);
  void end_record();
  void check_record(std::uint32_t line);
  void deliver(model::Record& record, std::vector<model::Defect>& defects);
  [[nodiscard]] bool may_keep_defect();
  void deliver_policy();
  void flush_buffered();
  void resolve_header_from(model::Record& record, std::vector<model::Defect>& defects);
  void recycle_record();
  void begin_dkim();
  void begin_spf();
  void begin_reason();
  void end_dkim();
  void end_spf();
  void end_reason();
  void check_header(std::uint32_t line);
  void check_period(std::uint32_t line);
  [[nodiscard]] bool is_new_shape() const;

  // True when node may be set: first non-empty one wins (X11).
  bool take(Node node, const LeafText& leaf);
  void note(std::string_view code, Node node, const LeafText& leaf);       // detail: the raw text
  void note_path(std::string_view code, Node node, const LeafText& leaf);  // detail: "path: raw text"
  void set_domain(Node node, const LeafText& leaf, std::string& out);
  template <class T>
  T checked(Node node, const LeafText& leaf, T value, std::string_view code);

  // One setter per leaf.
  void set_metadata_text(Node, const LeafText&);
  void set_error(Node, const LeafText&);
  void set_date(Node, const LeafText&);
  void set_published_domain(Node, const LeafText&);
  void set_alignment(Node, const LeafText&);
  void set_policy(Node, const LeafText&);
  void set_published_text(Node, const LeafText&);
  void set_source_ip(Node, const LeafText&);
  void set_count(Node, const LeafText&);
  void set_evaluated(Node, const LeafText&);
  void set_reason(Node, const LeafText&);
  void set_identifier(Node, const LeafText&);
  void set_dkim(Node, const LeafText&);
  void set_spf(Node, const LeafText&);

  model::RecordSink& sink_;
  AggregateLimits limits_;
  std::int64_t latest_date_;
  model::AggregateReport report_;
  model::DateRange identity_range_;  // ReadDate::identity of both ends
  model::Record record_;
  std::vector<model::Defect> row_defects_;
  std::vector<Buffered> buffered_;
  std::vector<model::DkimAuthResult> spare_dkim_;  // recycled, so that a record costs no allocation
  std::vector<model::SpfAuthResult> spare_spf_;
  std::string spare_envelope_from_;
  std::string reason_text_;
  std::uint64_t seen_ = 0;          // bit per Node: set with a non-empty text in its scope
  std::uint64_t present_ = 0;       // bit per Node: present in its scope
  std::uint64_t rows_ = 0;          // <record> elements begun
  std::uint64_t defects_ = 0;       // made and kept
  std::uint64_t omitted_ = 0;       // beyond the limit
  std::uint32_t item_line_ = 0;     // of the open dkim, spf or reason
  std::size_t record_bytes_ = 0;    // of the texts in the open record
  std::size_t buffered_bytes_ = 0;  // of those in buffered_
  std::size_t dkim_items_ = 0, spf_items_ = 0, reason_items_ = 0;  // of the open record, dropped ones included
  bool is_in_record_ = false;
  bool is_record_broken_ = false;
  bool has_name_list_ = false;   // header_from of the record is a list, not resolved yet
  bool is_policy_seen_ = false;  // policy_published ended once
  bool is_policy_delivered_ = false;
  bool is_item_kept_ = false;  // the open dkim, spf or reason is within the limit
};

}  // namespace ruaudit::parser
