// Result types of RFC 8460 section 4.3, and what the owner does about each.
#include <algorithm>
#include <optional>

#include "assess/findings/tls/tls.hpp"
#include "model/ascii.hpp"

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

// "a", "a and b", "a, b and c"
Sentence joined(const std::vector<std::string>& names) {
  constexpr std::size_t most_octets = 255;
  std::string text;
  for (std::size_t i = 0; i + 1 < names.size(); ++i) text += (i == 0 ? "" : ", ") + front_of(names[i], most_octets);
  const auto last = names.empty() ? std::string() : front_of(names.back(), most_octets);
  return text.empty() ? Sentence(last) : say("{} and {}", text, last);
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

std::string front_of(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most) + "...";
}

std::string mode_of(const std::vector<std::string>& policy) {
  for (const auto& line : policy)
    if (const auto mode = value_of(ascii::lower(line), "mode:"); !mode.empty()) return mode;
  return {};
}

std::vector<std::string> hosts_outside_policy(const Case& of, const std::vector<std::string>& policy) {
  std::vector<std::string> patterns, outside;
  for (const auto& line : policy)
    if (auto pattern = value_of(ascii::lower(line), "mx:"); !pattern.empty()) patterns.push_back(std::move(pattern));
  if (patterns.empty()) return {};
  for (const auto& host : named_hosts(of))
    if (std::none_of(patterns.begin(), patterns.end(), [&](const auto& one) { return matches(host, one); }))
      outside.push_back(host);
  return outside;
}

bool Published::has_host(const std::string& host) const {
  const auto is_it = [&](const std::string& own) { return matches(ascii::lower(own), host); };
  return std::any_of(first_hosts.begin(), first_hosts.end(), is_it) ||
         std::any_of(other_hosts.begin(), other_hosts.end(), is_it);
}

std::string words_of(const Case& of) {
  constexpr std::size_t most = 5, most_octets = 60;
  std::string text;
  std::size_t number = 0;
  for (const auto& word : of.words) {
    if (number++ == most) return text + ", ...";
    text += (text.empty() ? "" : ", ") + front_of(word, most_octets);
  }
  return text;
}

namespace {

Sentence if_yours(const std::vector<std::string>& hosts, Sentence action) {
  return hosts.size() == 1 ? say("If {} is a mail host of yours: {}", hosts.front(), std::move(action))
                           : say("If {} are mail hosts of yours: {}", joined(hosts), std::move(action));
}

// What a report calls a host says nothing of whose it is: the owner is told to change only their own ones.
class HostRemedies {
 public:
  HostRemedies(const Case& of, const std::string& domain, const Published& published) : domain_(domain) {
    for (const auto& name : named_hosts(of)) {
      names_.push_back(name);
      if (published.has_host(name)) own_.push_back(name);
    }
    is_sure_ = published.knows_hosts();
  }
  // Hosts are named, and none of them is the owner's.
  [[nodiscard]] bool are_foreign() const { return is_sure_ && !names_.empty() && own_.empty(); }
  [[nodiscard]] Remedy foreign() const {
    return {Fault::unclear,
            say("Find out why mail to {} went to {}, which its MX records do not name", domain_, joined(names_))};
  }
  [[nodiscard]] Sentence hosts() const {
    const auto& names = is_sure_ ? own_ : names_;
    return names.empty() ? say("the mail hosts of {}", domain_) : joined(names);
  }
  [[nodiscard]] Sentence if_own(Sentence action) const {
    if (is_sure_ || names_.empty()) return action;
    return if_yours(names_, std::move(action));
  }
  [[nodiscard]] bool are_several() const { return (is_sure_ ? own_ : names_).size() != 1; }

