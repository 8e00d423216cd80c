#include "assess/records/spf/rules.hpp"

#include <algorithm>

#include "assess/records/spf/networks.hpp"
#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

namespace spf = verify::spf;
using model::SpfResult;
using spf::Mechanism;

constexpr std::size_t most_foreign = 10;  // faults of records of others that are told one by one
constexpr unsigned max_terms = 10, near_limit = 9, max_voids = 2, max_mx_hosts = 10;  // RFC 7208 section 4.6.4
constexpr std::size_t max_octets = 450;                                               // section 3.4

Place place_of(const Branch& branch, const SpfLeaf& leaf) {
  return at_part(branch.domain, branch.record, leaf.part.begin, leaf.part.text.size());
}

class Rules {
 public:
  Rules(const Branch& root, const std::string& domain, Answers& answers)
      : root_(root), domain_(domain), answers_(answers) {}

  Findings run() {
    record(root_);
    below(root_);
    if (untold_ > 0)
      add(found("spf-target-broken", Severity::info, at_name(domain_),
                std::to_string(untold_) + " more terms in other domains' records are in error"));
    limits();
    end_of_record();
    return std::move(findings_);
  }

 private:
  void add(Finding finding) { findings_.push_back(std::move(finding)); }
  void add(std::string_view code, const Branch& branch, const SpfLeaf& leaf, std::string detail = {}) {
    add(found(code, place_of(branch, leaf), std::move(detail)));
  }

  // Rules about one record of the owner.
  void record(const Branch& branch) {
    const bool has_all = branch.has_all();
    bool is_behind_all = false;
    for (const auto& leaf : branch.leaves) {
      if (!leaf.part.fault.empty()) add(leaf.part.fault, branch, leaf, leaf.part.why);
      if (leaf.part.directive && is_behind_all) add("spf-after-all", branch, leaf);
      if (leaf.part.redirect && has_all) add("spf-redirect-ignored", branch, leaf);
      is_behind_all = is_behind_all || leaf.part.is_all();
      if (leaf.part.fault.empty()) term(branch, leaf);
    }
    for (const auto& each : repetitions(branch)) {
      const auto severity = each.is_same ? Severity::warning : Severity::info;
      const auto& other = branch.leaves[each.of].part.text;
      add(found("spf-redundant", severity, place_of(branch, branch.leaves[each.term]),
                (each.is_same ? "the same as " : "inside ") + other));
    }
    append(findings_, wide_networks(branch));
    append(findings_, overlaps(branch));
    if (branch.domain.size() + branch.octets > max_octets)
      add(found("spf-record-length", at_name(branch.domain),
                std::to_string(branch.octets) + " octets, " + std::to_string(branch.domain.size()) + " of the name"));
  }

  void term(const Branch& branch, const SpfLeaf& leaf) {
    const bool is_top = &branch == &root_;
    if (uses_reverse_name(leaf.part)) add("spf-ptr", branch, leaf);
    if (is_constant_exists(leaf))
      add("spf-exists-constant", branch, leaf, leaf.target + " resolves");
    else if (is_top && leaf.is_reached && lets_everybody_pass(leaf))
      add("spf-pass-all", branch, leaf);
    const bool is_private_term = !leaf.networks.empty() && leaf.part.directive->network &&
                                 std::all_of(leaf.networks.begin(), leaf.networks.end(), is_private);
    if (is_private_term) add("spf-private-address", branch, leaf);
    if (is_top && leaf.part.exp) explanation(leaf);
  }

  // RFC 7208 section 6.2
  void explanation(const SpfLeaf& leaf) {
    const auto name = static_name(leaf.part.exp->domain_spec, domain_);
    if (!name) return;
    const auto answer = answers_.query(*name, dns::RecordType::TXT);
    if (answer.is_temporary_error()) return;
    const auto texts = texts_of(answer);
    const auto is_ascii = [](const std::string& text) {
      return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
    };
    if (texts.size() != 1)
      return add("spf-exp-unusable", root_, leaf, std::to_string(texts.size()) + " texts at " + *name);
    const bool is_readable =
        is_ascii(texts[0]) && spf::parse_macro_string(texts[0], spf::MacroUse::explanation).has_value();
    if (!is_readable) add("spf-exp-unusable", root_, leaf, "the text at " + *name + " cannot be read");
  }

