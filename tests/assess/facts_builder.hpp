// Builds SenderFacts of the owner of example.org, row by row, as reports would say them: signatures and SPF of each row
// decide alignment by themselves, relaxed.
#pragma once
#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "assess/domain_text.hpp"
#include "assess/source_class.hpp"
#include "model/calendar.hpp"

namespace ruaudit::assess::test {

struct Row {
  std::string address;
  std::string dkim{};  // "example.org/s1 pass, sendgrid.net/x fail"
  std::string spf{};   // "example.org pass", "" none
  std::int64_t messages = 100;
  int days = 30;  // consecutive from day 20000
  int first_day = 20000;
  std::string marks{};  // override types
  std::string header_from = "example.org";
  int reporters = 4;
};

class FactsBuilder {
 public:
  explicit FactsBuilder(std::string domain = "example.org") { facts_.domains.push_back(std::move(domain)); }

  FactsBuilder& name(const std::string& address, const std::string& host, bool is_confirmed = true) {
    auto& fact = facts_.sources[source(address)];
    fact.reverse = model::ReverseStatus::found;
    fact.names.push_back({host, is_confirmed});
    return *this;
  }
  FactsBuilder& spf_today(const std::string& address, const std::string& term,
                          const std::string& domain = "example.org") {
    facts_.sources[source(address)].spf.push_back({domain, model::SpfResult::pass, term});
    return *this;
  }
  FactsBuilder& key(const std::string& selector, const std::string& target) {
    facts_.records.push_back({.domain = facts_.domains[0],
                              .type = model::DnsRecordType::dkim,
                              .name = selector + "._domainkey." + facts_.domains[0],
                              .status = model::DnsRecordStatus::ok,
                              .text = "v=DKIM1; p=x",
                              .target = target,
                              .fault = {}});
    return *this;
  }
  FactsBuilder& host(const std::string& name, const std::string& address) {
    facts_.records.push_back({.domain = facts_.domains[0],
                              .type = model::DnsRecordType::address,
                              .name = name,
                              .status = model::DnsRecordStatus::ok,
                              .text = address,
                              .target = {},
                              .fault = {}});
    return *this;
  }
  FactsBuilder& label(model::LabelKind kind, const std::string& subject, model::LabelWord word) {
    facts_.labels.push_back({.kind = kind, .subject = subject, .word = word, .note = {}});
    return *this;
  }
  FactsBuilder& row(const Row& row) {
    const auto place = static_cast<std::uint32_t>(facts_.patterns.size());
    facts_.patterns.push_back(pattern(row));
    const auto from = source(row.address);
    for (int day = 0; day < row.days; ++day) {
      const auto share = row.messages / row.days + (day < row.messages % row.days ? 1 : 0);
      if (share > 0)
        days_.push_back({.domain = 0,
                         .source = from,
                         .pattern = place,
                         .day = row.first_day + day,
                         .messages = share,
                         .reporters = (std::uint64_t{1} << row.reporters) - 1});
    }
    return *this;
  }

  const model::SenderFacts& facts() {
    std::stable_sort(days_.begin(), days_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.source, a.pattern, a.day) < std::tie(b.source, b.pattern, b.day);
    });
    facts_.days = {};
    for (const auto& day : days_) facts_.days.push_back(day);
    return facts_;
  }
  std::vector<SourceClass> classes() {
    return classify(facts(), ServiceTable::built_in(), {.domains = facts_.domains});
  }
  // "own_aligned", "service_aligned Mailchimp + stranger": the classes of an address, in the order of the enumeration.
  std::string of(const std::string& address) { return text_of(facts(), classes(), address); }
  static std::string text_of(const model::SenderFacts& facts, const std::vector<SourceClass>& classes,
                             const std::string& address) {
    std::map<Class, std::string> found;
    for (const auto& c : classes)
      if (facts.sources[c.source].address == address)
        found[c.is] = std::string(model::to_text(c.is)) + (c.service != nullptr ? " " + c.service->name : "");
    std::string text;
    for (const auto& [is, one] : found) text += (text.empty() ? "" : " + ") + one;
    return text;
  }
  std::string rule_of(const std::string& address) {
    for (const auto& c : classes())
      if (facts_.sources[c.source].address == address) return std::string(c.rule);
    return {};
  }

 private:
  std::uint32_t source(const std::string& address) {
    const auto [at, is_new] = places_.try_emplace(address, static_cast<std::uint32_t>(facts_.sources.size()));
    if (is_new)
      facts_.sources.push_back({.address = address, .names = {}, .country = {}, .asn = {}, .network = {}, .spf = {}});
    return at->second;
  }
  model::AuthPattern pattern(const Row& row) const {
    model::AuthPattern pattern;
    pattern.header_from = row.header_from;
    pattern.dkim = pattern.spf = model::AlignedResult::fail;
    std::stringstream signatures(row.dkim);
    for (std::string text; std::getline(signatures, text, ',');) {
      std::stringstream words(text);
      std::string key, result;
      words >> key >> result;
      const auto slash = key.find('/');
      pattern.signatures.push_back({key.substr(0, slash), key.substr(slash + 1),
                                    model::parse_enum<model::DkimResult>(result).value_or(model::DkimResult::unknown)});
      if (result == "pass" && is_at_or_below(key.substr(0, slash), facts_.domains[0]))
        pattern.dkim = model::AlignedResult::pass;
    }
    std::stringstream words(row.spf);
    std::string domain, result;
    if (words >> domain >> result) {
      pattern.envelope_from = domain;
      pattern.spf_results.push_back({domain, model::SpfScope::mfrom,
                                     model::parse_enum<model::SpfResult>(result).value_or(model::SpfResult::unknown)});
      if (result == "pass" && is_at_or_below(domain, facts_.domains[0])) pattern.spf = model::AlignedResult::pass;
    }
    std::stringstream marks(row.marks);
    for (std::string mark; marks >> mark;)
      pattern.overrides.push_back(model::parse_enum<model::OverrideType>(mark).value_or(model::OverrideType::unknown));
    return pattern;
  }

  model::SenderFacts facts_;
  std::vector<model::StreamDay> days_;
  std::map<std::string, std::uint32_t> places_;
};

}  // namespace ruaudit::assess::test
