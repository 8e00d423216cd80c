#include "store/content/compress.hpp"

#include <zlib.h>

#include <limits>

namespace ruaudit::store {

namespace {

// As zlib counts; the first clears a sixteenth of what the second does, and holds as many symbols as small texts have.
constexpr int small_memory = 5, usual_memory = 8;
constexpr std::size_t small_octets = 2000;

// One per thread: to make it takes longer than most of what it compresses.
class Deflater {
 public:
  explicit Deflater(int memory_level)
      : is_ready_(deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS, memory_level,
                               Z_DEFAULT_STRATEGY) == Z_OK) {}
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  // `length`: of the room, then of what was written. False where it cannot be done, or not at once.
  bool run(const Bytef* octets, std::size_t size, Bytef* into, uLongf& length) {
    if (!is_ready_ || length > std::numeric_limits<uInt>::max() || deflateReset(&stream_) != Z_OK) return false;
    stream_.next_in = const_cast<Bytef*>(octets);  // zlib does not write there
    stream_.avail_in = static_cast<uInt>(size);
    stream_.next_out = into;
    stream_.avail_out = static_cast<uInt>(length);
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return false;
    length = stream_.total_out;
    return true;
  }

 private:
  z_stream stream_{};
  bool is_ready_;
};

}  // namespace

std::string deflated(std::string_view octets) {
  thread_local Deflater small(small_memory), usual(usual_memory);
  Deflater& deflater = octets.size() < small_octets ? small : usual;
  uLongf length = compressBound(static_cast<uLong>(octets.size()));
  std::string data(length, '\0');
  const auto* from = reinterpret_cast<const Bytef*>(octets.data());
  auto* into = reinterpret_cast<Bytef*>(data.data());
  // Fails only for want of memory or of room, and compressBound() rules out the latter.
  if (!deflater.run(from, octets.size(), into, length))
    compress2(into, &length, from, static_cast<uLong>(octets.size()), Z_DEFAULT_COMPRESSION);
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