  // Every record that was reached, the owner's and others'.
  void below(const Branch& branch) {
    const bool is_foreign = !is_own_name(branch.domain, domain_);
    for (const auto& leaf : branch.leaves) {
      const auto before = findings_.size();
      if (is_foreign && foreign_ >= most_foreign)
        untold_ += is_faulty(leaf) ? 1U : 0U;
      else
        state(branch, leaf);
      if (is_foreign) foreign_ += findings_.size() - before;
      for (const auto& child : leaf.child) {
        if (is_own_name(child.domain, domain_))
          own_child(child);
        else
          foreign(child);
        below(child);
      }
    }
  }
  // Its syntax is told at the term that leads there.
  void own_child(const Branch& child) {
    auto before = std::move(findings_);
    findings_.clear();
    record(child);
    std::erase_if(findings_, [&](const Finding& each) {
      return std::any_of(child.leaves.begin(), child.leaves.end(),
                         [&](const SpfLeaf& leaf) { return !leaf.part.fault.empty() && each.code == leaf.part.fault; });
    });
    append(before, std::move(findings_));
    findings_ = std::move(before);
  }
  void foreign(const Branch& child) {
    for (const auto& leaf : child.leaves)
      if (leaf.part.fault.empty() && uses_reverse_name(leaf.part))
        add(found("spf-ptr", Severity::info, place_of(child, leaf), "in somebody else's record"));
  }

  static bool is_faulty(const SpfLeaf& leaf) {
    return leaf.state != TermState::plain || leaf.mx_hosts.value_or(0) > max_mx_hosts;
  }

  void state(const Branch& branch, const SpfLeaf& leaf) {
    const auto& target = leaf.target;
    if (leaf.mx_hosts.value_or(0) > max_mx_hosts)
      add("spf-too-many-lookups", branch, leaf, target + " has " + std::to_string(*leaf.mx_hosts) + " mail hosts");
    switch (leaf.state) {
      case TermState::void_name:
        return add("spf-void-lookup", branch, leaf, "no such record at " + target);
      case TermState::target_none:
        return add("spf-target-none", branch, leaf, target + " has no SPF record");
      case TermState::target_broken:
        return add("spf-target-broken", branch, leaf, "the record of " + target + " is in error");
      case TermState::loop:
        return add("spf-loop", branch, leaf, target + " is being evaluated already");
      case TermState::dns_error:
        return dns_error(leaf);
      default:
        return;
    }
  }
  void dns_error(const SpfLeaf& leaf) {
    auto finding = found("dns-error", at_name(leaf.failed), "the term " + leaf.part.text + " needs it");
    if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end()) add(std::move(finding));
  }

  void limits() {
    const auto total = root_.total();
    unsigned voids = 0, loops = 0, empty_v4 = 0, empty_v6 = 0;
    for_each_leaf(root_, [&](const Branch&, const SpfLeaf& leaf) {
      voids += leaf.state == TermState::void_name ? 1 : 0;
      loops += leaf.state == TermState::loop ? 1 : 0;
      empty_v4 += leaf.empty_v4;
      empty_v6 += leaf.empty_v6;
    });
    const auto of_ten = std::to_string(total) + " of 10";
    if (loops == 0 && total > max_terms) add(found("spf-too-many-lookups", at_name(domain_), of_ten));
    if (loops == 0 && total >= near_limit && total <= max_terms)
      add(found("spf-lookups-near-limit", at_name(domain_), of_ten));
    if (voids > max_voids) add(found("spf-too-many-void", at_name(domain_), std::to_string(voids) + " of 2"));
    if (voids <= max_voids) family("IPv4", empty_v4, true);
    if (voids <= max_voids) family("IPv6", empty_v6, false);
  }
  void family(std::string_view name, unsigned empty, bool is_v4) {
    const auto networks = passing(root_);
    const bool is_used = std::any_of(networks.begin(), networks.end(),
                                     [&](const Network& each) { return each.address.is_v4() == is_v4; });
    if (empty > max_voids && is_used)
      add(found("spf-void-family", at_name(domain_),
                std::to_string(empty) + " " + std::string(name) + " lookups find nothing"));
  }

  void end_of_record() {
    const SpfLeaf* all = nullptr;
    bool has_redirect = false;
    for (const auto& leaf : root_.leaves) {
      has_redirect = has_redirect || leaf.part.redirect || leaf.part.fault == "spf-duplicate-modifier" ||
                     ascii::lower(leaf.part.text).starts_with("redirect=");
      if (all == nullptr && leaf.part.is_all()) all = &leaf;
    }
    if (all != nullptr && all->part.directive->result == SpfResult::neutral) add("spf-neutral-all", root_, *all);
    const bool has_broken_all = std::any_of(root_.leaves.begin(), root_.leaves.end(), [](const SpfLeaf& leaf) {
      return !leaf.part.fault.empty() && ascii::lower(leaf.part.text).find("all") != std::string::npos;
    });
    if (all == nullptr && !has_redirect && !has_broken_all) add(found("spf-no-all", at_name(domain_)));
  }

  const Branch& root_;
  const std::string& domain_;
  Answers& answers_;
  Findings findings_;
  std::size_t foreign_ = 0, untold_ = 0;
};

