// Unpacks small deflate data in one step by libdeflate, which takes a third of zlib's time
// (docs/decisions/0009-inflate.md). It answers only if everything is correct: sizes and checksums as claimed. Without
// an answer the caller takes the slow path through zlib, which says what is wrong and where.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

struct libdeflate_decompressor;

namespace ruaudit::ingest {

class WholeInflater {
 public:
  static constexpr std::size_t max_octets = 512UL * 1024;  // packed, and unpacked

  WholeInflater();

  struct Unpacked {
    std::unique_ptr<char[]> octets;
    std::size_t size = 0;
    std::size_t packed_size = 0;  // of what was taken from the front of the packed octets
    [[nodiscard]] std::string_view view() const { return {octets.get(), size}; }
  };
  // The first member of a gzip file (RFC 1952), if it unpacks to at most limit octets.
  [[nodiscard]] std::optional<Unpacked> gzip_member(std::string_view packed, std::uint64_t limit) const;
  // Raw deflate data (RFC 1951) of exactly this size and CRC-32, as a zip entry claims them.
  [[nodiscard]] std::optional<Unpacked> deflated(std::string_view packed, std::uint64_t size, std::uint32_t crc) const;

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace ruaudit::ingest
