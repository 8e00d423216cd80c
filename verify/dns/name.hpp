// The form in which names are compared, cached and looked up: ASCII lower case, no trailing dot, any other bytes as
// they are (RFC 1035 section 2.3.3, RFC 4343). See resolver.hpp for the text form.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::verify::dns {

inline constexpr std::size_t max_name_octets = 253;  // without the root's dot (RFC 1035 section 2.3.4: 255 on the wire)
inline constexpr std::size_t max_label_octets = 63;

// Nothing when DNS cannot hold the name: empty, an empty label, a label or the whole too long.
[[nodiscard]] std::optional<std::string> canonical_name(std::string_view name);

// ASCII letters in lower case, one trailing dot removed; no check.
[[nodiscard]] std::string folded_name(std::string_view name);

}  // namespace ruaudit::verify::dns
