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
  Classifier(const Scene& scene, const TakeClasses& take)
      : scene_(scene), take_(take), homes_(scene), co_signers_(scene), labels_(scene.facts) {
    for (const Stream& stream : scene.streams) weigh(stream);
  }

  // Streams come by domain and source: the classes of one source are made together, strangers are compared when a
  // domain is over.
  void run() {
    for (const Stream& stream : scene_.streams) {
      if (!classes_.empty() && (stream.domain != place_.first || stream.source != place_.second)) finish_source();
      if (stream.domain != place_.first) finish_domain();
      place_ = {stream.domain, stream.source};
      place(stream);
    }
    finish_source();
    finish_domain();
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
    for (const Home* home : homes_.of_pattern(stream.pattern)) {
      const bool is_at_home = homes_.is_at_home(*home, stream.source);
      if (c.home == nullptr || is_at_home) c.home = home;
      c.is_at_home = c.is_at_home || is_at_home;
    }
    for (const Service* service : view.own_pass_services)
      if (service != nullptr) c.key_service = service;
    c.has_known_failure = homes_.has_known_failure(stream.pattern);
    if (may_be_second_host(c)) c.beside_home = homes_.beside_home(*c.home, stream);
    return c;
  }

  // Somebody who is neither the owner nor the service whose network or signature it is.
  std::string foreign_of(const PatternView& view, const Identity& identity) const {
    const Service* const network = identity.network.service;
    const auto is_known = [&](const std::string& domain, const Service* service) {
      // A name beside that of the service's host is the service's.
      if (network != nullptr && !identity.host.empty() && are_related(domain, identity.host)) return true;
      if (service != nullptr) return service == network || service == identity.signer.service;
      return co_signers_.has(network, domain) || co_signers_.has(identity.signer.service, domain);
    };
    if (!view.spf_pass.empty() && !is_known(view.spf_pass, view.spf_pass_service)) return view.spf_pass;
    for (std::size_t i = 0; i < view.foreign_pass.size(); ++i) {
      const Service* const service = view.foreign_pass_services[i];
      if (service == nullptr && !is_known(view.foreign_pass[i], service)) return view.foreign_pass[i];
    }
    return {};
  }

  void weigh(const Stream& stream) {
    const Case c = case_of(stream);
    Weight& weight = weights_[stream.source];
    weight.all += stream.trusted;
    if (c.view.is_marked_list) weight.marked_list += stream.trusted;
    if (c.view.is_marked_forwarded) weight.marked_forwarded += stream.trusted;
    if (!c.view.dkim_aligned || c.view.spf_aligned || c.home == nullptr) return;
    if (c.home->is_known() && !c.is_at_home && !is_second_host(c))
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
    Entry& entry = classes_[{view.text, decision.is}];
    SourceClass& c = entry.value;
    days_of(stream);
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
           .first_day = days_.front(),
           .last_day = days_.back()};
    }
    c.patterns.push_back(stream.pattern);
    c.messages += stream.messages;
    c.trusted += stream.trusted;
    c.reporters |= stream.reporters;
    if (view.dkim_aligned || view.spf_aligned) c.passed += stream.messages;
    if (view.dkim_aligned) c.dkim_aligned += stream.messages;
    if (view.spf_aligned) c.spf_aligned += stream.messages;
    join(entry.days, days_);
  }

  void days_of(const Stream& stream) {
    days_.clear();
    for (const auto& day : scene_.facts.days.days(scene_.facts.days.streams()[stream.place]))
      if (days_.empty() || days_.back() != day.day) days_.push_back(day.day);
  }

  static void join(std::vector<std::int32_t>& to, const std::vector<std::int32_t>& days) {
    if (to.empty()) {
      to = days;
      return;
    }
    std::vector<std::int32_t> all;
    all.reserve(to.size() + days.size());
    std::set_union(to.begin(), to.end(), days.begin(), days.end(), std::back_inserter(all));
    to = std::move(all);
  }

  void finish_source() {
    Presence presence;
    for (auto& [key, entry] : classes_) {
      entry.value.first_day = entry.days.front();
      entry.value.last_day = entry.days.back();
      entry.value.days = static_cast<std::int64_t>(entry.days.size());
      if (entry.value.is == Class::stranger) {
        join(presence.days, entry.days);
        presence.messages += entry.value.messages;
      }
      done_.push_back(std::move(entry.value));
    }
    classes_.clear();
    if (presence.days.empty()) return;
    strangers_.push_back(std::move(presence));
    stranger_places_.push_back(place_.second);
  }

  // Strangers of a domain are compared with each other.
  void finish_domain() {
    const auto habits = habits_of(strangers_);
    std::size_t next = 0;
    for (auto& c : done_) {
      if (c.is != Class::stranger) continue;
      while (stranger_places_[next] != c.source) ++next;
      apply(c, habits[next]);
    }
    const auto comes_first = [](const SourceClass& a, const SourceClass& b) { return a.source < b.source; };
    if (!std::is_sorted(done_.begin(), done_.end(), comes_first))
      std::stable_sort(done_.begin(), done_.end(), comes_first);
    if (!done_.empty()) take_(done_);
    done_.clear();
    strangers_.clear();
    stranger_places_.clear();
  }

  static void apply(SourceClass& c, Habit habit) {
    const bool is_owners_word = !c.evidence.empty() && c.evidence.front().starts_with("you labelled");
    if (is_owners_word || habit == Habit::background) return;
    c.is = habit == Habit::wave ? Class::wave : Class::unknown_steady;
    c.rule = habit == Habit::wave ? "wave" : "unknown-steady";
  }

  const Scene& scene_;
  const TakeClasses& take_;
  SelectorHomes homes_;
  CoSigners co_signers_;
  Labels labels_;
  std::map<std::uint32_t, Weight> weights_;
  Place place_;                                                  // whose classes are made
  std::map<std::pair<std::string_view, Class>, Entry> classes_;  // of this source
  std::vector<std::int32_t> days_;                               // of the stream at hand
  std::vector<Presence> strangers_;                              // of this domain, and their sources
  std::vector<std::uint32_t> stranger_places_;
  std::vector<SourceClass> done_;  // of this domain
};

}  // namespace

