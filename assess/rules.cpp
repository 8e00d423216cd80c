#include "assess/rules.hpp"

#include <algorithm>

#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

using Found = std::optional<Decision>;

std::string first_key(const std::vector<KeyName>& keys) {
  return keys.front().selector + "._domainkey." + keys.front().domain;
}

bool rides_on(const Service* front, const Service* carrier) {
  return front != nullptr && carrier != nullptr && front->rides_on(*carrier);
}

bool passes_mail_on(const Service* service) {
  return service != nullptr && (service->is_forwarder() || service->is_list());
}

// A list tells itself by its name: the first labels of its domain or host.
bool has_list_name(std::string_view name) {
  constexpr std::string_view words[] = {"list",  "lists",   "liste",  "listes", "listen",    "listserv",    "lista",
                                        "listy", "mailman", "groups", "sympa",  "majordomo", "mailinglist", "ml"};
  while (!name.empty()) {
    const auto label = name.substr(0, name.find('.'));
    const auto word = label.substr(0, label.find_first_of("-0123456789"));
    for (const auto known : words)
      if (word == known) return true;
    for (const std::string_view end : {"liste", "lists", "maillist", "mailinglist", "verteiler"})
      if (label.ends_with(end)) return true;
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  return false;
}

bool looks_like_list(const Case& c) {
  if (c.view.is_marked_list || c.source_is_marked_list) return true;
  if (c.identity.network.service != nullptr && c.identity.network.service->is_list()) return true;
  return has_list_name(c.foreign) || has_list_name(c.identity.host);
}

std::string name_of_other(const Case& c) {
  if (passes_mail_on(c.identity.network.service)) return c.identity.network.service->name;
  if (!c.view.spf_pass.empty()) return c.view.spf_pass;
  if (!c.identity.spf_pass.empty()) return c.identity.spf_pass;
  if (!c.identity.host.empty()) return c.identity.host;
  return c.foreign;
}

Decision passed_on(const Case& c, Confidence confidence, std::string evidence) {
  Decision decision{.is = looks_like_list(c) ? Class::mailing_list : Class::forwarder,
                    .confidence = confidence,
                    .name = name_of_other(c),
                    .evidence = {std::move(evidence)}};
  if (c.identity.network.service != nullptr) decision.evidence.push_back("network: " + c.identity.network.why);
  return decision;
}

Decision by_service(const Service* service, std::string why, bool is_aligned, Confidence confidence) {
  return {.is = is_aligned ? Class::service_aligned : Class::service_not_aligned,
          .confidence = confidence,
          .name = service->name,
          .service = service,
          .evidence = {std::move(why)}};
}

Decision by_owner(const Case& c, bool is_aligned, Confidence confidence, std::string evidence) {
  return {.is = is_aligned ? Class::own_aligned : Class::own_failing,
          .confidence = confidence,
          .name = c.identity.owner_host.empty() ? c.identity.host : c.identity.owner_host,
          .evidence = {std::move(evidence)}};
}

// The service of the network, or the one in front of it that signs.
Decision network_service(const Case& c, bool is_aligned) {
  const Service* network = c.identity.network.service;
  for (const auto& front : {Naming{c.key_service, "the key leads into it"}, c.identity.signer})
    if (rides_on(front.service, network)) {
      auto decision = by_service(front.service, front.why, is_aligned, Confidence::certain);
      decision.evidence.push_back("delivered by " + network->name + ": " + c.identity.network.why);
      return decision;
    }
  return by_service(network, c.identity.network.why, is_aligned, Confidence::certain);
}

// ------------------------------------------------------------------ what passes by the owner's SPF

Found spf_of_service(const Case& c) {
  if (!c.view.spf_aligned || c.identity.network.service == nullptr || passes_mail_on(c.identity.network.service))
    return {};
  return network_service(c, true);
}
Found spf_with_service_key(const Case& c) {
  if (!c.view.spf_aligned || c.key_service == nullptr) return {};
  return by_service(c.key_service, "SPF passes aligned, and the key " + first_key(c.view.own_pass) + " leads into it",
                    true, Confidence::certain);
}
Found spf_of_signer(const Case& c) {
  if (!c.view.spf_aligned || c.identity.signer.service == nullptr || !c.identity.direct_term.empty()) return {};
  if (!c.identity.owner_host.empty()) return {};
  return by_service(c.identity.signer.service, c.identity.signer.why, true, Confidence::likely);
}
Found spf_of_owner(const Case& c) {
  if (!c.view.spf_aligned) return {};
  return by_owner(c, true, Confidence::certain,
                  "SPF passes for your domain" +
                      (c.identity.direct_term.empty() ? std::string() : " (" + c.identity.direct_term + ")"));
}

// ------------------------------------------------------------------ what passes by the owner's DKIM alone

Found dkim_of_service(const Case& c) {
  const Service* network = c.identity.network.service;
  if (!c.view.dkim_aligned || network == nullptr || passes_mail_on(network)) return {};
  const bool is_its_key =
      c.key_service == network || rides_on(c.key_service, network) || rides_on(network, c.key_service);
  const bool is_home = c.home == nullptr || !c.home->is_known() || c.is_at_home;
  if (!is_its_key && !is_home) return {};
  return network_service(c, true);
}
Found dkim_of_own_host(const Case& c) {
  if (!c.view.dkim_aligned || c.identity.owner_host.empty()) return {};
  return by_owner(c, true, Confidence::certain, c.identity.owner_host + " is a host of yours, and DKIM passes");
}
Found dkim_at_home(const Case& c) {
  if (!c.view.dkim_aligned || c.home == nullptr || !c.home->is_known() || !c.is_at_home) return {};
  const std::string why = "other mail from here, or from beside it, passes SPF for your domain with the same key";
  if (c.key_service != nullptr) return by_service(c.key_service, why, true, Confidence::likely);
  return by_owner(c, true, Confidence::likely, why);
}
Found dkim_of_second_host(const Case& c) {
  if (!is_second_host(c)) return {};
  return by_owner(c, true, Confidence::weak,
                  "it sends as much mail signed with " + first_key(c.view.own_pass) +
                      " as a server does, and nothing tells that it is passed on");
}
Found dkim_passed_on(const Case& c) {
  if (!c.view.dkim_aligned || c.home == nullptr || !c.home->is_known()) return {};
  return passed_on(
      c, Confidence::certain,
      "signed with " + first_key(c.view.own_pass) + ", whose holder sends from elsewhere; the signature came through");
}
Found dkim_key_of_service(const Case& c) {
  if (!c.view.dkim_aligned || c.key_service == nullptr) return {};
  const std::string why = "DKIM passes with the key " + first_key(c.view.own_pass) + ", which your DNS points into it";
  const bool is_elsewhere = !c.foreign.empty() && c.scene.services.by_domain(c.foreign).service != c.key_service;
  if (is_elsewhere) return passed_on(c, Confidence::likely, why + ", but SPF passes for " + c.foreign);
  return by_service(c.key_service, why, true, Confidence::likely);
}
Found dkim_of_minor_holder(const Case& c) {
  if (!c.view.dkim_aligned || c.home == nullptr || c.view.spf_pass.empty()) return {};
  const auto mine = c.home->by_source.of(c.stream.source);
  if (mine == 0 || mine * 2 >= c.home->messages) return {};
  return passed_on(c, Confidence::likely,
                   "most mail signed with " + first_key(c.view.own_pass) +
                       " comes from elsewhere, and SPF passes here for " + c.view.spf_pass);
}
// A holder's hosts share the work and the network; who carries a small part of it from another network passes it on.
Found dkim_of_bystander(const Case& c) {
  if (!c.view.dkim_aligned || c.home == nullptr || c.identity.host.empty()) return {};
  const auto& most = c.home->busiest;
  const auto mine = c.home->by_source.of(c.stream.source);
  if (mine == 0 || mine * 4 >= most.second) return {};
  const auto& facts = c.scene.facts.sources;
  const bool is_beside = network_of(facts[most.first].address) == network_of(facts[c.stream.source].address) ||
                         are_related(c.scene.identities[most.first].host, c.identity.host);
  if (is_beside) return {};
  return passed_on(c, Confidence::weak,
                   "most mail signed with " + first_key(c.view.own_pass) + " comes from " + facts[most.first].address);
}
Found dkim_of_holder(const Case& c) {
  if (!c.view.dkim_aligned) return {};
  return by_owner(c, true, Confidence::likely, "DKIM passes for your domain, and nobody else sends with this key");
}

// ------------------------------------------------------------------ what passes by neither

Found own_host_failing(const Case& c) {
  if (c.identity.owner_host.empty() || c.identity.network.service != nullptr) return {};
  return by_owner(c, false, Confidence::certain, c.identity.owner_host + " is a host of yours");
}
Found forwarding_service(const Case& c) {
  if (!passes_mail_on(c.identity.network.service)) return {};
  return passed_on(c, Confidence::certain, c.identity.network.why);
}
Found forwarder_failing(const Case& c) {
  if (!c.source_forwards) return {};
  return passed_on(c, Confidence::likely, "most mail from here was signed by your senders elsewhere");
}
Found broken_on_the_way(const Case& c) {
  if (!c.has_known_failure || c.source_is_own) return {};
  const bool is_at_signer = c.identity.network.service != nullptr && c.foreign.empty();
  if (is_at_signer) return {};
  const bool is_marked = c.view.is_marked_list || c.view.is_marked_forwarded;
  if (c.foreign.empty() && !is_marked) return {};
  return passed_on(c, c.foreign.empty() ? Confidence::weak : Confidence::likely,
                   "a signature with " + first_key(c.view.own_fail) + " came broken, and " +
                       (c.foreign.empty() ? "a receiver calls it forwarded" : "it passes for " + c.foreign));
}
Found other_customer(const Case& c) {
  if (c.identity.network.service == nullptr || c.foreign.empty()) return {};
  // The service is named: what passes for somebody else may still be a name of the service's that nobody listed.
  const auto& name = c.identity.network.service->name;
  return Decision{.is = Class::stranger,
                  .confidence = Confidence::weak,
                  .name = name,
                  .evidence = {"it passes for " + c.foreign + ": another customer of " + name + ", perhaps",
                               "network: " + c.identity.network.why}};
}
Found service_failing(const Case& c) {
  if (c.identity.network.service == nullptr) return {};
  return network_service(c, false);
}
Found own_failing(const Case& c) {
  if (!c.source_is_own) return {};
  const bool is_other = !c.foreign.empty() && !are_related(c.foreign, c.identity.host);
  if (is_other) return {};
  const std::string why = "other mail from this address passes for your domain";
  // Mail of a service whose signature or envelope has broken: it stays the service's.
  if (c.identity.signer.service != nullptr)
    return by_service(c.identity.signer.service, c.identity.signer.why, false, Confidence::likely);
  return by_owner(c, false, Confidence::likely, why);
}
Found signing_service(const Case& c) {
  const Service* signer = c.identity.signer.service;
  if (signer == nullptr || passes_mail_on(signer)) return {};
  const bool is_elsewhere = !c.view.spf_pass.empty() && c.view.spf_pass_service != signer;
  if (is_elsewhere) return {};
  return by_service(signer, c.identity.signer.why, false, Confidence::likely);
}
Found marked_by_receivers(const Case& c) {
  if (!c.view.is_marked_list && !c.view.is_marked_forwarded) return {};
  if (c.foreign.empty()) return {};
  return passed_on(c, Confidence::weak, "a receiver calls it forwarded or list mail, and it passes for " + c.foreign);
}

constexpr Rule table[] = {
    {"spf-of-service", spf_of_service},
    {"spf-with-service-key", spf_with_service_key},
    {"spf-of-signer", spf_of_signer},
    {"spf-of-owner", spf_of_owner},
    {"dkim-of-service", dkim_of_service},
    {"dkim-of-own-host", dkim_of_own_host},
    {"dkim-at-home", dkim_at_home},
    {"dkim-of-second-host", dkim_of_second_host},
    {"dkim-passed-on", dkim_passed_on},
    {"dkim-key-of-service", dkim_key_of_service},
    {"dkim-of-minor-holder", dkim_of_minor_holder},
    {"dkim-of-bystander", dkim_of_bystander},
    {"dkim-of-holder", dkim_of_holder},
    {"own-host-failing", own_host_failing},
    {"forwarding-service", forwarding_service},
    {"forwarder-failing", forwarder_failing},
    {"broken-on-the-way", broken_on_the_way},
    {"other-customer", other_customer},
    {"service-failing", service_failing},
    {"own-failing", own_failing},
    {"signing-service", signing_service},
    {"marked-by-receivers", marked_by_receivers},
};

}  // namespace

std::span<const Rule> rules() { return table; }

bool may_be_second_host(const Case& c) {
  constexpr std::int64_t least_messages = 50;
  if (!c.view.dkim_aligned || c.view.spf_aligned || c.home == nullptr || !c.home->is_known() || c.is_at_home)
    return false;
  if (c.key_service != nullptr || c.identity.network.service != nullptr || !c.home->services.empty()) return false;
  // A forwarder shows itself by a return path or a signature of its own, or is called one.
  if (!c.foreign.empty() || !c.identity.spf_pass.empty() || c.view.is_marked_forwarded || looks_like_list(c))
    return false;
  if (c.view.has_foreign_path || (!c.view.envelope.empty() && !c.view.is_envelope_own)) return false;
  return c.home->by_source.of(c.stream.source) >= least_messages;
}

bool is_second_host(const Case& c) {
  // A forwarder that keeps the return path looks the same, but seldom gets as much as everybody else.
  constexpr double with_return_path = 0.5, without = 1.0 / 3;
  const auto& beside = c.beside_home;
  return may_be_second_host(c) && beside.share >= (beside.keeps_return_path ? with_return_path : without);
}

}  // namespace ruaudit::assess
