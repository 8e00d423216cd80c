#include "assess/records/spf/networks.hpp"

#include <algorithm>

namespace ruaudit::assess::records {
namespace {

using verify::spf::Mechanism;

Place place_of_term(const Branch& branch, const SpfLeaf& leaf) {
  return at_part(branch.domain, branch.record, leaf.part.begin, leaf.part.text.size());
}

bool is_judged(const SpfLeaf& leaf) {
  return leaf.part.fault.empty() && leaf.part.directive && leaf.is_reached && leaf.can_pass;
}

// 65536, or for IPv6, which nobody counts, the length.
std::string size_of(const Network& network) {
  const unsigned bits = network.address.is_v4() ? 32 - network.bits : 128 - network.bits;
  if (network.address.is_v4()) return std::to_string(std::uint64_t{1} << bits) + " addresses";
  return "a network of length " + std::to_string(network.bits);
}

// About the first network of the term that is wide.
std::optional<Finding> too_wide(const Branch& branch, const SpfLeaf& leaf) {
  const bool is_of_host =
      leaf.part.directive->mechanism == Mechanism::a || leaf.part.directive->mechanism == Mechanism::mx;
  for (const auto& network : leaf.networks) {
    if (is_open(network)) continue;  // told as spf-pass-all
    const bool is_v4 = network.address.is_v4();
    const auto least =
        is_of_host ? (is_v4 ? least_host_bits_v4 : least_host_bits_v6) : (is_v4 ? least_bits_v4 : least_bits_v6);
    if (network.bits >= least) continue;
    const auto severity =
        network.bits < (is_v4 ? least_own_bits_v4 : least_own_bits_v6) ? Severity::warning : Severity::info;
    return found("spf-network-wide", severity, place_of_term(branch, leaf),
                 network.to_string() + " is " + size_of(network) + (is_of_host ? " around a host" : "") +
                     (severity == Severity::info ? ": right if all of them are yours" : "") + "; from /" +
                     std::to_string(least) + " on nothing is said");
  }
  return std::nullopt;
}

// The networks of a term and of all that it leads to.
std::vector<Network> covered_by(const SpfLeaf& leaf) {
  auto networks = leaf.networks;
  for (const auto& child : leaf.child)
    for (const auto& network : passing(child)) networks.push_back(network);
  return networks;
}

}  // namespace

bool is_open(const Network& network) { return network.bits == 0; }

Findings wide_networks(const Branch& branch) {
  Findings findings;
  for (const auto& leaf : branch.leaves) {
    if (!is_judged(leaf)) continue;
    if (auto finding = too_wide(branch, leaf)) findings.push_back(std::move(*finding));
  }
  return findings;
}

Findings overlaps(const Branch& branch) {
  Findings findings;
  for (std::size_t i = 0; i < branch.leaves.size(); ++i) {
    const auto& leaf = branch.leaves[i];
    if (!is_judged(leaf) || leaf.networks.empty()) continue;
    for (std::size_t j = 0; j < branch.leaves.size(); ++j) {
      const auto& other = branch.leaves[j];
      const bool are_ips = leaf.part.directive->network && other.part.directive && other.part.directive->network;
      if (i == j || !is_judged(other) || are_ips || other.part.is_all()) continue;
      const auto outer = collapsed(covered_by(other));
      const bool is_covered = std::all_of(leaf.networks.begin(), leaf.networks.end(),
                                          [&](const Network& each) { return is_inside_any(each, outer); });
      // Of two that cover each other the second is told.
      const auto inner = collapsed(leaf.networks);
      const bool is_mutual =
          std::all_of(outer.begin(), outer.end(), [&](const Network& each) { return is_inside_any(each, inner); });
      if (!is_covered || outer.empty() || (is_mutual && i < j)) continue;
      findings.push_back(
          found("spf-overlap", place_of_term(branch, leaf),
                std::string(is_mutual ? "its addresses are those of " : "its addresses are among those of ") +
                    other.part.text + " today"));
      break;
    }
  }
  return findings;
}

}  // namespace ruaudit::assess::records
