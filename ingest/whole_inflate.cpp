#include "ingest/whole_inflate.hpp"

#include <libdeflate.h>

namespace ruaudit::ingest {
namespace {

constexpr std::size_t least_member = 18;  // header and trailer of a gzip member
constexpr unsigned header_crc_flag = 2;   // FHCRC: libdeflate does not check what it announces

// ISIZE, which ends a member. Of another one, or no size at all, when more follows: then it says too little or too
// much.
std::uint32_t claimed_size(std::string_view packed) {
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < 4; ++i)
    size |= std::uint32_t{static_cast<unsigned char>(packed[packed.size() - 4 + i])} << (8 * i);
  return size;
}

// Not value-initialised: all of it is written before it is read.
std::unique_ptr<char[]> room_for(std::size_t octets) {
  return std::unique_ptr<char[]>(new char[octets + 1]);  // libdeflate wants no null pointer for nothing
}

}  // namespace

WholeInflater::WholeInflater() : decompressor_(libdeflate_alloc_decompressor()) {}

void WholeInflater::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

std::optional<WholeInflater::Unpacked> WholeInflater::gzip_member(std::string_view packed, std::uint64_t limit) const {
  if (decompressor_ == nullptr || packed.size() < least_member || packed.size() > max_octets) return std::nullopt;
  if ((static_cast<unsigned char>(packed[3]) & header_crc_flag) != 0) return std::nullopt;
  const std::size_t size = claimed_size(packed);
  if (size > max_octets || size > limit) return std::nullopt;
  Unpacked unpacked{room_for(size)};
  const auto result = libdeflate_gzip_decompress_ex(decompressor_.get(), packed.data(), packed.size(),
                                                    unpacked.octets.get(), size, &unpacked.packed_size, &unpacked.size);
  return result == LIBDEFLATE_SUCCESS ? std::optional(std::move(unpacked)) : std::nullopt;
}

std::optional<WholeInflater::Unpacked> WholeInflater::deflated(std::string_view packed, std::uint64_t size,
                                                               std::uint32_t crc) const {
  if (decompressor_ == nullptr || packed.size() > max_octets || size > max_octets) return std::nullopt;
  Unpacked unpacked{room_for(size)};
  const auto result =
      libdeflate_deflate_decompress_ex(decompressor_.get(), packed.data(), packed.size(), unpacked.octets.get(), size,
                                       &unpacked.packed_size, &unpacked.size);
  if (result != LIBDEFLATE_SUCCESS || unpacked.size != size || unpacked.packed_size != packed.size())
    return std::nullopt;
  if (libdeflate_crc32(0, unpacked.octets.get(), size) != crc) return std::nullopt;
  return unpacked;
}

}  // namespace ruaudit::ingest
