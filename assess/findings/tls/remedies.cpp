// Result types of RFC 8460 section 4.3, and what the owner does about each.
#include <algorithm>

#include "assess/findings/tls/tls.hpp"

namespace ruaudit::assess::tls {
namespace {

using model::say;
using model::Sentence;

std::string value_of(const std::string& line, std::string_view key) {
  if (line.compare(0, key.size(), key) != 0) return {};
  const auto begin = line.find_first_not_of(" \t", key.size());
  return begin == std::string::npos ? std::string() : line.substr(begin, line.find_last_not_of(" \t\r\n") - begin + 1);
}

// RFC 8461 section 4.1: "*." stands for exactly one label.
bool matches(const std::string& host, const std::string& pattern) {
  if (!pattern.starts_with("*.")) return host == pattern;
  const auto dot = host.find('.');
  return dot != std::string::npos && host.substr(dot) == pattern.substr(1);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string> named_hosts(const Case& of) {
  std::vector<std::string> names;
  for (const auto& [host, sessions] : of.hosts)
    if (!host.empty()) names.push_back(host);
  std::stable_sort(names.begin(), names.end(),
                   [&](const auto& a, const auto& b) { return of.hosts.at(a) > of.hosts.at(b); });
  constexpr std::size_t most = 5;
  names.resize(std::min(names.size(), most));
  return names;
}

}  // namespace

std::string mode_of(const std::vector<std::string>& policy) {
  for (const auto& line : policy)
    if (const auto mode = value_of(lower(line), "mode:"); !mode.empty()) return mode;
  return {};
}

std::vector<std::string> hosts_outside_policy(const Case& of, const std::vector<std::string>& policy) {
  std::vector<std::string> patterns, outside;
  for (const auto& line : policy)
    if (auto pattern = value_of(lower(line), "mx:"); !pattern.empty()) patterns.push_back(std::move(pattern));
  if (patterns.empty()) return {};
  for (const auto& host : named_hosts(of))
    if (std::none_of(patterns.begin(), patterns.end(), [&](const auto& one) { return matches(host, one); }))
      outside.push_back(host);
  return outside;
}

Remedy remedy_of(const Case& of, const std::string& domain, const Published& published, const std::string& reporters) {
  const auto names = named_hosts(of);
  const Sentence hosts = names.empty() ? say("the mail hosts of {}", domain) : Sentence(joined(names));
  const std::string policy_address = "https://mta-sts." + domain + "/.well-known/mta-sts.txt";
  const std::string& type = of.result_type;
  const bool may_be_policy =
      type == "certificate-host-mismatch" || type == "validation-failure" || type == "sts-policy-invalid";
  if (const auto outside = hosts_outside_policy(of, published.policy); may_be_policy && !outside.empty())
    return {Fault::policy, say("Add {} as mx to the policy at {}, and give _mta-sts.{} a new id", joined(outside),
                               policy_address, domain)};
  if (type == "certificate-expired") return {Fault::host, say("Renew the certificate of {}", hosts)};
  if (type == "certificate-host-mismatch")
    return {Fault::host, say("Install at {} a certificate that has this host's name", hosts)};
  if (type == "certificate-not-trusted")
    return {Fault::host, say("Install at {} a certificate of a public CA, with the whole chain", hosts)};
  if (type == "starttls-not-supported")
    return {Fault::host, say("Make {} offer STARTTLS, and see that nothing on the way takes it out", hosts)};
  if (type == "tlsa-invalid")
    return {Fault::host, say("Bring the TLSA records of {} (port 25) in step with its certificate", hosts)};
  if (type == "dnssec-invalid") return {Fault::domain, say("Repair the DNSSEC signatures of the names of {}", hosts)};
  if (type == "dane-required")
    return {Fault::unclear, say("Publish TLSA records for {} if {} should deliver there", hosts, reporters)};
  if (type == "sts-policy-fetch-error")
    return {Fault::policy, say("Make {} reachable, with a valid certificate", policy_address)};
  if (type == "sts-policy-invalid") return {Fault::policy, say("Correct the policy at {}", policy_address)};
  if (type == "sts-webpki-invalid")
    return {Fault::policy, say("Renew or correct the certificate of {}", "mta-sts." + domain)};
  if (type == "validation-failure")
    return {Fault::unclear, say("See what certificate {} presents, and what its log says of these sessions", hosts)};
  return {Fault::unclear, say("Ask {} what {} means", reporters, type)};
}

}  // namespace ruaudit::assess::tls
