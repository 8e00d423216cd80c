#include "store/content/original.hpp"

#include <zlib.h>

#include <algorithm>

namespace ruaudit::store {
namespace {

// Level 1: what compresses at all (headers, XML) does so nearly as well, in a third of the time of the default.
constexpr int level = 1;

}  // namespace

struct OriginalChunker::State {
  std::string_view rest;
};

OriginalChunker::OriginalChunker(std::string_view octets) : state_(std::make_unique<State>(State{octets})) {}
OriginalChunker::OriginalChunker(OriginalChunker&&) noexcept = default;
OriginalChunker& OriginalChunker::operator=(OriginalChunker&&) noexcept = default;
OriginalChunker::~OriginalChunker() = default;

std::optional<EncodedChunk> OriginalChunker::next() {
  std::string_view& rest = state_->rest;
  if (rest.empty()) return std::nullopt;
  const auto piece = rest.substr(0, max_original_chunk);
  rest.remove_prefix(piece.size());
  EncodedChunk chunk{ChunkCodec::zlib, static_cast<std::uint32_t>(piece.size()), {}};
  uLongf length = compressBound(static_cast<uLong>(piece.size()));
  chunk.data.resize(length);
  const int code = compress2(reinterpret_cast<Bytef*>(chunk.data.data()), &length,
                             reinterpret_cast<const Bytef*>(piece.data()), static_cast<uLong>(piece.size()), level);
  if (code == Z_OK && length < piece.size()) {
    chunk.data.resize(length);
    chunk.data.shrink_to_fit();  // many chunks wait in the queue
  } else {
    chunk.codec = ChunkCodec::raw;
    chunk.data = piece;
  }
  return chunk;
}

model::Result<std::string> decode_chunk(const EncodedChunk& chunk) {
  if (chunk.codec == ChunkCodec::raw) return chunk.data;
  std::string octets(chunk.size, '\0');
  uLongf length = chunk.size;
  const int code = uncompress(reinterpret_cast<Bytef*>(octets.data()), &length,
                              reinterpret_cast<const Bytef*>(chunk.data.data()), static_cast<uLong>(chunk.data.size()));
  if (code != Z_OK || length != chunk.size)
    return model::failure("original-chunk", "a kept original is damaged", "restore a backup of the database");
  return octets;
}

}  // namespace ruaudit::store
