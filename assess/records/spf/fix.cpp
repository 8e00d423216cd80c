// The record that cures every mistake of an SPF record and authorises what it was meant to.
#include <algorithm>
#include <set>

#include "assess/records/spf/networks.hpp"
#include "assess/records/spf/rules.hpp"
#include "assess/records/spf/shrink.hpp"
#include "assess/records/spf/spf.hpp"
#include "assess/records/spf/words.hpp"
#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

namespace spf = verify::spf;
using model::SpfResult;

constexpr std::size_t max_rounds = 6;
constexpr unsigned max_depth = 3;  // of broken records behind broken records

class Builder {
 public:
  Builder(const SpfRepair& repair, Answers& answers) : repair_(repair), answers_(answers) {}

  std::optional<std::string> run() {
    if (repair_.texts.empty()) return fresh();
    for (const auto& text : repair_.texts) read(text);
    for (std::size_t round = 0; round < max_rounds && by_answers(); ++round) {
    }
    drop_repetitions();
    for (const auto& network : repair_.additions) add_term(network.spf_term());
    if (terms_.empty() && redirect_.empty() && (was_all_lost_ || all_.empty())) terms_.push_back(own_hosts());
    auto shrunk = shrunk_spf({.domain = repair_.domain, .terms = terms_, .tail = tail()}, answers_);
    const auto text = shrunk.value_or("");
    return shrunk && grow(answers_, repair_.domain, {text, {}}).has_fault() ? std::nullopt : shrunk;
  }

 private:
  std::string own_hosts() const { return repair_.domain == repair_.mail_domain ? "mx" : "mx:" + repair_.mail_domain; }

  // A domain without record: its mail hosts send; a domain that takes no mail and has no host sends none.
  std::string fresh() {
    const auto mx = answers_.query(repair_.domain, dns::RecordType::MX);
    const bool is_null = mx.mx.size() == 1 && mx.mx.front().exchange.empty();
    if (mx.is_found() && !is_null) return "v=spf1 mx -all";
    const bool has_host = !is_null && answers_.query(repair_.domain, dns::RecordType::A).is_found();
    return has_host ? "v=spf1 a -all" : "v=spf1 -all";
  }

  void read(const RecordText& record) {
    const auto found_words = meant_words(record.text, record.joints);
    const auto faults = std::count_if(found_words.begin(), found_words.end(),
                                      [](const std::string& word) { return !spf_part(word).fault.empty(); });
    bool is_behind_all = false;
    for (const auto& word : found_words) {
      const auto terms = meant_terms(word, {repair_.domain, faults <= 1});
      was_all_lost_ = was_all_lost_ || terms.empty();
      for (const auto& term : terms) take(term, is_behind_all);
      is_behind_all = is_behind_all || spf_part(word).is_all();
    }
  }
  void take(const std::string& term, bool is_behind_all) {
    const auto part = spf_part(term);
    if (part.is_all()) return take_all(part);
    if (part.exp) {
      if (exp_.empty()) exp_ = term;
    } else if (part.redirect) {
      if (redirect_.empty()) redirect_ = term;
      is_redirect_behind_all_ = is_redirect_behind_all_ || is_behind_all;
    } else if (part.directive) {
      add_term(term);
    } else {
      modifiers_.push_back(term);
    }
  }
  // The strictest end that the owner wrote; ?all of a record that others include says nothing and may stay.
  void take_all(const SpfPart& part) {
    has_all_ = true;
    const auto result = part.directive->result;
    const bool is_main = repair_.domain == repair_.mail_domain;
    if (all_.empty() || all_ == "?all") {
      if (result == SpfResult::fail) all_ = "-all";
      if (result == SpfResult::softfail) all_ = "~all";
      if (result == SpfResult::neutral && !is_main) all_ = "?all";
    } else if (result == SpfResult::fail) {
      all_ = "-all";
    }
    if (result == SpfResult::pass || result == SpfResult::neutral) was_all_lost_ = true;
  }
  void add_term(const std::string& term) {
    if (std::find(terms_.begin(), terms_.end(), term) == terms_.end()) terms_.push_back(term);
  }

  // What DNS says of the terms: those that can never match or match everybody go, targets are put right.
  bool by_answers() {
    settle_redirect();
    std::string text = "v=spf1";
    for (const auto& term : terms_) text += " " + term;
    const auto branch = grow(answers_, repair_.domain, {text + (redirect_.empty() ? "" : " " + redirect_), {}});
    std::vector<std::string> kept;
    for (const auto& leaf : branch.leaves) {
      if (leaf.part.redirect) {
        by_target(leaf);
        continue;
      }
      auto now = replacement(leaf);
      was_all_lost_ = was_all_lost_ || (now.empty());
      for (auto& term : now)
        if (std::find(kept.begin(), kept.end(), term) == kept.end()) kept.push_back(std::move(term));
    }
    const bool has_changed = kept != terms_;
    terms_ = std::move(kept);
    return has_changed;
  }

  // RFC 7208 section 6.1: beside all it does not count. After all it was added by somebody who wanted more.
  void settle_redirect() {
    if (redirect_.empty() || !has_all_) return;
    if (is_redirect_behind_all_) add_term("include:" + redirect_.substr(redirect_.find('=') + 1));
    redirect_.clear();
  }
  // A record on the way leads back.
  static bool is_circle(const SpfLeaf& leaf) {
    bool is_found = leaf.state == TermState::loop;
    for (const auto& child : leaf.child)
      for_each_leaf(
          child, [&](const Branch&, const SpfLeaf& inner) { is_found = is_found || inner.state == TermState::loop; });
    return is_found;
  }
  void by_target(const SpfLeaf& leaf) {
    const bool is_dead = leaf.state == TermState::target_none || is_circle(leaf) ||
                         leaf.state == TermState::target_broken || lets_everybody_pass(leaf);
    if (!is_dead) return;
    redirect_.clear();
    was_all_lost_ = true;
    if (leaf.state == TermState::target_broken)
      for (const auto& term : listed(meant_below(leaf))) add_term(term);
  }

