#include "assess/source_class.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>
#include <utility>

#include "assess/co_signers.hpp"
#include "assess/domain_text.hpp"
#include "assess/labels.hpp"
#include "assess/rules.hpp"
#include "assess/strangers.hpp"

namespace ruaudit::assess {
namespace {

using Place = std::pair<std::uint32_t, std::uint32_t>;  // domain, source

class Classifier {
 public:
  explicit Classifier(const Scene& scene) : scene_(scene), homes_(scene), co_signers_(scene), labels_(scene.facts) {
    for (const Stream& stream : scene.streams) weigh(stream);
  }

  std::vector<SourceClass> run() {
    for (const Stream& stream : scene_.streams) place(stream);
    std::vector<SourceClass> classes;
    classes.reserve(classes_.size());
    for (auto& [key, entry] : classes_) classes.push_back(std::move(entry.value));
    look_at_habits(classes);
    return classes;
  }

 private:
  struct Weight {  // messages of a source, by what they prove
    std::int64_t passed_on = 0, held = 0, all = 0, marked_list = 0, marked_forwarded = 0;
  };
  struct Entry {
    SourceClass value;
    std::vector<std::int32_t> days;
  };

  Case case_of(const Stream& stream) const {
    const PatternView& view = scene_.views[stream.pattern];
    const Identity& identity = scene_.identities[stream.source];
    Case c{
        .scene = scene_, .stream = stream, .view = view, .identity = identity, .foreign = foreign_of(view, identity)};
    for (const auto& key : view.own_pass) {
      const Home* home = homes_.find(key);
      if (home == nullptr) continue;
      if (c.home == nullptr || homes_.is_at_home(*home, stream.source)) c.home = home;
      c.is_at_home = c.is_at_home || homes_.is_at_home(*home, stream.source);
    }
    for (const auto& key : view.own_pass)
      if (const auto found = scene_.key_service.find(key); found != scene_.key_service.end())
        c.key_service = found->second;
    c.has_known_failure = homes_.has_known(view.own_fail);
    return c;
  }

  // Somebody who is neither the owner nor the service whose network or signature it is.
  std::string foreign_of(const PatternView& view, const Identity& identity) const {
    const Service* const network = identity.network.service;
    const auto is_known = [&](const std::string& domain) {
      // A name beside that of the service's host is the service's.
      if (network != nullptr && !identity.host.empty() && are_related(domain, identity.host)) return true;
      const auto* service = scene_.services.by_domain(domain).service;
      if (service != nullptr) return service == network || service == identity.signer.service;
      return co_signers_.has(network, domain) || co_signers_.has(identity.signer.service, domain);
    };
    if (!view.spf_pass.empty() && !is_known(view.spf_pass)) return view.spf_pass;
    for (const auto& domain : view.foreign_pass)
      if (!is_known(domain) && scene_.services.by_domain(domain).service == nullptr) return domain;
    return {};
  }

  void weigh(const Stream& stream) {
    const Case c = case_of(stream);
    Weight& weight = weights_[stream.source];
    weight.all += stream.trusted;
    if (c.view.is_marked_list) weight.marked_list += stream.trusted;
    if (c.view.is_marked_forwarded) weight.marked_forwarded += stream.trusted;
    if (!c.view.dkim_aligned || c.view.spf_aligned || c.home == nullptr) return;
    if (c.home->is_known() && !c.is_at_home)
      weight.passed_on += stream.trusted;
    else if (c.identity.network.service == nullptr)
      weight.held += stream.trusted;
  }

  Decision decide(const Stream& stream, std::string_view& rule) const {
    Case c = case_of(stream);
    const Weight& weight = weights_.at(stream.source);
    const bool is_services = c.identity.network.service != nullptr;
    c.source_forwards = weight.passed_on > 0 && weight.passed_on * 2 > weight.all - weight.passed_on && !is_services;
    c.source_is_marked_list = weight.marked_list > 0 && weight.marked_list >= weight.marked_forwarded;
    c.source_is_own = !is_services && (c.identity.spf_aligned > 0 || (weight.held > 0 && weight.passed_on == 0));
    Decision decision{
        .is = Class::stranger, .confidence = Confidence::likely, .evidence = {"nothing proves who it is"}};
    rule = "stranger";
    for (const Rule& candidate : rules())
      if (auto found = candidate.decide(c)) {
        decision = std::move(*found);
        rule = candidate.name;
        break;
      }
    decision.is_of_others = !c.foreign.empty() || (role_of(decision.is) != Role::own_server &&
                                                   role_of(decision.is) != Role::service && c.view.dkim_aligned);
    return labels_.apply(std::move(decision), c);
  }

