#include "store/content/compress.hpp"

#include <zlib.h>

namespace ruaudit::store {

std::string deflated(std::string_view octets) {
  uLongf length = compressBound(static_cast<uLong>(octets.size()));
  std::string data(length, '\0');
  // Fails only for want of room, which compressBound() rules out.
  compress2(reinterpret_cast<Bytef*>(data.data()), &length, reinterpret_cast<const Bytef*>(octets.data()),
            static_cast<uLong>(octets.size()), Z_DEFAULT_COMPRESSION);
  data.resize(length);
  data.shrink_to_fit();
  return data;
}

model::Result<std::string> inflated(std::span<const std::uint8_t> data, std::int64_t size) {
  if (size >= 0 && size <= max_inflated_octets) {
    std::string octets(static_cast<std::size_t>(size), '\0');
    auto length = static_cast<uLongf>(size);
    Bytef nothing = 0;
    auto* into = octets.empty() ? &nothing : reinterpret_cast<Bytef*>(octets.data());
    const int code = uncompress(into, &length, data.data(), static_cast<uLong>(data.size()));
    if (code == Z_OK && length == static_cast<uLongf>(size)) return octets;
  }
  return model::failure("blob-damaged", "a compressed value is damaged", "restore a backup of the database");
}

}  // namespace ruaudit::store