 private:
  const std::string& domain_;
  std::vector<std::string> names_, own_;
  bool is_sure_ = false;
};

std::optional<Remedy> policy_remedy(const Case& of, const std::string& domain, const Published& published) {
  const std::string& type = of.result_type;
  const std::string address = "https://mta-sts." + domain + "/.well-known/mta-sts.txt";
  const bool may_be_policy =
      type == "certificate-host-mismatch" || type == "validation-failure" || type == "sts-policy-invalid";
  if (may_be_policy) {
    auto outside = hosts_outside_policy(of, published.policy);
    if (published.knows_hosts()) std::erase_if(outside, [&](const auto& host) { return !published.has_host(host); });
    if (!outside.empty()) {
      Sentence action =
          say("Add {} as mx to the policy at {}, and give _mta-sts.{} a new id", joined(outside), address, domain);
      if (!published.knows_hosts()) action = if_yours(outside, std::move(action));
      return Remedy{Fault::policy, std::move(action)};
    }
  }
  if (type == "sts-policy-fetch-error")
    return Remedy{Fault::policy, say("Make {} reachable, with a valid certificate", address)};
  if (type == "sts-policy-invalid") return Remedy{Fault::policy, say("Correct the policy at {}", address)};
  if (type == "sts-webpki-invalid")
    return Remedy{Fault::policy, say("Renew or correct the certificate of {}", "mta-sts." + domain)};
  return std::nullopt;
}

Sentence action_at_several(const std::string& type, const Sentence& hosts) {
  if (type == "certificate-expired") return say("Renew the certificates of {}", hosts);
  if (type == "certificate-host-mismatch")
    return say("Install at each of {} a certificate that has the name of that host", hosts);
  if (type == "certificate-not-trusted")
    return say("Install at each of {} a certificate of a public CA, with the whole chain", hosts);
  if (type == "tlsa-invalid") return say("Make the TLSA records of {} (port 25) match their certificates", hosts);
  return {};
}

// One host, or what is said of several in the same words.
Sentence host_action(const std::string& type, const Sentence& hosts) {
  if (type == "certificate-expired") return say("Renew the certificate of {}", hosts);
  if (type == "certificate-host-mismatch") return say("Install at {} a certificate that has this host's name", hosts);
  if (type == "certificate-not-trusted")
    return say("Install at {} a certificate of a public CA, with the whole chain", hosts);
  if (type == "starttls-not-supported")
    return say("Make {} offer STARTTLS, and make sure that nothing on the way removes it", hosts);
  if (type == "tlsa-invalid") return say("Make the TLSA records of {} (port 25) match its certificate", hosts);
  return {};
}

Sentence unnamed_failure(const Case& of, const Sentence& reporters) {
  return of.reporters.size() == 1 ? say("Ask {} what failed: the report does not say", reporters)
                                  : say("Ask {} what failed: their reports do not say", reporters);
}

}  // namespace

Remedy remedy_of(const Case& of, const std::string& domain, const Published& published, const Sentence& reporters) {
  const std::string& type = of.result_type;
  if (type == unknown_type)
    return {Fault::unclear, of.words.empty() ? unnamed_failure(of, reporters)
                                             : say("Ask {} what is meant by: {}", reporters, words_of(of))};
  if (auto remedy = policy_remedy(of, domain, published)) return std::move(*remedy);
  const HostRemedies at(of, domain, published);
  if (at.are_foreign()) return at.foreign();
  const Sentence hosts = at.hosts();
  auto action = at.are_several() ? action_at_several(type, hosts) : Sentence();
  if (action.empty()) action = host_action(type, hosts);
  if (!action.empty()) return {Fault::host, at.if_own(std::move(action))};
  if (type == "dnssec-invalid")
    return {Fault::domain, at.if_own(say("Repair the DNSSEC signatures of the names of {}", hosts))};
  if (type == "dane-required")
    return {Fault::unclear, at.if_own(say("Publish TLSA records for {} if {} should deliver there", hosts, reporters))};
  return {
      Fault::unclear,
      at.if_own(at.are_several()
                    ? say("Check which certificates {} present, and what their logs say about these sessions", hosts)
                    : say("Check which certificate {} presents, and what its log says about these sessions", hosts))};
}

}  // namespace ruaudit::assess::tls
