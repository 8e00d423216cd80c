#include "parser/tls/report_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/ascii.hpp"
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

// There is one of it: of a list the first object is taken.
bool is_single(Place place) { return place == Place::date_range || place == Place::policy || place == Place::summary; }

// Keys are compared without letter case, whatever joins their words.
std::string folded_key(std::string_view name) {
  std::string key = ascii::lower(cut_text(trimmed(name), 200));
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
  stack_.push_back({.place = Place::root, .is_list = true});
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

// A key that is there again counts where it held nothing before.
void ReportBuilder::key(std::string_view name) {
  key_ = folded_key(name);
  Frame& top = stack_.back();
  top.is_filled = true;
  is_ignored_ = false;
  if (top.place == Place::nowhere || top.seen.size() >= most_keys) return;
  const auto [at, is_new] = top.seen.try_emplace(key_, false);
  if (is_new) return;
  is_ignored_ = at->second;
  defect("duplicate-element", key_);
}

// The current value is one that holds something.
void ReportBuilder::fill() {
  Frame& top = stack_.back();
  if (top.is_list) {
    top.is_filled = true;
  } else if (const auto at = top.seen.find(key_); at != top.seen.end()) {
    at->second = true;
  }
}

void ReportBuilder::pop() {
  const Frame ended = std::move(stack_.back());
  stack_.pop_back();
  if (!ended.is_filled) return;
  key_ = ended.key;
  fill();
}

// An object where a list of texts or a text should be says nothing that is known.
bool ReportBuilder::push(bool is_list) {
  if (stack_.size() > limits_.depth) {
    error_ = model::Error{"json-too-deep", fmt::format("line {}: more than {} levels", line_, limits_.depth),
                          "no report is nested so deeply"};
    return false;
  }
  Place place = target();
  Frame& top = stack_.back();
  if (place == Place::nowhere && top.place != Place::nowhere && !top.is_list && !is_ignored_) unknown_member(key_);
  if (!is_list && is_list_of_texts(place)) {
    defect("tls-unexpected-value", key_ + ": an object");
    place = Place::nowhere;
  }
  if (top.is_list && is_single(place) && (is_list || top.has_object)) {
    defect("tls-unexpected-value", "one more in a list where one object belongs");
    place = Place::nowhere;
  }
  if (is_list && place == Place::report && top.place == Place::report) place = Place::nowhere;
  if (place == Place::policy_item) has_policies_ = true;
  top.has_object = top.has_object || !is_list;
  if (top.is_list) fill();
  stack_.push_back({.place = place, .is_list = is_list, .seen = {}, .key = is_ignored_ ? std::string() : key_});
  is_ignored_ = false;
  return is_list || enter(place);
}

bool ReportBuilder::begin_object() { return push(false); }
bool ReportBuilder::begin_list() { return push(true); }

bool ReportBuilder::end_list() {
  pop();
  return true;
}

bool ReportBuilder::end_object() {
  const Place place = stack_.back().place;
  pop();
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
  if (!trimmed(value.text).empty()) fill();
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
