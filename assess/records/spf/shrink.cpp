#include "assess/records/spf/shrink.hpp"

#include <algorithm>

#include "assess/records/network.hpp"
#include "assess/records/spf/tree.hpp"
#include "assess/records/text.hpp"

namespace ruaudit::assess::records {
namespace {

using verify::spf::Mechanism;

constexpr unsigned max_lookups = 10, wanted_lookups = 8;
constexpr std::size_t max_octets = 450, max_listed = 60;
constexpr unsigned widest_v4 = 24, widest_v6 = 48;  // no owner wants to vouch for more than he wrote

std::string text_of(const Draft& draft) {
  std::string out = "v=spf1";
  for (const auto& term : draft.terms) out += " " + term;
  return out + draft.tail;
}

// The networks behind a term, when they are all that it stands for.
std::optional<std::vector<Network>> fixed_networks(const SpfLeaf& leaf) {
  if (!leaf.counts || leaf.is_dynamic || leaf.part.redirect || !leaf.failed.empty()) return std::nullopt;
  if (leaf.part.directive->result != model::SpfResult::pass) return std::nullopt;
  bool is_fixed = true;
  std::vector<Network> networks = leaf.networks;
  for (const auto& child : leaf.child) {
    for (const auto& each : passing(child)) networks.push_back(each);
    for_each_leaf(child, [&](const Branch&, const SpfLeaf& inner) {
      const bool is_negative = !inner.can_pass && !inner.part.is_all() && inner.part.directive;
      is_fixed = is_fixed && !inner.is_dynamic && !is_negative && inner.failed.empty();
    });
  }
  networks = collapsed(std::move(networks));
  return is_fixed && networks.size() <= max_listed ? std::optional(std::move(networks)) : std::nullopt;
}

// The networks that no term lists yet.
void list_networks(Draft& draft, const std::vector<Network>& networks) {
  for (const auto& network : networks) {
    const bool is_listed = std::any_of(draft.terms.begin(), draft.terms.end(), [&](const std::string& term) {
      const bool is_network = term.starts_with("ip4:") || term.starts_with("ip6:");
      const auto other = is_network ? parse_network(std::string_view(term).substr(4)) : std::nullopt;
      return other && is_inside(network, *other);
    });
    if (!is_listed) draft.terms.push_back(network.spf_term());
  }
}

unsigned cost(const SpfLeaf& leaf) {
  unsigned sum = leaf.counts ? 1 : 0;
  for (const auto& child : leaf.child) sum += child.total();
  return sum;
}

// All networks of the record joined; the other terms stay in front.
void join_networks(Draft& draft) {
  std::vector<Network> networks;
  std::vector<std::string> others;
  for (const auto& term : draft.terms) {
    const auto part = spf_part(term);
    const bool is_network =
        part.directive && part.directive->network && part.directive->result == model::SpfResult::pass;
    const auto network = is_network ? parse_network(term.substr(term.find(':') + 1)) : std::nullopt;
    if (network)
      networks.push_back(*network);
    else
      others.push_back(term);
  }
  for (const auto& network : collapsed(std::move(networks))) others.push_back(network.spf_term());
  draft.terms = std::move(others);
}

// One term replaced by its networks: the one that saves most lookups for each network. False: none can be.
bool list_one(Draft& draft, const Branch& branch) {
  std::size_t best = branch.leaves.size();
  std::vector<Network> found;
  double best_value = 0;
  for (std::size_t i = 0; i < branch.leaves.size(); ++i) {
    const auto networks = fixed_networks(branch.leaves[i]);
    if (!networks) continue;
    const double value = cost(branch.leaves[i]) / (1.0 + static_cast<double>(networks->size()));
    const bool is_own_host = branch.leaves[i].part.text == "mx" || branch.leaves[i].part.text == "a";
    if (is_own_host || value <= best_value) continue;
    best = i;
    best_value = value;
    found = *networks;
  }
  if (best == branch.leaves.size()) return false;
  draft.terms.erase(draft.terms.begin() + static_cast<std::ptrdiff_t>(best));
  list_networks(draft, found);
  return true;
}

// Mechanisms whose networks nobody can list and that do not fit: the last ones go.
bool drop_last_dynamic(Draft& draft, const Branch& branch) {
  for (std::size_t i = draft.terms.size(); i > 0; --i) {
    if (!branch.leaves[i - 1].is_dynamic) continue;
    draft.terms.erase(draft.terms.begin() + static_cast<std::ptrdiff_t>(i - 1));
    return true;
  }
  return false;
}

bool few_lookups(Draft& draft, Answers& answers) {
  for (std::size_t step = 0; step < 100; ++step) {
    const auto branch = grow(answers, draft.domain, {text_of(draft), {}});
    const auto total = branch.total();
    if (total <= max_lookups && (step == 0 || total <= wanted_lookups)) break;
    if (list_one(draft, branch)) continue;
    if (total <= max_lookups) break;
    if (!drop_last_dynamic(draft, branch)) return false;
  }
  return true;
}

// a and mx of hosts with one family: more than two empty lookups of the other (section 4.6.4 as some count it).
bool few_empty_families(Draft& draft, Answers& answers) {
  for (std::size_t step = 0; step < 100; ++step) {
    const auto branch = grow(answers, draft.domain, {text_of(draft), {}});
    unsigned empty_v4 = 0, empty_v6 = 0;
    for_each_leaf(branch, [&](const Branch&, const SpfLeaf& leaf) {
      empty_v4 += leaf.empty_v4;
      empty_v6 += leaf.empty_v6;
    });
    const auto networks = passing(branch);
    const auto has = [&](bool is_v4) {
      return std::any_of(networks.begin(), networks.end(),
                         [&](const Network& each) { return each.address.is_v4() == is_v4; });
    };
    const bool is_v4 = empty_v4 > 2 && has(true), is_v6 = empty_v6 > 2 && has(false);
    if (!is_v4 && !is_v6) return true;
    bool is_changed = false;
    for (std::size_t i = draft.terms.size(); i > 0 && !is_changed; --i) {
      const auto& leaf = branch.leaves[i - 1];
      const auto listed = (is_v4 ? leaf.empty_v4 : leaf.empty_v6) > 0 ? fixed_networks(leaf) : std::nullopt;
      if (!listed) continue;
      draft.terms.erase(draft.terms.begin() + static_cast<std::ptrdiff_t>(i - 1));
      list_networks(draft, *listed);
      is_changed = true;
    }
    if (!is_changed) return true;
  }
  return true;
}

// The two neighbours whose common network is smallest become it. False: none may.
bool widen_once(Draft& draft) {
  std::vector<Network> networks;
  std::vector<std::string> others;
  for (const auto& term : draft.terms) {
    const auto network =
        term.starts_with("ip4:") || term.starts_with("ip6:") ? parse_network(term.substr(4)) : std::nullopt;
    if (network)
      networks.push_back(*network);
    else
      others.push_back(term);
  }
  std::sort(networks.begin(), networks.end(), comes_before);
  std::optional<Network> best;
  for (std::size_t i = 0; i + 1 < networks.size(); ++i) {
    const auto& left = networks[i];
    const auto& right = networks[i + 1];
    if (left.address.is_v4() != right.address.is_v4()) continue;
    auto common = left;
    while (common.bits > 0 && !is_inside(right, common)) common = network_of(left.address, common.bits - 1);
    const bool is_narrow = common.bits >= (common.address.is_v4() ? widest_v4 : widest_v6);
    if (is_narrow && (!best || common.bits > best->bits)) best = common;
  }
  if (!best) return false;
  networks.push_back(*best);
  draft.terms = std::move(others);
  for (const auto& network : collapsed(std::move(networks))) draft.terms.push_back(network.spf_term());
  return true;
}

}  // namespace

std::optional<std::string> shrunk_spf(Draft draft, Answers& answers) {
  if (!few_lookups(draft, answers) || !few_empty_families(draft, answers)) return std::nullopt;
  const auto is_long = [&] { return draft.domain.size() + text_of(draft).size() > max_octets; };
  if (is_long()) join_networks(draft);
  while (is_long())
    if (!widen_once(draft)) break;
  return text_of(draft);
}

}  // namespace ruaudit::assess::records
