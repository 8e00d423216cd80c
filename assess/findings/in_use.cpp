#include "assess/findings/in_use.hpp"

#include <algorithm>

#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

constexpr Day still_in_use = 40;  // days

// Of own servers the address or network, of a service nothing: all its addresses are one.
class Homes {
 public:
  Homes(const Matter& of, const Sender& sender)
      : of_(of), is_service_(sender.of == SenderClass::service), nameless_(nameless_v6(of, sender)) {}
  const std::string& of(std::uint32_t source) {
    std::string& home = homes_[source];
    if (home.empty() && !is_service_)
      home = nameless_.contains(source) ? place_of(address_of(of_, source)) : address_of(of_, source);
    return home;
  }

 private:
  const Matter& of_;
  bool is_service_;
  std::unordered_set<std::uint32_t> nameless_;
  std::unordered_map<std::uint32_t, std::string> homes_{};
};

model::Sentence out_of_both(bool is_single) {
  return is_single ? model::say("remove it from SPF and withdraw those of its keys that nothing else uses")
                   : model::say("remove them from SPF and withdraw those of their keys that nothing else uses");
}
model::Sentence out_of_spf(bool is_single) {
  return is_single ? model::say("remove it from SPF") : model::say("remove them from SPF");
}
model::Sentence retire_keys(bool is_single) {
  return is_single ? model::say("withdraw those of its keys that nothing else uses")
                   : model::say("withdraw those of their keys that nothing else uses");
}

}  // namespace

std::set<std::string> InUse::keys(const Line& line, const std::string& domain) const {
  std::set<std::string> names;
  if (line.dkim != Check::pass) return names;
  for (const auto& signature : of_.situation.facts->patterns[line.pattern].signatures)
    if (signature.result == model::DkimResult::pass && !signature.selector.empty() &&
        is_at_or_below(signature.domain, domain))
      names.insert(signature.selector + "._domainkey." + signature.domain);
  return names;
}

std::set<std::string> InUse::terms(const Line& line, const std::string& domain) const {
  std::set<std::string> terms;
  if (line.spf != Check::pass) return terms;
  for (const auto& spf : of_.situation.facts->sources[line.source].spf)
    if (!spf.term.empty() && spf.result == model::SpfResult::pass && is_at_or_below(spf.domain, domain))
      terms.insert(spf.term);
  return terms;
}

// By SPF of today, as far as it is known.
bool InUse::may_be_listed(const Line& line, const std::string& domain) const {
  const auto& known = of_.situation.facts->sources[line.source].spf;
  const auto is_own = [&](const model::SpfToday& spf) { return is_at_or_below(spf.domain, domain); };
  return std::none_of(known.begin(), known.end(), is_own) ||
         std::any_of(known.begin(), known.end(),
                     [&](const auto& spf) { return is_own(spf) && spf.result == model::SpfResult::pass; });
}

void InUse::look() {
  if (has_looked_) return;
  has_looked_ = true;
  look_elsewhere();
  for (const Sender& sender : of_.senders) {
    if (!sender.is_owners()) continue;
    const auto& domain = domain_of(of_, sender);
    Homes homes(of_, sender);
    for (const Line& line : sender.lines) {
      const auto note = [&](std::map<Who, Use>& uses) {
        Use& latest = uses[{&sender, homes.of(line.source)}];
        if (latest.last < line.day) latest = {line.day, line.source};
      };
      for (const auto& key : keys(line, domain)) note(keys_[key]);
      for (const auto& term : terms(line, domain)) note(terms_[term]);
    }
  }
}

// Mail of other policy domains that is signed with a key of this one.
void InUse::look_elsewhere() {
  const auto& facts = *of_.situation.facts;
  const auto& domain = facts.domains[of_.domain];
  for (const auto& stream : facts.days.streams()) {
    if (stream.domain == of_.domain || !is_at_or_below(facts.domains[stream.domain], domain)) continue;
    for (const auto& signature : facts.patterns[stream.pattern].signatures) {
      if (signature.result != model::DkimResult::pass || signature.selector.empty() ||
          !is_at_or_below(signature.domain, domain))
        continue;
      auto& [last, name] = elsewhere_[signature.selector + "._domainkey." + signature.domain];
      if (const auto day = facts.days.days(stream).back().day; day > last) {
        last = day;
        name = facts.domains[stream.domain];
      }
    }
  }
}

