#include "store/content/original.hpp"

#include <libdeflate.h>

#include "store/content/base64_lines.hpp"

namespace ruaudit::store {
namespace {

// Level 1: what compresses at all (headers, XML) does so nearly as well, in a third of the time of the default.
constexpr int level = 1;

using Compressor = std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)>;

// One per thread: it is larger than most of what it compresses.
libdeflate_compressor* compressor() {
  thread_local const Compressor instance(libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
  return instance.get();
}

EncodedChunk packed(std::string_view piece) {
  EncodedChunk chunk{ChunkCodec::zlib, static_cast<std::uint32_t>(piece.size()), {}};
  chunk.data.resize(piece.size());  // longer than it was is no gain
  const auto length = compressor() == nullptr ? 0
                                              : libdeflate_zlib_compress(compressor(), piece.data(), piece.size(),
                                                                         chunk.data.data(), chunk.data.size());
  if (length > 0) {
    chunk.data.resize(length);
    chunk.data.shrink_to_fit();  // many chunks wait in the queue
  } else {
    chunk.codec = ChunkCodec::raw;
    chunk.data = piece;
  }
  return chunk;
}

model::Result<std::string> damaged() {
  return model::failure("original-chunk", "a stored original is damaged", "restore a backup of the database");
}

model::Result<std::string> unpacked(std::string_view data, std::size_t size) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::string octets(size, '\0');
  if (!decompressor || libdeflate_zlib_decompress(decompressor.get(), data.data(), data.size(), octets.data(), size,
                                                  nullptr) != LIBDEFLATE_SUCCESS)
    return damaged();
  return octets;
}

}  // namespace

struct OriginalChunker::State {
  std::string_view rest;
  std::optional<Base64Lines> lines;  // found ahead; begin counts from `rest`
};

OriginalChunker::OriginalChunker(std::string_view octets) : state_(std::make_unique<State>(State{octets, {}})) {}
OriginalChunker::OriginalChunker(OriginalChunker&&) noexcept = default;
OriginalChunker& OriginalChunker::operator=(OriginalChunker&&) noexcept = default;
OriginalChunker::~OriginalChunker() = default;

std::optional<EncodedChunk> OriginalChunker::next() {
  auto& [rest, lines] = *state_;
  if (rest.empty()) return std::nullopt;
  if (!lines) lines = find_base64_lines(rest, max_original_chunk);
  if (lines && lines->begin == 0) {
    EncodedChunk chunk{ChunkCodec::base64, static_cast<std::uint32_t>(lines->size), std::move(lines->data)};
    chunk.data.shrink_to_fit();  // many chunks wait in the queue
    rest.remove_prefix(lines->size);
    lines.reset();
    return chunk;
  }
  const auto piece = rest.substr(0, lines ? lines->begin : max_original_chunk);
  rest.remove_prefix(piece.size());
  if (lines) lines->begin = 0;
  return packed(piece);
}

model::Result<std::string> decode_chunk(const EncodedChunk& chunk) {
  if (chunk.codec == ChunkCodec::raw) return chunk.data;
  if (chunk.codec == ChunkCodec::zlib) return unpacked(chunk.data, chunk.size);
  auto lines = written_lines(chunk.data, chunk.size);
  return lines ? model::Result<std::string>(std::move(*lines)) : damaged();
}

}  // namespace ruaudit::store
