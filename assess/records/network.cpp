#include "assess/records/network.hpp"

#include <algorithm>

namespace ruaudit::assess::records {
namespace {

using model::IpAddress;

unsigned width(const IpAddress& address) { return address.is_v4() ? 32 : 128; }

// Bits of the key: an IPv4 address stands in its last four octets.
unsigned key_bits(const Network& network) { return network.bits + (128 - width(network.address)); }

// The other half of the network one bit shorter.
Network sibling(const Network& network) {
  auto key = network.address.key();
  const unsigned bit = key_bits(network) - 1;
  key[bit / 8] = static_cast<std::uint8_t>(key[bit / 8] ^ (0x80U >> (bit % 8)));
  return {IpAddress::from_key(key), network.bits};
}

constexpr std::string_view private_networks[] = {"10.0.0.0/8",     "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8",
                                                 "169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8",      "::/127",
                                                 "fe80::/10",      "fc00::/7",      "fec0::/10"};

}  // namespace

std::string Network::to_string() const { return address.to_string() + "/" + std::to_string(bits); }

std::string Network::spf_term() const {
  const std::string head = address.is_v4() ? "ip4:" : "ip6:";
  return head + address.to_string() + (bits == width(address) ? "" : "/" + std::to_string(bits));
}

Network network_of(const IpAddress& address, unsigned bits) {
  bits = std::min(bits, width(address));
  auto key = address.key();
  const unsigned kept = bits + (128 - width(address));
  for (unsigned bit = kept; bit < 128; ++bit)
    key[bit / 8] = static_cast<std::uint8_t>(key[bit / 8] & ~(0x80U >> (bit % 8)));
  return {IpAddress::from_key(key), bits};
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return network_of(*address, 128);
  unsigned bits = 0;
  for (const char c : text.substr(slash + 1)) {
    if (c < '0' || c > '9' || bits > 128) return std::nullopt;
    bits = bits * 10 + static_cast<unsigned>(c - '0');
  }
  return network_of(*address, bits);
}

bool is_inside(const Network& inner, const Network& outer) {
  return inner.bits >= outer.bits && inner.address.in_prefix(outer.address, outer.bits);
}

bool is_inside_any(const Network& inner, const std::vector<Network>& outer) {
  return std::any_of(outer.begin(), outer.end(), [&](const Network& each) { return is_inside(inner, each); });
}

bool comes_before(const Network& left, const Network& right) {
  if (left.address.is_v4() != right.address.is_v4()) return left.address.is_v4();
  if (left.address != right.address) return left.address < right.address;
  return left.bits < right.bits;
}

std::vector<Network> collapsed(std::vector<Network> networks) {
  std::sort(networks.begin(), networks.end(), comes_before);
  std::vector<Network> out;
  for (auto next : networks) {
    if (!out.empty() && is_inside(next, out.back())) continue;
    out.push_back(next);
    // Two halves become the whole, as far up as it goes.
    while (out.size() > 1 && out.back().bits > 0 && out[out.size() - 2] == sibling(out.back())) {
      const auto joined = network_of(out.back().address, out.back().bits - 1);
      out.pop_back();
      out.back() = joined;
    }
  }
  return out;
}

std::vector<Network> range(std::uint32_t first, std::uint32_t last) {
  std::vector<Network> out;
  for (std::uint64_t at = first; at <= last;) {
    unsigned bits = 32;
    while (bits > 0) {
      const std::uint64_t size = std::uint64_t{1} << (33 - bits);  // of the next larger network
      if (at % size != 0 || at + size - 1 > last) break;
      --bits;
    }
    out.push_back({IpAddress::v4(static_cast<std::uint32_t>(at)), bits});
    at += std::uint64_t{1} << (32 - bits);
  }
  return out;
}

bool is_private(const Network& network) {
  return std::any_of(std::begin(private_networks), std::end(private_networks), [&](std::string_view text) {
    const auto outer = parse_network(text);
    return outer && is_inside(network, *outer);
  });
}

}  // namespace ruaudit::assess::records
