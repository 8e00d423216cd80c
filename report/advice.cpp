#include "report/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/safe_text.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

using model::MessageCount;
using model::Policy;
using model::SourceFacts;

bool is_at_or_below(std::string_view name, std::string_view domain) {
  if (name.size() <= domain.size()) return name == domain;
  return name.ends_with(domain) && name[name.size() - domain.size() - 1] == '.';
}

bool is_own(std::string_view name, std::string_view domain) {
  return !name.empty() && (is_at_or_below(name, domain) || is_at_or_below(domain, name));
}

bool has_own(const std::vector<MessageCount>& names, std::string_view domain) {
  return std::any_of(names.begin(), names.end(), [&](const MessageCount& one) { return is_own(one.name, domain); });
}

bool has_override(const SourceFacts& source, std::string_view type) {
  const auto& list = source.details.overrides;
  return std::any_of(list.begin(), list.end(), [type](const MessageCount& one) { return one.name == type; });
}

bool is_reported_as_forwarded(const SourceFacts& source) {
  return has_override(source, "forwarded") || has_override(source, "mailing_list") ||
         has_override(source, "trusted_forwarder") || !source.details.arc_domains.empty();
}

std::int64_t failing(const SourceFacts& source) { return source.messages - source.passed; }

struct Group {  // failing sources that are told about in one sentence
  std::int64_t messages = 0;
  std::size_t sources = 0;
};

struct Groups {
  std::map<std::string, Group> services;  // by the domain they authenticate as
  Group forwarded, misconfigured, unknown;
};

Groups group(const model::DomainFacts& domain) {
  Groups groups;
  for (const auto& source : domain.failing_top) {
    Group* group = &groups.unknown;
    switch (kind_of(source, domain.domain)) {
      case SourceKind::service:
        group = &groups.services[authenticated_as(source)];
        break;
      case SourceKind::forwarder:
        group = &groups.forwarded;
        break;
      case SourceKind::misconfigured:
        group = &groups.misconfigured;
        break;
      case SourceKind::unknown:
        break;
    }
    group->messages += failing(source);
    ++group->sources;
  }
  return groups;
}

std::string service_advice(const model::DomainFacts& domain, const Groups& groups) {
  const auto biggest =
      std::max_element(groups.services.begin(), groups.services.end(),
                       [](const auto& a, const auto& b) { return a.second.messages < b.second.messages; });
  const auto name = harmless(biggest->first);
  return fmt::format(
      "{} ({}, {}) sends as {} but authenticates as itself: if it is your mailing service, have it sign DKIM with "
      "d={}; if you do not know it, it is a stranger.",
      name, count_text(biggest->second.messages, "message"),
      address_count(static_cast<std::int64_t>(biggest->second.sources)), harmless(domain.domain),
      harmless(domain.domain));
}

std::string misconfigured_advice(const model::DomainFacts& domain, const Group& group) {
  return fmt::format(
      "{} from {} carry your own domain's signature or sender, yet fail: check the DKIM key and the alignment mode of "
      "{} there.",
      count_text(group.messages, "message"), address_count(static_cast<std::int64_t>(group.sources)),
      harmless(domain.domain));
}

// Of the sources only the biggest are distinguished; what authenticates as nobody is known exactly for all of them.
// Those that are not listed can only be counted from above.
Group all_unknown(const Groups& groups, const model::DomainFacts& domain, const Figures& figures) {
  Group all = groups.unknown;
  all.messages = std::max(all.messages, figures.failing_unauthenticated - groups.misconfigured.messages);
  std::size_t others = groups.forwarded.sources + groups.misconfigured.sources;
  for (const auto& [name, service] : groups.services) others += service.sources;
  const auto failing_sources = static_cast<std::size_t>(std::max<std::int64_t>(domain.failing_sources, 0));
  all.sources = std::max(all.sources, failing_sources - std::min(failing_sources, others));
  return all;
}

// What a policy may do about them is said by the policy gate alone, which knows whose they are.
std::string unknown_advice(const Group& group) {
  return fmt::format("{} from {} authenticate as nobody: 'ruaudit summary' says which of them may be yours.",
                     count_text(group.messages, "message"), address_count(static_cast<std::int64_t>(group.sources)));
}

}  // namespace

std::string_view text_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::service:
      return "authenticates as another domain";
    case SourceKind::forwarder:
      return "forwarded or from a list";
    case SourceKind::misconfigured:
      return "your own domain, but it fails";
    case SourceKind::unknown:
      break;
  }
  return "nobody known";
}

std::string authenticated_as(const SourceFacts& source) {
  const auto& details = source.details;
  if (!details.dkim_domains.empty() && !details.dkim_domains.front().name.empty())
    return details.dkim_domains.front().name;
  return details.spf_domains.empty() ? std::string() : details.spf_domains.front().name;
}

SourceKind kind_of(const SourceFacts& source, std::string_view domain) {
  const auto& details = source.details;
  if (is_reported_as_forwarded(source)) return SourceKind::forwarder;
  const auto as = authenticated_as(source);
  const bool own_signature_broke = has_own(details.failed_dkim_domains, domain);
  if (is_own(as, domain)) return SourceKind::misconfigured;
  // A stranger's envelope around your broken signature is what a list or a forwarder makes of your mail.
  if (own_signature_broke) return as.empty() ? SourceKind::misconfigured : SourceKind::forwarder;
  return as.empty() ? SourceKind::unknown : SourceKind::service;
}

std::string_view words_of(const SourceFacts& source, std::string_view domain) {
  const SourceKind kind = kind_of(source, domain);
  const bool is_guess = kind == SourceKind::forwarder && !is_reported_as_forwarded(source);
  return is_guess ? "your signature broke: on the way, or at the sender" : text_of(kind);
}

std::vector<std::string> advise(const model::DomainFacts& domain, const Figures& figures, std::size_t missing_days) {
  std::vector<std::string> advice;
  if (domain.domain == no_domain)
    return {"These reports name no policy domain: their reporter made them wrong. v_report shows who it is."};
  if (domain.reports == 0)
    return {"No report in this period: check that the rua address of the DMARC record is right and authorised."};
  const auto groups = group(domain);
  const auto worth_telling = [&figures](const Group& one) {
    return one.messages > 0 && is_share(one.messages, figures.failing(), 5);
  };
  if (std::any_of(groups.services.begin(), groups.services.end(),
                  [&](const auto& s) { return worth_telling(s.second); }))
    advice.push_back(service_advice(domain, groups));
  if (worth_telling(groups.misconfigured)) advice.push_back(misconfigured_advice(domain, groups.misconfigured));
  const Group unknown = all_unknown(groups, domain, figures);
  if (worth_telling(unknown)) advice.push_back(unknown_advice(unknown));
  if (worth_telling(groups.forwarded))
    advice.push_back(fmt::format(
        "{} {} forwarded or sent through a list: nothing to fix; DKIM signatures that survive lists help most.",
        count_text(groups.forwarded.messages, "message"), groups.forwarded.messages == 1 ? "looks" : "look"));
  if (missing_days > 1 && missing_days >= 2 + domain.report_days.size() / 4)
    advice.push_back(fmt::format("{} without any report: a reporter has fallen silent, or reports did not arrive.",
                                 count_text(static_cast<std::int64_t>(missing_days), "day")));
  if (advice.empty()) advice.emplace_back("Nothing stands out.");
  if (advice.size() > max_advice) advice.resize(max_advice);
  return advice;
}

}  // namespace ruaudit::report