  std::vector<std::string> replacement(const SpfLeaf& leaf) {
    const std::vector<std::string> same{leaf.part.text};
    if (!leaf.part.fault.empty() || uses_reverse_name(leaf.part)) return {};
    const bool is_private_network = !leaf.networks.empty() && leaf.part.directive->network &&
                                    std::all_of(leaf.networks.begin(), leaf.networks.end(), is_private);
    if (is_private_network || is_constant_exists(leaf) || lets_everybody_pass(leaf)) return {};
    if (leaf.mx_hosts.value_or(0) > 10) return listed(leaf.networks);
    if (is_circle(leaf)) return {};
    switch (leaf.state) {
      case TermState::void_name:
        return other_name(leaf, dns::RecordType::A);
      case TermState::target_none:
        return other_name(leaf, dns::RecordType::TXT);
      case TermState::target_broken:
        return listed(meant_below(leaf));
      default:
        return same;
    }
  }
  static std::vector<std::string> listed(const std::vector<Network>& networks) {
    std::vector<std::string> out;
    for (const auto& network : collapsed(networks))
      if (!is_open(network)) out.push_back(network.spf_term());
    return out;
  }
  // What the broken record behind a term was meant to authorise.
  std::vector<Network> meant_below(const SpfLeaf& leaf) {
    const auto answer = spf_answer(answers_, leaf.target);
    SpfRepair inner{.domain = leaf.target, .mail_domain = leaf.target, .depth = repair_.depth + 1};
    for (std::size_t i = 0; i < answer.records.size(); ++i)
      inner.texts.push_back({answer.records[i], answer.joints[i]});
    if (inner.texts.empty() || inner.depth > max_depth) return {};
    const auto text = repaired_spf(inner, answers_);
    return text ? passing(grow(answers_, leaf.target, {*text, {}})) : std::vector<Network>();
  }

  // The name that was meant: two neighbouring letters swapped, or the usual place of a provider's record.
  std::vector<std::string> other_name(const SpfLeaf& leaf, dns::RecordType type) {
    const auto colon = leaf.part.text.find(':');
    if (colon == std::string::npos) return {};
    const auto head = leaf.part.text.substr(0, colon + 1);
    const bool is_mx = ascii::lower(head).ends_with("mx:");
    const bool is_address = ascii::lower(head).ends_with("a:");
    if (is_mx && is_own_name(leaf.target, repair_.domain) && leaf.target != repair_.domain) return {"mx"};
    if (type == dns::RecordType::A && !is_mx && !is_address) return {};
    const auto address = leaf.target.rfind('@');
    const auto host = address == std::string::npos ? leaf.target : leaf.target.substr(address + 1);
    for (const auto& name : candidates(host, type))
      if (name != leaf.target && answers(name, is_mx ? dns::RecordType::MX : type)) return {head + name};
    return {};
  }
  bool answers(const std::string& name, dns::RecordType type) {
    if (type == dns::RecordType::TXT) return spf_answer(answers_, name).records.size() == 1;
    return answers_.query(name, type).is_found();
  }
  static std::vector<std::string> candidates(const std::string& raw, dns::RecordType type) {
    auto host = raw;
    if (const auto scheme = host.find("//"); scheme != std::string::npos) host = host.substr(scheme + 2);
    host = host.substr(0, host.find('/'));
    std::vector<std::string> out;
    if (type == dns::RecordType::TXT) out = {host, "_spf." + host, "spf." + host};
    for (std::size_t i = 0; i + 1 < host.size(); ++i) {
      if (host[i] == '.' || host[i + 1] == '.' || host[i] == host[i + 1]) continue;
      auto swapped = host;
      std::swap(swapped[i], swapped[i + 1]);
      out.push_back(std::move(swapped));
    }
    return out;
  }

  void drop_repetitions() {
    std::string text = "v=spf1";
    for (const auto& term : terms_) text += " " + term;
    const auto branch = grow(answers_, repair_.domain, {text, {}});
    std::set<std::size_t> out;
    for (const auto& each : repetitions(branch)) out.insert(each.term);
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < branch.leaves.size(); ++i)
      if (!out.contains(i)) kept.push_back(branch.leaves[i].part.text);
    terms_ = std::move(kept);
  }

  // What stands behind the mechanisms.
  std::string tail() {
    std::string out = redirect_.empty() ? " " + (all_.empty() ? std::string("~all") : all_) : " " + redirect_;
    if (!exp_.empty() && is_usable_explanation()) out += " " + exp_;
    for (const auto& modifier : modifiers_) out += " " + modifier;
    return out;
  }
  bool is_usable_explanation() {
    const auto part = spf_part(exp_);
    const auto name = part.exp ? static_name(part.exp->domain_spec, repair_.domain) : std::nullopt;
    return !name || answers_.query(*name, dns::RecordType::TXT).txt.size() == 1;
  }

  const SpfRepair& repair_;
  Answers& answers_;
  std::vector<std::string> terms_, modifiers_;
  std::string all_, redirect_, exp_;
  bool has_all_ = false, is_redirect_behind_all_ = false, was_all_lost_ = false;
};

}  // namespace

std::optional<std::string> repaired_spf(const SpfRepair& repair, Answers& answers) {
  return Builder(repair, answers).run();
}

}  // namespace ruaudit::assess::records
