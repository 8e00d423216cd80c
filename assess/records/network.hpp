// Sets of IP networks, as an SPF record lists them: text to network, one inside another, neighbours joined, private
// space. An IPv4 network is never inside an IPv6 one.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip_address.hpp"

namespace ruaudit::assess::records {

struct Network {
  model::IpAddress address;
  unsigned bits = 32;
  auto operator<=>(const Network&) const = default;
  [[nodiscard]] std::string to_string() const;  // "192.0.2.0/24"
  [[nodiscard]] std::string spf_term() const;   // "ip4:192.0.2.0/24"; a single address without length
};

// The network that `address` lies in: bits behind the length are zero.
[[nodiscard]] Network network_of(const model::IpAddress& address, unsigned bits);
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);
[[nodiscard]] bool is_inside(const Network& inner, const Network& outer);
[[nodiscard]] bool is_inside_any(const Network& inner, const std::vector<Network>& outer);
// The least networks that hold exactly the same addresses, sorted.
[[nodiscard]] std::vector<Network> collapsed(std::vector<Network> networks);
// The networks that hold exactly the addresses from first to last (IPv4).
[[nodiscard]] std::vector<Network> range(std::uint32_t first, std::uint32_t last);
// Never seen as a client on the public Internet: RFC 1918, 3927, 4193, 4291, 6598, loopback. Documentation networks do
// not count (they stand for public ones in examples).
[[nodiscard]] bool is_private(const Network& network);
// IPv4 before IPv6, then by address and length.
[[nodiscard]] bool comes_before(const Network& left, const Network& right);

}  // namespace ruaudit::assess::records
