#include "parser/aggregate_builder.hpp"

#include <algorithm>
#include <array>

#include "parser/aggregate_values.hpp"

namespace ruaudit::parser {
namespace {

constexpr std::size_t max_detail = 500;
constexpr std::size_t max_buffered_bytes = 4'194'304;
constexpr std::array<std::string_view, 3> known_namespaces{
    "urn:ietf:params:xml:ns:dmarc-2.0", "http://dmarc.org/dmarc-xml/0.1", "http://dmarc.org/dmarc-xml/0.2"};

constexpr std::uint64_t bit(Node node) { return std::uint64_t{1} << index_of(node); }
static_assert(node_count <= 64);

// The bits of parent's children and theirs.
constexpr std::uint64_t bits_below(Node parent) {
  std::uint64_t bits = 0;
  for (std::size_t i = 1; i + 1 < node_count; ++i) {
    const Node up = schema[i].parent;
    if (up == parent || (up != Node::document && (bits & bit(up)) != 0)) bits |= bit(schema[i].node);
  }
  return bits;
}
constexpr std::uint64_t record_bits = bits_below(Node::record);
constexpr std::uint64_t dkim_bits = bits_below(Node::dkim);
constexpr std::uint64_t spf_bits = bits_below(Node::spf);
constexpr std::uint64_t reason_bits = bits_below(Node::reason);

model::Defect make_defect(std::string_view code, std::string_view detail, std::uint32_t line) {
  return {std::string(code), std::string(cut_text(detail, max_detail)), 0, line};
}

// True where begin lay behind end.
bool put_in_order(model::DateRange& range) {
  if (!range.begin || !range.end || *range.begin <= *range.end) return false;
  std::swap(range.begin, range.end);
  return true;
}

}  // namespace

AggregateBuilder::AggregateBuilder(model::RecordSink& sink, const AggregateLimits& limits, std::int64_t latest_date)
    : sink_(sink), limits_(limits), latest_date_(latest_date) {}

void AggregateBuilder::root(std::string_view xml_namespace, std::uint32_t line) {
  report_.header.xml_namespace = cut_text(xml_namespace, max_detail);
  const bool is_known =
      std::find(known_namespaces.begin(), known_namespaces.end(), xml_namespace) != known_namespaces.end();
  if (!xml_namespace.empty() && !is_known) defect("unknown-namespace", xml_namespace, line);
}

void AggregateBuilder::open(Node container, std::uint32_t line) {
  present_ |= bit(container);
  switch (container) {
    case Node::record:
      begin_record(line);
      break;
    case Node::dkim:
      item_line_ = line;
      begin_dkim();
      break;
    case Node::spf:
      item_line_ = line;
      begin_spf();
      break;
    case Node::reason:
      item_line_ = line;
      begin_reason();
      break;
    case Node::identities:
      defect("identities-alias", "", line);
      break;
    default:
      break;
  }
}

void AggregateBuilder::close(Node container) {
  switch (container) {
    case Node::record:
      end_record();
      break;
    case Node::dkim:
      end_dkim();
      break;
    case Node::spf:
      end_spf();
      break;
    case Node::reason:
      end_reason();
      break;
    case Node::policy_published:
      is_policy_seen_ = true;
      break;
    default:
      break;
  }
}

void AggregateBuilder::unknown(std::string_view code, std::string_view detail, std::uint32_t line) {
  ++report_.unknown_elements;
  if (!code.empty()) defect(code, detail, line);
}

void AggregateBuilder::defect(std::string_view code, std::string_view detail, std::uint32_t line) {
  if (!may_keep_defect()) return;
  model::Defect made = make_defect(code, detail, line);
  if (!is_in_record_) return sink_.defect(made);
  made.row = record_.row_number;
  row_defects_.push_back(std::move(made));
}

void AggregateBuilder::damage(std::string_view code, std::string_view detail, std::uint32_t line) {
  report_.is_damaged = true;
  defect(code, detail, line);
}

bool AggregateBuilder::may_keep_defect() {
  if (defects_ < limits_.defects) return ++defects_ > 0;
  ++omitted_;
  return false;
}

void AggregateBuilder::begin_record(std::uint32_t line) {
  ++rows_;
  is_in_record_ = true;
  is_record_broken_ = false;
  has_name_list_ = false;
  seen_ &= ~record_bits;
  present_ &= ~record_bits;
  dkim_items_ = spf_items_ = reason_items_ = record_bytes_ = 0;
  recycle_record();
  record_.row_number = static_cast<std::uint32_t>(rows_);
  record_.line = line;
}

void AggregateBuilder::recycle_record() {
  for (auto& result : record_.auth_results.dkim) spare_dkim_.push_back(std::move(result));
  for (auto& result : record_.auth_results.spf) spare_spf_.push_back(std::move(result));
  record_.auth_results.dkim.clear();
  record_.auth_results.spf.clear();
  if (record_.identifiers.envelope_from) spare_envelope_from_.swap(*record_.identifiers.envelope_from);
  record_.identifiers.envelope_from.reset();
  record_.identifiers.envelope_to.reset();
  record_.identifiers.header_from.clear();
  record_.source_ip.reset();
  record_.count.reset();
  record_.policy_evaluated.disposition = model::Disposition::unknown;
  record_.policy_evaluated.dkim = model::AlignedResult::unknown;
  record_.policy_evaluated.spf = model::AlignedResult::unknown;
  record_.policy_evaluated.reasons.clear();
}

void AggregateBuilder::end_record() {
  const std::uint32_t line = record_.line;
  if (is_record_broken_) {
    defect("record-dropped", "", line);
    is_in_record_ = false;
    for (const auto& made : row_defects_) sink_.defect(made);
    row_defects_.clear();
    return;
  }
  check_record(line);
  is_in_record_ = false;
  if (is_policy_seen_) {
    if (!is_policy_delivered_) flush_buffered();
    deliver(record_, row_defects_);
    return;
  }
  buffered_bytes_ += record_bytes_;
  const bool is_full = buffered_.size() >= limits_.records_before_policy || buffered_bytes_ > max_buffered_bytes;
  if (is_policy_delivered_ || is_full) {
    if (!is_policy_delivered_) {
      defect("late-policy", "", line);
      flush_buffered();
    }
    deliver(record_, row_defects_);
    return;
  }
  buffered_.push_back({record_, std::move(row_defects_), has_name_list_});
  row_defects_.clear();
}

void AggregateBuilder::check_record(std::uint32_t line) {
  const std::uint64_t absent = ~present_;
  if ((absent & bit(Node::source_ip)) != 0) defect("no-source-ip", "", line);
  if ((absent & bit(Node::count)) != 0) defect("no-count", "", line);
  if ((absent & bit(Node::disposition)) != 0) defect("disposition-missing", "", line);
  if ((absent & bit(Node::evaluated_dkim)) != 0) defect("dkim-evaluated-missing", "", line);
  if ((absent & bit(Node::evaluated_spf)) != 0) defect("spf-evaluated-missing", "", line);
  if (record_.identifiers.header_from.empty()) defect("no-header-from", "", line);
  if ((absent & bit(Node::auth_results)) != 0) defect("no-auth-results", "", line);
}

void AggregateBuilder::deliver(model::Record& record, std::vector<model::Defect>& defects) {
  if (has_name_list_) resolve_header_from(record, defects);
  if (record.policy_evaluated.disposition == model::Disposition::pass && !is_new_shape() && may_keep_defect())
    defects.push_back({"disposition-pass-in-old-report", "pass", record.row_number, record.line});
  ++report_.records;
  if (record.is_countable()) report_.messages += *record.count;
  sink_.record(record);
  for (const auto& made : defects) sink_.defect(made);
  defects.clear();
}

void AggregateBuilder::resolve_header_from(model::Record& record, std::vector<model::Defect>& defects) {
  std::string& name = record.identifiers.header_from;
  const std::string list = name;
  const std::string_view chosen = choose_from_list(list, report_.header.policy_published.domain);
  if (may_keep_defect())
    defects.push_back({"header-from-list", std::string(cut_text(list, max_detail)), record.row_number, record.line});
  parse_domain(chosen, name);
}

// A report of the RFC 9990 generation, told by its elements (Google's np alone does not make one).
bool AggregateBuilder::is_new_shape() const {
  return report_.header.xml_namespace == known_namespaces[0] ||
         (present_ & (bit(Node::discovery_method) | bit(Node::testing) | bit(Node::generator))) != 0;
}

void AggregateBuilder::deliver_policy() {
  is_policy_delivered_ = true;
  sink_.policy(report_.header.policy_published);
}

void AggregateBuilder::flush_buffered() {
  deliver_policy();
  const bool has_name_list = has_name_list_;
  for (auto& waiting : buffered_) {
    has_name_list_ = waiting.has_name_list;
    deliver(waiting.record, waiting.defects);
  }
  has_name_list_ = has_name_list;
  std::vector<Buffered>().swap(buffered_);
}

void AggregateBuilder::begin_dkim() {
  seen_ &= ~dkim_bits;
  present_ &= ~dkim_bits;
  is_item_kept_ = ++dkim_items_ <= limits_.results_per_row;
  auto& list = record_.auth_results.dkim;
  if (!is_item_kept_) {
    if (dkim_items_ == limits_.results_per_row + 1) defect("too-many-signatures", "dkim", item_line_);
  } else if (spare_dkim_.empty()) {
    list.emplace_back();
  } else {
    list.push_back(std::move(spare_dkim_.back()));
    spare_dkim_.pop_back();
    list.back().domain.clear();
    list.back().selector.reset();
    list.back().human_result.reset();
    list.back().result = model::DkimResult::unknown;
  }
}

void AggregateBuilder::end_dkim() {
  if (!is_item_kept_) return;
  if ((seen_ & dkim_bits) == 0) {  // V13
    defect("empty-dkim", "", item_line_);
    spare_dkim_.push_back(std::move(record_.auth_results.dkim.back()));
    record_.auth_results.dkim.pop_back();
  } else {
    if ((seen_ & bit(Node::dkim_domain)) == 0) defect("empty-dkim-domain", "", item_line_);
    if ((seen_ & bit(Node::dkim_result)) == 0) defect("dkim-result-unknown", "", item_line_);
  }
  is_item_kept_ = false;
}

void AggregateBuilder::begin_spf() {
  seen_ &= ~spf_bits;
  present_ &= ~spf_bits;
  is_item_kept_ = ++spf_items_ <= limits_.results_per_row;
  auto& list = record_.auth_results.spf;
  if (!is_item_kept_) {
    if (spf_items_ == limits_.results_per_row + 1) defect("too-many-signatures", "spf", item_line_);
  } else if (spare_spf_.empty()) {
    list.emplace_back();
  } else {
    list.push_back(std::move(spare_spf_.back()));
    spare_spf_.pop_back();
    list.back().domain.clear();
    list.back().scope.reset();
    list.back().human_result.reset();
    list.back().result = model::SpfResult::unknown;
  }
}

void AggregateBuilder::end_spf() {
  if (!is_item_kept_) return;
  if ((seen_ & bit(Node::spf_domain)) == 0) defect("empty-spf-domain", "", item_line_);
  if ((seen_ & bit(Node::spf_result)) == 0) defect("spf-result-unknown", "", item_line_);
  is_item_kept_ = false;
}

void AggregateBuilder::begin_reason() {
  seen_ &= ~reason_bits;
  present_ &= ~reason_bits;
  reason_text_.clear();
  is_item_kept_ = ++reason_items_ <= limits_.results_per_row;
  if (is_item_kept_) {
    record_.policy_evaluated.reasons.emplace_back();
  } else if (reason_items_ == limits_.results_per_row + 1) {
    defect("too-many-signatures", "reason", item_line_);
  }
}

void AggregateBuilder::reason_text(std::string_view text) {
  if (reason_text_.size() < max_detail) reason_text_ += cut_text(text, max_detail);
}

void AggregateBuilder::end_reason() {
  if (!is_item_kept_) return;
  is_item_kept_ = false;
  auto& reason = record_.policy_evaluated.reasons.back();
  const std::string_view text = trimmed(reason_text_);
  if (reason.type == model::OverrideType::unknown && reason.raw_type.empty()) {
    if (text.empty() && !reason.comment) {
      defect("empty-reason", "", item_line_);
    } else if ((seen_ & bit(Node::reason_type)) == 0) {
      reason.raw_type = cut_text(text, max_detail);
      defect("unknown-reason", text, item_line_);
    }
  } else if (!text.empty() || has_odd_blanks(reason_text_, text)) {
    defect("stray-text", text.empty() ? std::string_view(reason_text_) : text, item_line_);
  }
}

model::AggregateReport AggregateBuilder::finish(std::uint32_t line) {
  check_header(line);
  check_period(line);
  if (!is_policy_delivered_) flush_buffered();
  if (omitted_ > 0) sink_.defect(make_defect("defects-omitted", std::to_string(omitted_), line));
  return std::move(report_);
}

void AggregateBuilder::check_header(std::uint32_t line) {
  const auto& metadata = report_.header.metadata;
  const auto& published = report_.header.policy_published;
  if ((present_ & bit(Node::report_metadata)) == 0) defect("no-report-metadata", "", line);
  if ((present_ & bit(Node::policy_published)) == 0) defect("no-policy-published", "", line);
  if (metadata.org_name.empty()) defect("no-org-name", "", line);
  if (metadata.email.empty()) defect("no-email", "", line);
  if (metadata.report_id.empty()) defect("no-report-id", "", line);
  if ((seen_ & bit(Node::begin)) == 0) defect("no-date", "begin", line);
  if ((seen_ & bit(Node::end)) == 0) defect("no-date", "end", line);
  if (published.domain.empty()) defect("no-policy-domain", "", line);
  if ((seen_ & bit(Node::p)) == 0) defect("no-p", "", line);
  if (rows_ == 0) defect("no-record", "", line);
}

void AggregateBuilder::check_period(std::uint32_t line) {
  constexpr std::int64_t longest_usual = std::int64_t{25} * 3600;  // a day on which the clock goes back
  model::DateRange& range = report_.header.metadata.date_range;
  const model::DateRange as_read = range;
  const bool is_reversed = put_in_order(range);
  put_in_order(identity_range_);
  if (!range.begin || !range.end) return;
  const std::string both = std::to_string(*as_read.begin) + " " + std::to_string(*as_read.end);
  if (is_reversed) defect("period-reversed", both, line);
  if (*range.begin == *range.end) defect("zero-length-period", both, line);
  if (*range.end - *range.begin > longest_usual) defect("long-period", both, line);
}

}  // namespace ruaudit::parser