std::vector<SourceClass> classify(const model::SenderFacts& facts, const ServiceTable& services, const Owner& owner) {
  std::vector<SourceClass> all;
  classify(facts, services, owner, [&](std::vector<SourceClass>& classes) {
    all.insert(all.end(), std::make_move_iterator(classes.begin()), std::make_move_iterator(classes.end()));
  });
  return all;
}

void classify(const model::SenderFacts& facts, const ServiceTable& services, const Owner& owner,
              const TakeClasses& take) {
  const Scene scene = scene_of(facts, services, owner.domains);
  Classifier(scene, take).run();
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

namespace {

// Of the classes of one source in one domain.
SourceRole role_of_source(std::span<const SourceClass> classes) {
  if (classes.size() == 1) {
    const auto& c = classes.front();
    return {c.domain, c.source, role_of(c.is), c.name, c.host, c.messages, c.trusted};
  }
  std::map<std::pair<Role, std::string>, SourceRole> sums;
  std::int64_t messages = 0;
  for (const auto& c : classes) {
    const Role role = role_of(c.is);
    // A forwarder goes by many names, one for each envelope; a service by one.
    SourceRole& sum = sums[{role, role == Role::service ? c.name : std::string()}];
    if (sum.messages == 0) sum = {.domain = c.domain, .source = c.source, .is = role, .name = c.name, .host = c.host};
    sum.messages += c.messages;
    sum.trusted += c.trusted;
    messages += c.messages;
  }
  const auto most = std::max_element(sums.begin(), sums.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.trusted, a.second.messages) < std::tie(b.second.trusted, b.second.messages);
  });
  most->second.messages = messages;
  return std::move(most->second);
}

}  // namespace

std::vector<SourceRole> roles_of(std::span<const SourceClass> classes) {
  std::vector<SourceRole> roles;
  for (std::size_t first = 0; first < classes.size();) {
    std::size_t last = first + 1;
    while (last < classes.size() && classes[last].domain == classes[first].domain &&
           classes[last].source == classes[first].source)
      ++last;
    roles.push_back(role_of_source(classes.subspan(first, last - first)));
    first = last;
  }
  return roles;
}

int reporter_count(std::uint64_t bits) { return std::popcount(bits); }

}  // namespace ruaudit::assess
