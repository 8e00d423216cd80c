// Facts for tests of the policy gate, each of which changes what it is about.
#pragma once
#include <string>

#include "assess/overview/policy_gate.hpp"

namespace ruaudit::assess::gate_test {

inline constexpr std::int32_t today = 20'100;

// A domain that may step: a month of reports, all proven, all own mail by both mechanisms.
inline GateFacts good(model::Policy p = model::Policy::none, std::int64_t messages = 3'000) {
  GateFacts facts{.domain = "example.org", .report_address = "dmarc@example.org", .today = today};
  facts.policy = {.name = "_dmarc.example.org",
                  .record = "v=DMARC1; p=" + std::string(model::to_text(p)) + "; rua=mailto:dmarc@example.org",
                  .p = p,
                  .since = today - 60};
  facts.basis = {.first_day = today - 30,
                 .last_day = today - 1,
                 .days = 90,
                 .covered_days = 30,
                 .reports = 90,
                 .reporters = 3,
                 .messages = messages,
                 .proven = messages};
  facts.basis.own = {.messages = messages, .passed = messages, .both = messages};
  facts.failing_days.assign(30, 0);
  facts.side = {.strict_dkim = messages, .strict_spf = messages, .strict_both = messages};
  return facts;
}

inline GateFacts with_finding(GateFacts facts, model::FindingKind kind, model::Severity severity,
                              std::int64_t messages = 500, int number = 1) {
  model::Finding finding{.id = "x", .kind = kind, .severity = severity, .domain = "example.org", .messages = messages};
  finding.subject.sources = {"192.0.2.1"};
  facts.findings.push_back({number, finding, false});
  return facts;
}

// What blocks, in its order.
inline std::string codes(const model::PolicyGate& gate) {
  std::string text;
  for (const auto& block : gate.blocks) text += (text.empty() ? "" : " ") + block.code;
  return text;
}

}  // namespace ruaudit::assess::gate_test
