// The octets of an item as they are kept: cut into chunks of at most max_original_chunk octets, each coded by
// itself, byte-exact when put together again: base64 lines as what they stand for, anything else compressed. Runs on
// the parse thread; no database.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/enum_text.hpp"
#include "model/result.hpp"

namespace ruaudit::store {

inline constexpr std::size_t max_original_chunk = std::size_t{128} * 1024;

enum class ChunkCodec : std::uint8_t { raw, zlib, base64 };  // base64: store/content/base64_lines.hpp

struct EncodedChunk {
  ChunkCodec codec = ChunkCodec::raw;
  std::uint32_t size = 0;  // before encoding
  std::string data;
};

// Yields the chunks of `octets` (which must outlive it) one by one.
class OriginalChunker {
 public:
  explicit OriginalChunker(std::string_view octets);
  OriginalChunker(OriginalChunker&&) noexcept;
  OriginalChunker& operator=(OriginalChunker&&) noexcept;
  ~OriginalChunker();
  std::optional<EncodedChunk> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The inverse of one chunk. Error code "original-chunk" when it is damaged.
model::Result<std::string> decode_chunk(const EncodedChunk& chunk);

}  // namespace ruaudit::store

namespace ruaudit::model {
template <>
inline constexpr EnumText<store::ChunkCodec> enum_table<store::ChunkCodec>[] = {
    {store::ChunkCodec::raw, "raw"}, {store::ChunkCodec::zlib, "zlib"}, {store::ChunkCodec::base64, "base64"}};
}  // namespace ruaudit::model
