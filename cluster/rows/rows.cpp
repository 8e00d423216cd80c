#include "cluster/rows/rows.hpp"

#include <algorithm>

#include "cluster/rows/words.hpp"
#include "model/calendar.hpp"

namespace ruaudit::cluster {
namespace {

constexpr std::string_view low = "LowCardinality(String)";
constexpr std::string_view optional_text_type = "Nullable(String)";
constexpr std::string_view optional_number_type = "Nullable(Int64)";
constexpr std::int64_t last_day_held = 49'672;  // 2105-12-31: there the Date of 18.16 ends, that of later ones in 2149

using OptionalText = std::optional<std::string>;

std::optional<std::string_view> view(const OptionalText& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}
std::string_view or_empty(const OptionalText& text) { return text ? std::string_view(*text) : std::string_view(); }

std::string array_of(std::string_view type) { return "Array(" + std::string(type) + ")"; }

}  // namespace

std::uint16_t day_number_of(const std::string& day) {
  const auto start = model::parse_day(day);
  return start ? static_cast<std::uint16_t>(std::clamp<std::int64_t>(model::day_number(*start), 0, last_day_held)) : 0;
}

void HeaderRows::add(const Header& header) {
  identity_.add(header.identity_key);
  batch_.add(header.batch);
  ingester_.add(header.ingester);
  version_.add(header.version);
  serial_.add(header.serial);
  kind_.add(static_cast<std::uint8_t>(header.kind));
  content_.add(header.content_hash);
  damaged_.add(header.is_damaged ? 1 : 0);
  authenticated_.add(header.is_authenticated ? 1 : 0);
  records_.add(header.records);
  first_seen_.add(header.first_seen);
  origin_.add(header.origin);
  sealed_from_.add(header.sealed_from);
  ++rows_;
}

Block HeaderRows::block() const {
  Block block(rows_);
  block.add("identity_key", "FixedString(16)", identity_.octets());
  block.add("batch", "UInt64", batch_.octets());
  block.add("ingester", "UInt64", ingester_.octets());
  block.add("version", "UInt64", version_.octets());
  block.add("serial", "UInt64", serial_.octets());
  block.add("kind", "UInt8", kind_.octets());
  block.add("content_hash", "FixedString(32)", content_.octets());
  block.add("damaged", "UInt8", damaged_.octets());
  block.add("authenticated", "UInt8", authenticated_.octets());
  block.add("records", "UInt32", records_.octets());
  block.add("first_seen", "Int64", first_seen_.octets());
  block.add("origin", "UInt64", origin_.octets());
  block.add("sealed_from", "UInt64", sealed_from_.octets());
  return block;
}

model::Result<void> ReportRows::add(const store::ShippedReport& report, const Header& header) {
  TRY(const auto authenticity, place_of_word(authenticity_words, report.authenticity));
  day_.add(day_number_of(report.day));
  authenticity_.add(authenticity);
  domain_.add(report.policy_domain);
  reporter_.add(report.reporter);
  content_.add(report.content_hash);
  identity_.add(report.identity_key);
  batch_.add(header.batch);
  ingester_.add(header.ingester);
  version_.add(header.version);
  add_texts(report);
  received_.add(report.received);
  messages_.add(report.messages);
  hash_version_.add(report.hash_version);
  unknown_elements_.add(report.unknown_elements);
  first_seen_.add(report.first_seen);
  records_.add(static_cast<std::uint32_t>(report.records));
  damaged_.add(report.is_damaged ? 1 : 0);
  add_lists(report);
  ++rows_;
  return {};
}

void ReportRows::add_texts(const store::ShippedReport& report) {
  for (auto [column, text] : {std::pair{&p_, &report.p},
                              {&sp_, &report.sp},
                              {&np_, &report.np},
                              {&adkim_, &report.adkim},
                              {&aspf_, &report.aspf},
                              {&discovery_, &report.discovery_method},
                              {&method_, &report.alignment_method},
                              {&list_, &report.suffix_list}})
    column->add(or_empty(*text));
  namespace_.add(report.xml_namespace);
  report_id_.add(report.report_id);
  org_name_.add(report.org_name);
  email_.add(report.email);
  begin_.add(report.date_begin);
  end_.add(report.date_end);
  pct_.add(report.pct);
  testing_.add(report.testing);
  for (auto [column, text] : {std::pair{&contact_, &report.extra_contact_info},
                              {&contact_lang_, &report.extra_contact_lang},
                              {&generator_, &report.generator},
                              {&xml_version_, &report.version},
                              {&fo_, &report.fo},
                              {&as_, &report.authenticated_as},
                              {&reason_, &report.authenticity_reason}})
    column->add(view(*text));
}

void ReportRows::add_lists(const store::ShippedReport& report) {
  for (const auto& error : report.errors) {
    error_text_.elements.add(error.text);
    error_lang_.elements.add(error.lang);
  }
  error_text_.end_row(report.errors.size());
  error_lang_.end_row(report.errors.size());
  for (const auto& defect : report.defects) {
    defect_row_.elements.add(static_cast<std::uint32_t>(defect.row_number));
    defect_line_.elements.add(static_cast<std::uint32_t>(defect.line));
    defect_code_.elements.add(defect.code);
    defect_detail_.elements.add(defect.detail);
  }
  defect_row_.end_row(report.defects.size());
  defect_line_.end_row(report.defects.size());
  defect_code_.end_row(report.defects.size());
  defect_detail_.end_row(report.defects.size());
}

Block ReportRows::block() const {
  Block block(rows_);
  add_identity(block);
  add_words(block);
  return block;
}

void ReportRows::add_identity(Block& block) const {
  block.add("policy_domain", low, domain_.octets());
  block.add("day", "Date", day_.octets());
  block.add("identity_key", "FixedString(16)", identity_.octets());
  block.add("batch", "UInt64", batch_.octets());
  block.add("ingester", "UInt64", ingester_.octets());
  block.add("version_key", "UInt64", version_.octets());
  block.add("content_hash", "FixedString(32)", content_.octets());
  block.add("hash_version", "Int64", hash_version_.octets());
  block.add("first_seen", "Int64", first_seen_.octets());
  block.add("received", "Int64", received_.octets());
  block.add("reporter", low, reporter_.octets());
  block.add("report_id", "String", report_id_.octets());
  block.add("date_begin", optional_number_type, begin_.octets());
  block.add("date_end", optional_number_type, end_.octets());
  block.add("org_name", "String", org_name_.octets());
  block.add("email", "String", email_.octets());
  block.add("extra_contact_info", optional_text_type, contact_.octets());
  block.add("extra_contact_lang", optional_text_type, contact_lang_.octets());
  block.add("generator", optional_text_type, generator_.octets());
  block.add("version", optional_text_type, xml_version_.octets());
  block.add("xml_namespace", low, namespace_.octets());
}

void ReportRows::add_words(Block& block) const {
  block.add("p", low, p_.octets());
  block.add("sp", low, sp_.octets());
  block.add("np", low, np_.octets());
  block.add("adkim", low, adkim_.octets());
  block.add("aspf", low, aspf_.octets());
  block.add("pct", optional_number_type, pct_.octets());
  block.add("fo", optional_text_type, fo_.octets());
  block.add("testing", optional_number_type, testing_.octets());
  block.add("discovery_method", low, discovery_.octets());
  block.add("records", "UInt32", records_.octets());
  block.add("messages", "Int64", messages_.octets());
  block.add("unknown_elements", "Int64", unknown_elements_.octets());
  block.add("damaged", "UInt8", damaged_.octets());
  block.add("authenticity", enum_type(authenticity_words), authenticity_.octets());
  block.add("authenticated_as", optional_text_type, as_.octets());
  block.add("authenticity_reason", optional_text_type, reason_.octets());
  block.add("alignment_method", low, method_.octets());
  block.add("suffix_list", low, list_.octets());
  block.add("error.text", array_of("String"), error_text_.octets());
  block.add("error.lang", array_of("String"), error_lang_.octets());
  block.add("defect.row_number", array_of("UInt32"), defect_row_.octets());
  block.add("defect.line", array_of("UInt32"), defect_line_.octets());
  block.add("defect.code", array_of("String"), defect_code_.octets());
  block.add("defect.detail", array_of("String"), defect_detail_.octets());
}

model::Result<void> RecordRows::add_verdict(const store::ShippedVerdict& verdict) {
  TRY(const auto disposition, place_of_word(disposition_words, verdict.disposition));
  TRY(const auto dkim, place_of_word(evaluated_words, verdict.dkim));
  TRY(const auto spf, place_of_word(evaluated_words, verdict.spf));
  TRY(const auto dkim_auth, place_of_word(auth_words, verdict.dkim_auth));
  TRY(const auto spf_auth, place_of_word(auth_words, verdict.spf_auth));
  disposition_.add(disposition);
  dkim_.add(dkim);
  spf_.add(spf);
  dkim_auth_.add(dkim_auth);
  spf_auth_.add(spf_auth);
  overridden_.add(verdict.is_overridden ? 1 : 0);
  TRY_VOID(add_results(verdict));
  return add_overrides(verdict);
}

model::Result<void> RecordRows::add_results(const store::ShippedVerdict& verdict) {
  for (const auto& one : verdict.results) {
    TRY(const auto mechanism, place_of_word(mechanism_words, one.mechanism));
    TRY(const auto scope, place_of_word(scope_words, or_empty(one.scope)));
    TRY(const auto result, place_of_word(result_words, one.result));
    mechanism_.elements.add(mechanism);
    scope_.elements.add(scope);
    result_.elements.add(result);
    domain_of_result_.elements.add(one.domain);
    selector_.elements.add(view(one.selector));
    human_.elements.add(view(one.human_result));
    human_lang_.elements.add(view(one.human_lang));
  }
  for (auto* const column : {&mechanism_, &scope_, &result_}) column->end_row(verdict.results.size());
  domain_of_result_.end_row(verdict.results.size());
  for (auto* const column : {&selector_, &human_, &human_lang_}) column->end_row(verdict.results.size());
  return {};
}

model::Result<void> RecordRows::add_overrides(const store::ShippedVerdict& verdict) {
  for (const auto& one : verdict.overrides) {
    TRY(const auto type, place_of_word(override_words, one.type));
    type_.elements.add(type);
    raw_type_.elements.add(one.raw_type);
    comment_.elements.add(view(one.comment));
    comment_lang_.elements.add(view(one.comment_lang));
    arc_.elements.add(view(one.arc));
    arc_chain_.elements.add(view(one.arc_chain));
    arc_remote_ip_.elements.add(view(one.arc_remote_ip));
  }
  type_.end_row(verdict.overrides.size());
  raw_type_.end_row(verdict.overrides.size());
  for (auto* const column : {&comment_, &comment_lang_, &arc_, &arc_chain_, &arc_remote_ip_})
    column->end_row(verdict.overrides.size());
  return {};
}

// After an error the rows are of no use: the columns have different lengths.
model::Result<void> RecordRows::add(const store::ShippedReport& report, std::uint64_t batch,
                                    const store::ShippedRecord& record) {
  TRY(const auto authenticity, place_of_word(authenticity_words, report.authenticity));
  TRY_VOID(add_verdict(*record.verdict));
  day_.add(day_number_of(report.day));
  authenticity_.add(authenticity);
  domain_.add(report.policy_domain);
  reporter_.add(report.reporter);
  header_from_.add(record.header_from);
  method_.add(or_empty(report.alignment_method));
  list_.add(or_empty(report.suffix_list));
  identity_.add(report.identity_key);
  batch_.add(batch);
  row_number_.add(static_cast<std::uint32_t>(record.row_number));
  report_id_.add(report.report_id);
  begin_.add(report.date_begin);
  end_.add(report.date_end);
  source_.add(record.source);
  has_source_.add(record.source.empty() ? 0 : 1);
  count_.add(record.count);
  received_.add(report.received);
  self_check_.add(static_cast<std::uint8_t>(record.self_check));
  envelope_from_.add(record.envelope_from);
  envelope_to_.add(record.envelope_to);
  ++rows_;
  return {};
}

Block RecordRows::block() const {
  Block block(rows_);
  add_record(block);
  add_arrays(block);
  return block;
}

void RecordRows::add_record(Block& block) const {
  block.add("policy_domain", low, domain_.octets());
  block.add("day", "Date", day_.octets());
  block.add("identity_key", "FixedString(16)", identity_.octets());
  block.add("batch", "UInt64", batch_.octets());
  block.add("row_number", "UInt32", row_number_.octets());
  block.add("reporter", low, reporter_.octets());
  block.add("report_id", "String", report_id_.octets());
  block.add("date_begin", optional_number_type, begin_.octets());
  block.add("date_end", optional_number_type, end_.octets());
  block.add("received", "Int64", received_.octets());
  block.add("source", "FixedString(16)", source_.octets());
  block.add("has_source", "UInt8", has_source_.octets());
  block.add("message_count", "Int64", count_.octets());
  block.add("disposition", enum_type(disposition_words), disposition_.octets());
  block.add("dmarc_dkim", enum_type(evaluated_words), dkim_.octets());
  block.add("dmarc_spf", enum_type(evaluated_words), spf_.octets());
  block.add("dkim_auth", enum_type(auth_words), dkim_auth_.octets());
  block.add("spf_auth", enum_type(auth_words), spf_auth_.octets());
  block.add("overridden", "UInt8", overridden_.octets());
  block.add("self_check", "UInt8", self_check_.octets());
  block.add("authenticity", enum_type(authenticity_words), authenticity_.octets());
  block.add("header_from", low, header_from_.octets());
  block.add("envelope_from", optional_text_type, envelope_from_.octets());
  block.add("envelope_to", optional_text_type, envelope_to_.octets());
  block.add("alignment_method", low, method_.octets());
  block.add("suffix_list", low, list_.octets());
}

void RecordRows::add_arrays(Block& block) const {
  block.add("auth.mechanism", array_of(enum_type(mechanism_words)), mechanism_.octets());
  block.add("auth.domain", array_of("String"), domain_of_result_.octets());
  block.add("auth.selector", array_of(optional_text_type), selector_.octets());
  block.add("auth.scope", array_of(enum_type(scope_words)), scope_.octets());
  block.add("auth.result", array_of(enum_type(result_words)), result_.octets());
  block.add("auth.human_result", array_of(optional_text_type), human_.octets());
  block.add("auth.human_lang", array_of(optional_text_type), human_lang_.octets());
  block.add("reason.type", array_of(enum_type(override_words)), type_.octets());
  block.add("reason.raw_type", array_of("String"), raw_type_.octets());
  block.add("reason.comment", array_of(optional_text_type), comment_.octets());
  block.add("reason.comment_lang", array_of(optional_text_type), comment_lang_.octets());
  block.add("reason.arc", array_of(optional_text_type), arc_.octets());
  block.add("reason.arc_chain", array_of(optional_text_type), arc_chain_.octets());
  block.add("reason.arc_remote_ip", array_of(optional_text_type), arc_remote_ip_.octets());
}

}  // namespace ruaudit::cluster
