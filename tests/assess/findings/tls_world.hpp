// What TLS reports say of example.org, for tests of findings. Days count as in world.hpp; everything is authenticated
// unless it says otherwise.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "assess/findings/findings.hpp"
#include "tests/assess/findings/world.hpp"

namespace ruaudit::assess::test {

inline std::string words_of(const model::Finding& finding) {
  std::string words;
  for (const auto& sentence : finding.evidence) words += model::english(sentence) + "\n";
  return words;
}

class TlsWorld {
 public:
  struct Sums {
    std::int64_t successful = 0, failed = 0;
    model::TlsPolicyType type = model::TlsPolicyType::sts;
    model::ReportTrust trust = model::ReportTrust::authenticated;
    bool tells_successes = true;
    std::string domain = "example.org";
  };
  struct Failed {
    std::string type, host;
    std::int64_t sessions = 0;
    std::string domain = "example.org";
    model::ReportTrust trust = model::ReportTrust::authenticated;
  };

  TlsWorld& day(const std::string& reporter, int day, const Sums& sums) {
    tls_.days.push_back({place(tls_.domains, sums.domain), reporter_of(reporter), epoch_day + day, sums.type,
                         sums.trust, sums.successful, sums.failed, sums.tells_successes});
    return *this;
  }
  TlsWorld& failure(const std::string& reporter, int day, const Failed& failed) {
    tls_.failures.push_back({place(tls_.domains, failed.domain), reporter_of(reporter), epoch_day + day, failed.type,
                             failed.host, failed.trust, failed.sessions});
    return *this;
  }
  TlsWorld& seen(int day, const std::vector<std::string>& lines,
                 model::ReportTrust trust = model::ReportTrust::authenticated) {
    tls_.policies.push_back({place(tls_.domains, "example.org"), epoch_day + day, lines, trust});
    return *this;
  }
  TlsWorld& report(const std::string& reporter, int day, std::int64_t sessions,
                   const std::string& domain = "example.org") {
    tls_.reports.push_back({place(tls_.domains, domain), reporter_of(reporter), epoch_day + day, World::time_of(day),
                            model::ReportTrust::authenticated, sessions});
    return *this;
  }
  // As files of one night.
  TlsWorld& taken_in_at_once(int night) {
    for (auto& report : tls_.reports) report.taken_in = World::time_of(night);
    return *this;
  }
  TlsWorld& mx(const std::string& records) {
    facts_.records.push_back({.domain = "example.org",
                              .type = model::DnsRecordType::mx,
                              .name = "example.org",
                              .status = model::DnsRecordStatus::ok,
                              .text = records,
                              .target = {},
                              .fault = {},
                              .first_seen = World::time_of(1),
                              .last_seen = World::time_of(10),
                              .is_current = true});
    return *this;
  }
  TlsWorld& owns(const std::string& domain) {
    owned_.push_back(domain);
    return *this;
  }
  TlsWorld& called(const std::string& reporter, const std::string& name) {
    tls_.reporters[reporter_of(reporter)] = name;
    return *this;
  }

  std::vector<model::Finding> judged(int last_day) const {
    Situation situation{.facts = &facts_,
                        .intake = &intake_,
                        .tls = &tls_,
                        .classes = {},
                        .own_domains = owned_,
                        .parked_domains = {},
                        .report_addresses = {},
                        .now = World::time_of(last_day)};
    auto all = findings(situation);
    std::erase_if(all, [](const auto& one) {
      return one.kind != model::FindingKind::tls_failing && one.kind != model::FindingKind::tls_reporter_silent;
    });
    return all;
  }
  model::Finding only(int last_day) const {
    const auto all = judged(last_day);
    return all.size() == 1 ? all.front() : model::Finding{};
  }
  std::string said(int last_day) const {
    std::string text;
    for (const auto& one : judged(last_day)) text += (text.empty() ? "" : ", ") + std::string(model::to_text(one.kind));
    return text;
  }

 private:
  static std::uint32_t place(std::vector<std::string>& texts, const std::string& text) {
    const auto at = std::find(texts.begin(), texts.end(), text);
    if (at == texts.end()) texts.push_back(text);
    return static_cast<std::uint32_t>(std::find(texts.begin(), texts.end(), text) - texts.begin());
  }
  std::uint32_t reporter_of(const std::string& key) {
    const auto at = place(tls_.reporter_keys, key);
    if (tls_.reporters.size() < tls_.reporter_keys.size()) tls_.reporters.push_back(key);
    return at;
  }

  model::SenderFacts facts_;
  model::IntakeFacts intake_;
  model::TlsFacts tls_;
  std::vector<std::string> owned_;
};

}  // namespace ruaudit::assess::test
