#include "store/pulled/values.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ruaudit::store {
namespace {

template <class E>
E pulled_word(std::string_view text) {
  return model::parse_enum<E>(text).value_or(E{});
}

template <class E>
std::optional<E> pulled_choice(const std::optional<std::string>& text) {
  return text ? std::optional<E>(pulled_word<E>(std::string_view(*text))) : std::nullopt;
}

std::optional<model::Text> pulled_text(const std::optional<std::string>& text, const std::optional<std::string>& lang) {
  return text ? std::optional<model::Text>({*text, lang.value_or("")}) : std::nullopt;
}

model::PolicyPublished policy_values(const ShippedReport& report) {
  return {.domain = report.policy_domain,
          .discovery_method = pulled_choice<model::DiscoveryMethod>(report.discovery_method),
          .p = pulled_choice<model::Policy>(report.p),
          .sp = pulled_choice<model::Policy>(report.sp),
          .np = pulled_choice<model::Policy>(report.np),
          .adkim = pulled_choice<model::AlignmentMode>(report.adkim),
          .aspf = pulled_choice<model::AlignmentMode>(report.aspf),
          .pct = report.pct,
          .fo = report.fo,
          .testing = report.testing ? std::optional<bool>(*report.testing != 0) : std::nullopt};
}

void set_results(model::AuthResults& into, const ShippedVerdict& verdict) {
  into.dkim.clear();
  into.spf.clear();
  for (const auto& one : verdict.results) {
    auto human = pulled_text(one.human_result, one.human_lang);
    if (one.mechanism == "dkim")
      into.dkim.push_back({one.domain, one.selector, pulled_word<model::DkimResult>(one.result), std::move(human)});
    else
      into.spf.push_back({one.domain, pulled_choice<model::SpfScope>(one.scope),
                          pulled_word<model::SpfResult>(one.result), std::move(human)});
  }
}

void set_evaluated(model::PolicyEvaluated& into, const ShippedVerdict& verdict) {
  into.disposition = pulled_word<model::Disposition>(verdict.disposition);
  into.dkim = pulled_word<model::AlignedResult>(verdict.dkim);
  into.spf = pulled_word<model::AlignedResult>(verdict.spf);
  into.reasons.clear();
  for (const auto& one : verdict.overrides)
    into.reasons.push_back(
        {pulled_word<model::OverrideType>(one.type), one.raw_type, pulled_text(one.comment, one.comment_lang)});
}

model::Result<std::vector<std::string>> pulled_list(const std::string& json) {
  std::vector<std::string> list;
  const auto read = nlohmann::json::parse(json, nullptr, false);
  bool is_list = read.is_array();
  for (const auto& one : read) is_list = is_list && one.is_string();
  if (!is_list)
    return model::failure("cluster-incomplete", "a policy of a TLS report is not what an ingester wrote",
                          "`ruaudit cluster audit` tells what is lost, and how it comes again");
  for (const auto& one : read) list.push_back(one.get<std::string>());
  return list;
}

std::optional<std::string> owned(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

}  // namespace

model::AggregateReport report_values(const ShippedReport& report) {
  model::AggregateReport values;
  values.header.version = report.version;
  values.header.xml_namespace = report.xml_namespace;
  auto& metadata = values.header.metadata;
  metadata.org_name = report.org_name;
  metadata.email = report.email;
  metadata.extra_contact_info = pulled_text(report.extra_contact_info, report.extra_contact_lang);
  metadata.report_id = report.report_id;
  metadata.date_range = {report.date_begin, report.date_end};
  for (const auto& error : report.errors) metadata.errors.push_back({error.text, error.lang});
  metadata.generator = report.generator;
  values.header.policy_published = policy_values(report);
  values.records = static_cast<std::uint64_t>(report.records);
  values.messages = report.messages;
  values.is_damaged = report.is_damaged;
  values.unknown_elements = static_cast<std::uint64_t>(report.unknown_elements);
  return values;
}

CheckBasis check_basis(const ShippedReport& report) {
  return {pulled_choice<model::DiscoveryMethod>(report.alignment_method), report.suffix_list.value_or("")};
}

void set_record_values(model::Record& into, const ShippedRecord& record) {
  into.row_number = static_cast<std::uint32_t>(record.row_number);
  into.source_ip.reset();
  model::IpAddress::Key key{};
  if (record.source.size() == key.size()) {
    std::copy(record.source.begin(), record.source.end(), key.begin());
    into.source_ip = model::IpAddress::from_key(key);
  }
  into.count = record.count >= 0 ? std::optional<std::int64_t>(record.count) : std::nullopt;
  into.identifiers.header_from = record.header_from;
  into.identifiers.envelope_from = owned(record.envelope_from);
  into.identifiers.envelope_to = owned(record.envelope_to);
  set_evaluated(into.policy_evaluated, *record.verdict);
  set_results(into.auth_results, *record.verdict);
}

model::RecordCheck check_values(std::int64_t self_check) {
  const auto bits = static_cast<unsigned>(self_check);
  return {static_cast<model::Alignment>(std::min(bits & 3U, 2U)),
          static_cast<model::Alignment>(std::min(bits >> 2U & 3U, 2U)), static_cast<std::uint8_t>(bits >> 4U & 15U)};
}

TlsHeader tls_header(const ShippedTlsReport& report) {
  TlsHeader header;
  header.reporter = report.reporter;
  header.group_key = report.group_key;
  header.content_hash = report.content_hash;
  header.report.header = {.organization_name = report.organization_name,
                          .contact_info = report.contact_info,
                          .report_id = report.report_id,
                          .date_range = {report.date_begin, report.date_end}};
  header.report.policies = static_cast<std::uint32_t>(report.policies.size());
  header.report.failures = report.failures.size();
  header.report.unknown_members = static_cast<std::uint32_t>(report.unknown_members);
  header.report.is_damaged = report.is_damaged;
  return header;
}

model::Result<TlsBatch> tls_batch(const ShippedTlsReport& report) {
  TlsBatch batch;
  for (const auto& one : report.policies) {
    TRY(auto strings, pulled_list(one.strings));
    TRY(auto hosts, pulled_list(one.mx_hosts));
    batch.policies.push_back({.number = static_cast<std::uint32_t>(one.number),
                              .type = pulled_word<model::TlsPolicyType>(one.type),
                              .raw_type = one.raw_type,
                              .domain = one.domain,
                              .strings = std::move(strings),
                              .mx_hosts = std::move(hosts),
                              .successful = one.successful,
                              .failed = one.failed});
  }
  for (const auto& one : report.failures)
    batch.failures.push_back({.policy = static_cast<std::uint32_t>(one.policy),
                              .result_type = pulled_word<model::TlsResultType>(one.result_type),
                              .raw_result_type = one.raw_result_type,
                              .sending_mta_ip = one.sending_ip.value_or(""),
                              .receiving_mx_hostname = one.mx_host.value_or(""),
                              .receiving_mx_helo = one.mx_helo.value_or(""),
                              .receiving_ip = one.receiving_ip.value_or(""),
                              .sessions = one.sessions,
                              .additional_information = one.information.value_or(""),
                              .failure_reason_code = one.reason_code.value_or("")});
  for (const auto& one : report.defects)
    batch.defects.push_back({.code = one.code,
                             .detail = one.detail,
                             .row = static_cast<std::uint32_t>(one.policy),
                             .line = static_cast<std::uint32_t>(one.line)});
  return batch;
}

}  // namespace ruaudit::store
