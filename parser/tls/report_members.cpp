// The members of a TLS report that are neither objects nor lists (RFC 8460 section 4.4), by the object they are in.
#include <fmt/format.h>

#include <algorithm>

#include "parser/tls/report_builder.hpp"
#include "parser/tls/values.hpp"

namespace ruaudit::parser::tls {

void ReportBuilder::add_to_list(Place place, Scalar value) {
  auto& list = place == Place::strings ? policy_.strings : policy_.mx_hosts;
  if (list.size() >= limits_.list_entries) {
    ++list_cut_;
    return;
  }
  if (place == Place::strings) {
    add_lines(value.text);
  } else if (auto name = host(value); !name.empty()) {
    list.push_back(std::move(name));
  }
}

// RFC 8460 section 4.4 has one line of the policy in each text; some write the file as it is.
void ReportBuilder::add_lines(std::string_view lines) {
  std::int64_t number = 0;
  for (std::size_t at = 0; at <= lines.size();) {
    const auto end = std::min(lines.find_first_of("\r\n", at), lines.size());
    const auto line = trimmed(lines.substr(at, end - at));
    at = end + 1;
    if (line.empty() && (number > 0 || at <= lines.size())) continue;
    ++number;
    if (policy_.strings.size() < limits_.list_entries)
      policy_.strings.push_back(text({line, true}));
    else
      ++list_cut_;
  }
  if (number > 1) defect("tls-policy-lines", fmt::format("{} lines in one text", number));
}

bool ReportBuilder::set_member(Place place, std::string_view name, Scalar value) {
  bool is_known = true;
  if (place == Place::report) is_known = set_report(name, value);
  if (place == Place::date_range) set_date(name, value);
  if (place == Place::policy || place == Place::policy_item) is_known = set_policy(name, value);
  if (place == Place::summary) is_known = set_summary(name, value);
  if (place == Place::failure) is_known = set_failure(name, value);
  if (!is_known) unknown_member(name);
  return true;
}

bool ReportBuilder::set_report(std::string_view name, Scalar value) {
  auto& header = report_.header;
  if (name == "organization-name")
    header.organization_name = text(value);
  else if (name == "contact-info")
    header.contact_info = text(value);
  else if (name == "report-id")
    header.report_id = text(value);
  else if (name == "start-datetime" || name == "end-datetime")
    set_date(name, value);
  else
    return false;
  return true;
}

void ReportBuilder::set_date(std::string_view name, Scalar value) {
  const bool is_begin = name == "start-datetime";
  if (!is_begin && name != "end-datetime") return unknown_member(name);
  const auto date = parse_date(trimmed(value.text), hints_.latest_date);
  // RFC 8460 section 4.4 wants the form of RFC 3339: it is the rule here.
  const bool is_as_wanted = date.defect == "date-iso8601" && is_date_time(trimmed(value.text));
  const std::string_view code = is_as_wanted ? std::string_view{} : date.defect;
  if (!date.value && date.defect.empty()) defect("no-date", name);
  if (!code.empty()) defect(code, value.text);
  (is_begin ? report_.header.date_range.begin : report_.header.date_range.end) = date.value;
  (is_begin ? report_.identity.begin : report_.identity.end) = date.identity;
  (is_begin ? has_begin_ : has_end_) = true;
}

bool ReportBuilder::set_policy(std::string_view name, Scalar value) {
  if (name == "policy-type") {
    const auto type = parse_policy_type(value.text);
    policy_.type = type.value;
    if (type.value == model::TlsPolicyType::unknown) policy_.raw_type = text(value);
    if (!type.defect.empty() && !value.text.empty()) defect(type.defect, value.text);
  } else if (name == "policy-domain") {
    policy_.domain = host(value);
  } else {
    return false;
  }
  return true;
}

bool ReportBuilder::set_summary(std::string_view name, Scalar value) {
  if (name == "total-successful-session-count")
    policy_.successful = sessions(value);
  else if (name == "total-failure-session-count")
    policy_.failed = sessions(value);
  else
    return false;
  return true;
}

bool ReportBuilder::set_failure(std::string_view name, Scalar value) {
  if (name == "result-type") {
    const auto type = parse_result_type(value.text);
    failure_.result_type = type.value;
    if (type.value == model::TlsResultType::unknown) failure_.raw_result_type = text(value);
    if (!type.defect.empty() && !failure_.raw_result_type.empty()) defect(type.defect, value.text);
    if (type.value != model::TlsResultType::unknown && !type.defect.empty()) defect(type.defect, value.text);
  } else if (name == "sending-mta-ip") {
    failure_.sending_mta_ip = address(value);
  } else if (name == "receiving-mx-hostname") {
    failure_.receiving_mx_hostname = host(value);
  } else if (name == "receiving-mx-helo") {
    failure_.receiving_mx_helo = text(value);
  } else if (name == "receiving-ip") {
    failure_.receiving_ip = address(value);
  } else if (name == "failed-session-count") {
    failure_.sessions = sessions(value);
  } else if (name == "additional-information" || name == "additional-info") {
    failure_.additional_information = text(value);
  } else if (name == "failure-reason-code" || name == "failure-error-code") {
    failure_.failure_reason_code = text(value);
  } else {
    return false;
  }
  return true;
}

std::optional<std::int64_t> ReportBuilder::sessions(Scalar value) {
  const auto count = parse_sessions(value.text);
  if (!count.defect.empty())
    defect(count.defect, key_ + ": " + std::string(cut_text(value.text, 200)));
  else if (value.is_text)
    defect("count-notation", key_ + ": \"" + std::string(cut_text(value.text, 200)) + "\"");
  return count.value;
}

std::string ReportBuilder::host(Scalar value) {
  if (value.text.size() > limits_.value_octets) {
    defect("text-too-long", key_);
    value.text = cut_text(value.text, limits_.value_octets);
  }
  auto name = parse_host(value.text);
  if (!name.defect.empty()) defect(name.defect, key_ + ": " + std::string(cut_text(value.text, 400)));
  return std::move(name.value);
}

std::string ReportBuilder::address(Scalar value) {
  auto read = parse_address(value.text);
  if (!read.defect.empty()) defect(read.defect, key_ + ": " + std::string(cut_text(value.text, 400)));
  return std::move(read.value);
}

std::string ReportBuilder::text(Scalar value) {
  const std::string_view clean = trimmed(value.text);
  if (clean.size() > limits_.value_octets) defect("text-too-long", key_);
  return std::string(cut_text(clean, limits_.value_octets));
}

}  // namespace ruaudit::parser::tls
