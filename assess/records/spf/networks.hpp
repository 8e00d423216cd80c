// What the networks of an SPF record say beside each other: too wide for one sender, or authorised twice. One record of
// the owner enters, as a branch of the tree; only terms that can pass are judged.
#pragma once
#include "assess/records/finding.hpp"
#include "assess/records/spf/tree.hpp"

namespace ruaudit::assess::records {

// Shorter prefixes are told. Of ip4 and ip6: the network of a large organization (65,536 IPv4 addresses), and what
// a registry gives to a whole provider. Around a host (a, mx): what one customer of a hoster has, so that a wider one
// holds other customers.
inline constexpr unsigned least_bits_v4 = 16, least_bits_v6 = 32;
inline constexpr unsigned least_host_bits_v4 = 24, least_host_bits_v6 = 64;
// Whose a network is DNS does not say: it may be all the owner's. Wider than these no organization has one.
inline constexpr unsigned least_own_bits_v4 = 8, least_own_bits_v6 = 16;

[[nodiscard]] bool is_open(const Network& network);  // everybody

// Whoever has one of the addresses sends in the domain's name (RFC 7208 section 5.6).
[[nodiscard]] Findings wide_networks(const Branch& branch);
// Terms whose addresses all pass by another term, where not both are plain networks (those are repetitions()).
[[nodiscard]] Findings overlaps(const Branch& branch);

}  // namespace ruaudit::assess::records
