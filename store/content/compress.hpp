// zlib over whole texts, for blobs whose uncompressed size stands beside them.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::store {

inline constexpr std::int64_t max_inflated_octets = std::int64_t{1} << 30;

std::string deflated(std::string_view octets);
// Error code "blob-damaged" when it is not exactly `size` octets of zlib.
model::Result<std::string> inflated(std::span<const std::uint8_t> data, std::int64_t size);

}  // namespace ruaudit::store
