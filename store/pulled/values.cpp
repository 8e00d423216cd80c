#include "store/pulled/values.hpp"

#include <algorithm>

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

}  // namespace ruaudit::store
