#include "parser/tls/report_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/planted_bug.hpp"
#include "parser/tls/values.hpp"

namespace ruaudit::parser::tls {
namespace {

// What an object or a list under a key holds. RFC 8460 section 4.4, and the other names that are met.
struct Step {
  Place in;
  std::string_view key;
  Place to;
};
constexpr std::array<Step, 9> steps = {{{Place::report, "date-range", Place::date_range},
                                        {Place::report, "policies", Place::policy_item},
                                        {Place::policy_item, "policy", Place::policy},
                                        {Place::policy_item, "summary", Place::summary},
                                        {Place::policy_item, "failure-details", Place::failure},
                                        {Place::policy, "policy-string", Place::strings},
                                        {Place::policy, "mx-host", Place::mx_hosts},
                                        {Place::policy, "mx-host-pattern", Place::mx_hosts},
                                        {Place::policy, "mx-hosts", Place::mx_hosts}}};

Place step(Place in, std::string_view key) {
  for (const Step& one : steps)
    if (one.in == in && one.key == key) return one.to;
  return Place::nowhere;
}

bool is_list_of_texts(Place place) { return place == Place::strings || place == Place::mx_hosts; }

// Keys are compared without letter case, whatever joins their words.
std::string folded_key(std::string_view name) {
  std::string key = lower_case(cut_text(trimmed(name), 200));
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

constexpr std::size_t most_unknown_names = 50;
constexpr std::size_t most_keys = 200;  // of one object, that are compared for repetition

}  // namespace

ReportBuilder::ReportBuilder(const TlsLimits& limits, const ReportHints& hints, model::TlsSink& sink)
    : limits_(limits), hints_(hints), sink_(sink) {
  model::ReportHeader gaps;
  const auto filled = fill_gaps(gaps, hints);
  hinted_domain_ = gaps.policy_published.domain;
  for (const auto& one : filled)
    if (one.code.starts_with("domain-from-")) hinted_by_ = one.code;
  stack_.push_back({Place::root, true, {}});
}

void ReportBuilder::defect(std::string_view code, std::string_view detail) {
  if (++defects_ > limits_.defects) {
    ++omitted_;
    return;
  }
  const std::uint32_t row = has_policy_ ? policy_.number : 0;
  sink_.defect({std::string(code), std::string(cut_text(detail, 500)), row, line_});
}

Place ReportBuilder::target() const {
  const Frame& top = stack_.back();
  if (is_ignored_) return Place::nowhere;
  if (top.place == Place::root) return Place::report;
  return top.is_list ? top.place : step(top.place, key_);
}

void ReportBuilder::key(std::string_view name) {
  key_ = folded_key(name);
  Frame& top = stack_.back();
  is_ignored_ = false;
  if (top.place == Place::nowhere || top.seen.size() >= most_keys) return;
  if (top.seen.insert(key_).second) return;
  is_ignored_ = true;
  defect("duplicate-element", key_);
}

// An object where a list of texts or a text should be says nothing that is known.
bool ReportBuilder::push(bool is_list) {
  if (stack_.size() > limits_.depth) {
    error_ = model::Error{"json-too-deep", fmt::format("line {}: more than {} levels", line_, limits_.depth),
                          "no report is nested so deeply"};
    return false;
  }
  Place place = target();
  const Frame& top = stack_.back();
  if (place == Place::nowhere && top.place != Place::nowhere && !top.is_list && !is_ignored_) unknown_member(key_);
  if (!is_list && is_list_of_texts(place)) {
    defect("tls-unexpected-value", key_ + ": an object");
    place = Place::nowhere;
  }
  if (is_list && place == Place::report && top.place == Place::report) place = Place::nowhere;
  if (place == Place::policy_item) has_policies_ = true;
  stack_.push_back({place, is_list, {}});
  is_ignored_ = false;
  return is_list || enter(place);
}

bool ReportBuilder::begin_object() { return push(false); }
bool ReportBuilder::begin_list() { return push(true); }

bool ReportBuilder::end_list() {
  stack_.pop_back();
  return true;
}

bool ReportBuilder::end_object() {
  const Place place = stack_.back().place;
  stack_.pop_back();
  return leave(place);
}

bool ReportBuilder::enter(Place place) {
  if (place == Place::policy_item) {
    policy_ = {};
    policy_.number = report_.policies + 1;
    has_policy_ = true;
    list_cut_ = 0;
    if (policy_.number > limits_.policies) {
      error_ = model::Error{"too-many-policies", fmt::format("more than {} policies", limits_.policies), ""};
      return false;
    }
  }
  if (place == Place::failure) {
    failure_ = {};
    failure_.policy = policy_.number;
    if (++report_.failures > limits_.failures) {
      error_ = model::Error{"too-many-failures", fmt::format("more than {} failures", limits_.failures), ""};
      return false;
    }
  }
  return true;
}

bool ReportBuilder::leave(Place place) {
  if (place == Place::failure) return end_failure();
  if (place == Place::policy_item) return end_policy();
  if (place == Place::report && stack_.size() == 1) is_complete_ = true;
  return true;
}

bool ReportBuilder::end_failure() {
  if (failure_.result_type == model::TlsResultType::unknown && failure_.raw_result_type.empty())
    defect("tls-no-result-type", "");
  if (!failure_.sessions) defect("no-count", "failed-session-count");
  RUAUDIT_PLANT(policy_.number == 2 && policy_.details == 1 && failure_.sessions == 1);
  ++policy_.details;
  policy_.detailed = std::min(policy_.detailed + failure_.sessions.value_or(0), model::max_count);
  return sink_.failure(failure_);
}

bool ReportBuilder::end_policy() {
  if (policy_.type == model::TlsPolicyType::unknown && policy_.raw_type.empty()) defect("tls-no-policy-type", "");
  if (policy_.domain.empty() && !hinted_domain_.empty()) {
    policy_.domain = hinted_domain_;
    defect(hinted_by_, hinted_domain_);
  } else if (policy_.domain.empty()) {
    defect("no-policy-domain", "");
  }
  if (list_cut_ > 0) defect("tls-list-cut", fmt::format("{} entries more", list_cut_));
  check_sums();
  ++report_.policies;
  const bool goes_on = sink_.policy(policy_);
  has_policy_ = false;
  return goes_on;
}

// RFC 8460 section 4.4 wants a summary; the failures need not be told one by one, but none more than there were.
void ReportBuilder::check_sums() {
  if (!policy_.successful || !policy_.failed) {
    defect("tls-no-summary", !policy_.failed ? "total-failure-session-count" : "total-successful-session-count");
    return;
  }
  if (policy_.detailed > *policy_.failed || (policy_.details > 0 && policy_.detailed != *policy_.failed))
    defect("tls-sums-differ", fmt::format("{} failed, {} of them in details", *policy_.failed, policy_.detailed));
}

void ReportBuilder::unknown_member(std::string_view name) {
  ++report_.unknown_members;
  if (unknown_.size() >= most_unknown_names || !unknown_.emplace(name).second) return;
  defect("unknown-element", name);
}

void ReportBuilder::null() {
  const Frame& top = stack_.back();
  if (!top.is_list && target() == Place::policy_item) has_policies_ = true;
  is_ignored_ = false;
}

bool ReportBuilder::scalar(Scalar value) {
  const Frame& top = stack_.back();
  if (is_ignored_) {
    is_ignored_ = false;
    return true;
  }
  if (top.place == Place::nowhere) return true;
  const Place place = target();
  if (is_list_of_texts(place)) {
    add_to_list(place, value);
    return true;
  }
  if (top.is_list || place != Place::nowhere) {
    defect("tls-unexpected-value",
           (top.is_list ? "in a list: " : key_ + ": ") + std::string(cut_text(value.text, 200)));
    return true;
  }
  return set_member(top.place, key_, value);
}

void ReportBuilder::add_to_list(Place place, Scalar value) {
  auto& list = place == Place::strings ? policy_.strings : policy_.mx_hosts;
  if (list.size() >= limits_.list_entries) {
    ++list_cut_;
    return;
  }
  if (place == Place::strings) {
    list.push_back(text(value));
  } else if (auto name = host(value); !name.empty()) {
    list.push_back(std::move(name));
  }
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
  std::string kept(cut_text(clean, limits_.value_octets));
  std::replace(kept.begin(), kept.end(), '\0', ' ');
  return kept;
}

bool ReportBuilder::is_report() const {
  const auto& header = report_.header;
  return has_policies_ || (!header.organization_name.empty() && !header.report_id.empty() && has_begin_ && has_end_);
}

model::TlsReport ReportBuilder::finish(bool is_damaged) {
  has_policy_ = false;
  report_.is_damaged = is_damaged;
  auto& header = report_.header;
  if (header.organization_name.empty()) defect("no-org-name", "");
  if (header.report_id.empty()) defect("no-report-id", "");
  if (!has_begin_) defect("no-date", "start-datetime");
  if (!has_end_) defect("no-date", "end-datetime");
  model::ReportHeader gaps;
  gaps.metadata.org_name = header.organization_name;
  gaps.metadata.email = header.contact_info;
  gaps.metadata.report_id = header.report_id;
  gaps.metadata.date_range = header.date_range;
  for (const auto& one : fill_gaps(gaps, hints_))
    if (!one.code.starts_with("domain-from-") && !one.code.starts_with("email-from-")) defect(one.code, one.detail);
  header.organization_name = gaps.metadata.org_name;
  header.report_id = gaps.metadata.report_id;
  header.date_range = gaps.metadata.date_range;
  fill_identity_dates(report_.identity, hints_);
  auto& range = header.date_range;
  if (range.begin && range.end && *range.begin > *range.end) {
    std::swap(range.begin, range.end);
    std::swap(report_.identity.begin, report_.identity.end);
    defect("period-reversed", "");
  }
  if (omitted_ > 0) sink_.defect({"defects-omitted", fmt::format("{} more", omitted_), 0, 0});
  return report_;
}

}  // namespace ruaudit::parser::tls
