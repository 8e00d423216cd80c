// A world of one owner for tests of findings: example.org, its senders by class, reports every night, DNS states. Days
// count from 1; the judged moment is 03:00 UTC after the last day.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "assess/findings/findings.hpp"

namespace ruaudit::assess::test {

inline constexpr Day epoch_day = 20'000;
inline constexpr std::int64_t night_time = 3 * 3600;

struct Mail {
  std::string address;
  int from = 1, to = 1;       // days
  std::int64_t messages = 0;  // a day
  std::string dkim{};         // "s1 pass": of example.org; "" none
  std::string spf{};          // result of the return path; "" none
  std::string header_from = "example.org";
  std::string disposition = "none";
  int reporters = 3;
  std::string return_path = "example.org";
  model::SpfScope scope = model::SpfScope::mfrom;
  std::optional<std::string> envelope_from{};
  bool is_unsaid = false;  // the report does not say what DKIM and SPF came to
};

class World {
 public:
  explicit World(int reporters = 4) {
    facts_.domains = intake_.domains = {"example.org"};
    for (int i = 0; i < reporters; ++i) intake_.reporters.push_back("reporter" + std::to_string(i));
  }
  World& source(const std::string& address, SenderClass of, const std::string& name = {}) {
    classes_.push_back({0, static_cast<std::uint32_t>(facts_.sources.size()), of, name, {}});
    places_[address] = static_cast<std::uint32_t>(facts_.sources.size());
    facts_.sources.push_back({.address = address, .names = {}, .country = {}, .asn = {}, .network = {}, .spf = {}});
    return *this;
  }
  // SPF lets the address pass by this term of the owner's record.
  World& listed(const std::string& address, const std::string& term) {
    facts_.sources[places_.at(address)].spf.push_back({"example.org", model::SpfResult::pass, term});
    return *this;
  }
  World& host(const std::string& address, const std::string& name) {
    if (!places_.contains(address)) source(address, SenderClass::stranger);
    for (auto& classed : classes_)
      if (classed.source == places_.at(address)) classed.host = name;
    return *this;
  }
  // What of an address belongs to somebody else than the rest: the patterns of its last `mail`.
  World& apart(const std::string& address, SenderClass of, const std::string& name = {}) {
    const auto pattern = static_cast<std::uint32_t>(facts_.patterns.size()) - 1;
    classes_.push_back({0, places_.at(address), of, name, {}, {pattern}});
    return *this;
  }
  World& mail(const Mail& mail) {
    if (!places_.contains(mail.address)) source(mail.address, SenderClass::stranger);
    return add(mail, 0);
  }
  // Mail of another policy domain, from an address that is known already.
  World& mail_of(const std::string& domain, const Mail& mail) {
    facts_.domains.push_back(domain);
    return add(mail, static_cast<std::uint32_t>(facts_.domains.size()) - 1);
  }
  // Every reporter reports days first to last, each in the night that follows it.
  World& reports(int first, int last, int only = -1) {
    for (int day = first; day <= last; ++day)
      for (std::uint32_t r = 0; r < intake_.reporters.size(); ++r)
        if (only < 0 || only == static_cast<int>(r))
          intake_.reports.push_back({.reporter = r,
                                     .day = epoch_day + day,
                                     .taken_in = time_of(day),
                                     .trust = model::ReportTrust::authenticated,
                                     .messages = 100});
    return *this;
  }
  World& record(model::DnsRecordType type, const std::string& name, int from, int to, const std::string& text,
                model::DnsRecordStatus status = model::DnsRecordStatus::ok, const std::string& fault = {}) {
    facts_.records.push_back({.domain = "example.org",
                              .type = type,
                              .name = name,
                              .status = status,
                              .text = text,
                              .target = {},
                              .fault = fault,
                              .first_seen = time_of(from),
                              .last_seen = time_of(to),
                              .is_current = false});
    return *this;
  }
  World& parked() {
    parked_ = {"example.org"};
    return *this;
  }
  World& asks_at(const std::vector<std::string>& addresses) {
    report_addresses_ = addresses;
    return *this;
  }
  model::IntakeFacts& intake() { return intake_; }
  static std::int64_t time_of(int day) { return (std::int64_t{epoch_day} + day + 1) * 86'400 + night_time; }

  Situation situation(int last_day) const {
    return {.facts = &facts_,
            .intake = &intake_,
            .classes = classes_,
            .own_domains = {"example.org"},
            .parked_domains = parked_,
            .report_addresses = report_addresses_,
            .now = time_of(last_day)};
  }
  std::vector<model::Finding> judged(int last_day) const { return findings(situation(last_day)); }
  // "dkim_broken fix, sender_gone info": kinds and severities, in order.
  std::string said(int last_day) const {
    std::string text;
    for (const auto& finding : judged(last_day))
      text += (text.empty() ? "" : ", ") + std::string(model::to_text(finding.kind)) + " " +
              std::string(model::to_text(finding.severity));
    return text;
  }

 private:
  World& add(const Mail& mail, std::uint32_t domain) {
    const auto place = static_cast<std::uint32_t>(facts_.patterns.size());
    facts_.patterns.push_back(pattern(mail));
    for (int day = mail.from; day <= mail.to; ++day)
      facts_.days.push_back({.domain = domain,
                             .source = places_.at(mail.address),
                             .pattern = place,
                             .day = epoch_day + day,
                             .trust = model::ReportTrust::authenticated,
                             .messages = mail.messages,
                             .reporters = (std::uint64_t{1} << mail.reporters) - 1});
    return *this;
  }
  static model::AuthPattern pattern(const Mail& mail) {
    model::AuthPattern pattern;
    pattern.header_from = mail.header_from;
    pattern.envelope_from = mail.envelope_from;
    pattern.disposition = model::parse_enum<model::Disposition>(mail.disposition).value_or(model::Disposition::none);
    pattern.dkim = pattern.spf = mail.is_unsaid ? model::AlignedResult::unknown : model::AlignedResult::fail;
    if (const auto blank = mail.dkim.find(' '); blank != std::string::npos) {
      const auto result = model::parse_enum<model::DkimResult>(mail.dkim.substr(blank + 1));
      pattern.signatures.push_back({"example.org", mail.dkim.substr(0, blank), result.value()});
      if (result == model::DkimResult::pass) pattern.dkim = model::AlignedResult::pass;
    }
    if (!mail.spf.empty()) {
      const auto result = model::parse_enum<model::SpfResult>(mail.spf);
      pattern.spf_results.push_back({mail.return_path, mail.scope, result.value()});
      const bool is_aligned = mail.return_path.ends_with("example.org") && mail.scope != model::SpfScope::helo;
      if (result == model::SpfResult::pass && is_aligned) pattern.spf = model::AlignedResult::pass;
    }
    return pattern;
  }

  model::SenderFacts facts_;
  model::IntakeFacts intake_;
  std::vector<ClassedSource> classes_;
  std::vector<std::string> parked_, report_addresses_{"dmarc@example.org"};
  std::map<std::string, std::uint32_t> places_;
};

}  // namespace ruaudit::assess::test