// Who else signs with it, if anybody. Mail of another domain that ended with this one is the sender's that is gone.
std::optional<model::Sentence> InUse::key_stays(const std::string& name, const Gone& gone) const {
  constexpr Day went_with_it = 3;
  if (auto who = user_of(keys_, name, gone))
    return who->last > gone.last ? model::say("the key {} stays, {} signs with it", name, std::move(who->name))
                                 : model::say("the key {} stays, {} signed with it until {}", name,
                                              std::move(who->name), day_of(who->last));
  const auto at = elsewhere_.find(name);
  if (at == elsewhere_.end() || at->second.first <= gone.last + went_with_it) return std::nullopt;
  return model::say("the key {} stays, mail of {} is signed with it", name, at->second.second);
}

// The one who used it last, beside those that are gone.
std::optional<InUse::User> InUse::user_of(const Uses& uses, const std::string& name, const Gone& gone) const {
  const auto at = uses.find(name);
  if (at == uses.end()) return std::nullopt;
  const std::pair<const Who, Use>* last = nullptr;
  for (const auto& use : at->second) {
    const auto& [sender, home] = use.first;
    const bool is_other = sender != &gone.sender || !gone.homes.contains(home);
    if (use.second.last <= (is_other ? std::min(gone.last, of_.today - still_in_use) : gone.last)) continue;
    if (last == nullptr || last->second.last < use.second.last) last = &use;
  }
  if (last == nullptr) return std::nullopt;
  return User{called(of_, *last->first.first, {last->second.source}), last->second.last};
}

model::Sentence InUse::advice(const Sender& sender, const std::vector<std::uint32_t>& gone, Day last) {
  look();
  const auto& domain = domain_of(of_, sender);
  Gone who_is_gone{.sender = sender, .last = last};
  Homes homes(of_, sender);
  for (const auto source : gone) who_is_gone.homes.insert(homes.of(source));
  bool has_key = false, has_spf = false;
  std::optional<model::Sentence> key, term;  // that others use, and who
  for (const Line& line : sender.lines) {
    if (std::find(gone.begin(), gone.end(), line.source) == gone.end()) continue;
    has_key = has_key || line.dkim == Check::pass;
    has_spf = has_spf || (line.spf == Check::pass && may_be_listed(line, domain));
    for (const auto& name : keys(line, domain))
      if (!key) key = key_stays(name, who_is_gone);
    for (const auto& name : terms(line, domain))
      if (auto who = term ? std::nullopt : user_of(terms_, name, who_is_gone))
        term = who->last > last ? model::say("{} stays in SPF, {} sends by it", name, std::move(who->name))
                                : model::say("{} stays in SPF, {} sent by it until {}", name, std::move(who->name),
                                             day_of(who->last));
  }
  const auto who = called(of_, sender, gone);
  const bool is_single = is_one(of_, sender, gone);
  if (key && (term || !has_spf))
    return term ? model::say("If you stopped using {}, remove nothing: {}; {}", who, *key, *term)
                : model::say("If you stopped using {}, remove nothing: {}", who, *key);
  if (key) return model::say("If you stopped using {}, {}; {}", who, out_of_spf(is_single), *key);
  if (term && !has_key) return model::say("If you stopped using {}, remove nothing: {}", who, *term);
  if (term) return model::say("If you stopped using {}, {}; {}", who, retire_keys(is_single), *term);
  if (!has_key && !has_spf) return model::say("Nothing to do if you stopped using {}", who);
  return model::say("If you stopped using {}, {}", who,
                    has_key && has_spf ? out_of_both(is_single)
                    : has_spf          ? out_of_spf(is_single)
                                       : retire_keys(is_single));
}

}  // namespace ruaudit::assess