  void place(const Stream& stream) {
    std::string_view rule;
    Decision decision = decide(stream, rule);
    const PatternView& view = scene_.views[stream.pattern];
    // Receivers mark the same mail differently: one text may have two classes.
    Entry& entry = classes_[{{stream.domain, stream.source}, {view.text, decision.is}}];
    SourceClass& c = entry.value;
    if (c.messages == 0) {
      c = {.domain = stream.domain,
           .source = stream.source,
           .pattern = view.text,
           .patterns = {},
           .is = decision.is,
           .confidence = decision.confidence,
           .rule = rule,
           .name = std::move(decision.name),
           .service = decision.service,
           .host = scene_.identities[stream.source].host,
           .evidence = std::move(decision.evidence),
           .is_of_others = decision.is_of_others,
           .first_day = stream.days.front(),
           .last_day = stream.days.back()};
    }
    c.patterns.push_back(stream.pattern);
    c.messages += stream.messages;
    c.trusted += stream.trusted;
    c.reporters |= stream.reporters;
    if (view.dkim_aligned || view.spf_aligned) c.passed += stream.messages;
    if (view.dkim_aligned) c.dkim_aligned += stream.messages;
    if (view.spf_aligned) c.spf_aligned += stream.messages;
    join(entry, stream.days);
  }

  static void join(Entry& entry, const std::vector<std::int32_t>& days) {
    std::vector<std::int32_t> all;
    all.reserve(entry.days.size() + days.size());
    std::set_union(entry.days.begin(), entry.days.end(), days.begin(), days.end(), std::back_inserter(all));
    entry.days = std::move(all);
    entry.value.first_day = entry.days.front();
    entry.value.last_day = entry.days.back();
    entry.value.days = static_cast<std::int64_t>(entry.days.size());
  }

  // Strangers of a domain are compared with each other.
  void look_at_habits(std::vector<SourceClass>& classes) {
    std::map<std::uint32_t, std::map<std::uint32_t, Presence>> by_domain;
    for (const auto& [key, entry] : classes_) {
      if (entry.value.is != Class::stranger) continue;
      Presence& presence = by_domain[key.first.first][key.first.second];
      std::vector<std::int32_t> all;
      std::set_union(presence.days.begin(), presence.days.end(), entry.days.begin(), entry.days.end(),
                     std::back_inserter(all));
      presence.days = std::move(all);
      presence.messages += entry.value.messages;
    }
    std::map<Place, Habit> habit_of;
    for (const auto& [domain, sources] : by_domain) {
      std::vector<Presence> presences;
      for (const auto& [source, presence] : sources) presences.push_back(presence);
      const auto habits = habits_of(presences);
      std::size_t i = 0;
      for (const auto& [source, presence] : sources) habit_of[{domain, source}] = habits[i++];
    }
    for (auto& c : classes) apply(c, habit_of);
  }

  static void apply(SourceClass& c, const std::map<Place, Habit>& habit_of) {
    if (c.is != Class::stranger) return;
    const bool is_owners_word = !c.evidence.empty() && c.evidence.front().starts_with("you labelled");
    const auto habit = habit_of.at({c.domain, c.source});
    if (is_owners_word || habit == Habit::background) return;
    c.is = habit == Habit::wave ? Class::wave : Class::unknown_steady;
    c.rule = habit == Habit::wave ? "wave" : "unknown-steady";
  }

  const Scene& scene_;
  SelectorHomes homes_;
  CoSigners co_signers_;
  Labels labels_;
  std::map<std::uint32_t, Weight> weights_;
  std::map<std::pair<Place, std::pair<std::string, Class>>, Entry> classes_;
};

}  // namespace

std::vector<SourceClass> classify(const model::SenderFacts& facts, const ServiceTable& services, const Owner& owner) {
  const Scene scene = scene_of(facts, services, owner.domains);
  return Classifier(scene).run();
}

Role role_of(Class is) {
  switch (is) {
    case Class::own_aligned:
    case Class::own_failing:
      return Role::own_server;
    case Class::service_aligned:
    case Class::service_not_aligned:
      return Role::service;
    case Class::forwarder:
      return Role::forwarder;
    case Class::mailing_list:
      return Role::mailing_list;
    case Class::unknown_steady:
    case Class::stranger:
    case Class::wave:
      break;
  }
  return Role::stranger;
}

std::vector<SourceRole> roles_of(std::span<const SourceClass> classes) {
  std::map<Place, std::map<std::pair<Role, std::string>, SourceRole>> sums;
  for (const auto& c : classes) {
    const Role role = role_of(c.is);
    // A forwarder goes by many names, one for each envelope; a service by one.
    const std::string key = role == Role::service ? c.name : std::string();
    SourceRole& sum = sums[{c.domain, c.source}][{role, key}];
    if (sum.messages == 0) sum = {.domain = c.domain, .source = c.source, .is = role, .name = c.name, .host = c.host};
    sum.messages += c.messages;
    sum.trusted += c.trusted;
  }
  std::vector<SourceRole> roles;
  for (const auto& [place, candidates] : sums) {
    const auto most = std::max_element(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
      return std::tie(a.second.trusted, a.second.messages) < std::tie(b.second.trusted, b.second.messages);
    });
    roles.push_back(most->second);
    roles.back().messages = 0;
    for (const auto& [key, sum] : candidates) roles.back().messages += sum.messages;
  }
  return roles;
}

int reporter_count(std::uint64_t bits) { return std::popcount(bits); }

}  // namespace ruaudit::assess
