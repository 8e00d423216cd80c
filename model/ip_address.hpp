// An IPv4 or IPv6 address. Made only by parse() or from bytes; text form is RFC 5952, sort key is 16 bytes
// (IPv4 as ::ffff:a.b.c.d), so that addresses of both families sort and compare as bytes.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::model {

class IpAddress {
 public:
  using Key = std::array<std::uint8_t, 16>;

  // Strict text form of either family; an IPv4-mapped IPv6 address becomes IPv4. Error code "ip-address".
  static Result<IpAddress> parse(std::string_view text);
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress from_key(const Key& key) { return IpAddress(key); }

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] std::uint32_t v4_bits() const;  // host order; only meaningful when is_v4()
  [[nodiscard]] const Key& key() const { return key_; }
  [[nodiscard]] std::string to_string() const;  // RFC 5952
  // True when the first prefix_bits of both are equal (0..32 for IPv4, 0..128 for IPv6) and the families agree.
  [[nodiscard]] bool in_prefix(const IpAddress& network, unsigned prefix_bits) const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  explicit IpAddress(const Key& key) : key_(key) {}
  Key key_{};
};

}  // namespace ruaudit::model