// What a term means, without the ways of writing it.
std::string meaning_of(const SpfLeaf& leaf, const std::string& domain) {
  const auto& directive = *leaf.part.directive;
  std::string out = std::string(model::to_text(directive.mechanism)) + ":";
  if (directive.network) return out + (leaf.networks.empty() ? "" : leaf.networks.front().to_string());
  if (directive.domain_spec) {
    const auto name = static_name(*directive.domain_spec, domain);
    out += name ? *name : ascii::lower(leaf.part.text.substr(leaf.part.text.find(':') + 1));
  } else {
    out += domain;
  }
  return out + "/" + std::to_string(directive.ip4_bits) + "//" + std::to_string(directive.ip6_bits);
}

}  // namespace

bool is_own_name(std::string_view name, std::string_view domain) {
  const auto below = [](std::string_view inner, std::string_view outer) {
    return inner == outer ||
           (inner.size() > outer.size() && inner.ends_with(outer) && inner[inner.size() - outer.size() - 1] == '.');
  };
  return below(name, domain);
}

std::vector<Repetition> repetitions(const Branch& branch) {
  std::vector<Repetition> out;
  const auto is_usable = [](const SpfLeaf& leaf) {
    return leaf.part.fault.empty() && leaf.part.directive && leaf.is_reached && !leaf.part.is_all();
  };
  for (std::size_t i = 0; i < branch.leaves.size(); ++i) {
    const auto& leaf = branch.leaves[i];
    if (!is_usable(leaf)) continue;
    for (std::size_t j = 0; j < branch.leaves.size(); ++j) {
      const auto& other = branch.leaves[j];
      if (i == j || !is_usable(other) || other.part.directive->result != leaf.part.directive->result) continue;
      const bool is_same = meaning_of(leaf, branch.domain) == meaning_of(other, branch.domain);
      if (is_same && j < i) {
        out.push_back({i, j, true});
        break;
      }
      const bool are_networks = leaf.part.directive->network && other.part.directive->network;
      if (!are_networks || is_same || !is_inside(leaf.networks.front(), other.networks.front())) continue;
      out.push_back({i, j, false});
      break;
    }
  }
  return out;
}

bool uses_reverse_name(const SpfPart& part) {
  if (!part.directive) return part.redirect && part.redirect->domain_spec.uses("p");
  const auto& directive = *part.directive;
  return directive.mechanism == Mechanism::ptr || (directive.domain_spec && directive.domain_spec->uses("p"));
}

bool is_constant_exists(const SpfLeaf& leaf) {
  const bool is_exists = leaf.part.directive && leaf.part.directive->mechanism == Mechanism::exists;
  return is_exists && !leaf.target.empty() && leaf.state == TermState::plain && leaf.is_reached && leaf.can_pass;
}

bool lets_everybody_pass(const SpfLeaf& leaf) {
  if (!leaf.can_pass) return false;
  if (leaf.part.is_all() || std::any_of(leaf.networks.begin(), leaf.networks.end(), is_open)) return true;
  return std::any_of(leaf.child.begin(), leaf.child.end(), [](const Branch& child) {
    return std::any_of(child.leaves.begin(), child.leaves.end(), [](const SpfLeaf& inner) {
      return inner.part.fault.empty() && inner.is_reached && lets_everybody_pass(inner);
    });
  });
}

Findings spf_findings(const Branch& root, const std::string& domain, Answers& answers) {
  return Rules(root, domain, answers).run();
}

}  // namespace ruaudit::assess::records
