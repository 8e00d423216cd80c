// SHA-256 over the exact octets of an item: the key under which known bytes are recognised before any parsing.
#pragma once
#include <array>
#include <cstdint>

#include "ingest/bytes.hpp"

namespace ruaudit::ingest {

using ContentHash = std::array<std::uint8_t, 32>;

// Reads in windows and drops mapped pages behind itself.
ContentHash content_hash(const Bytes& bytes);

}  // namespace ruaudit::ingest
