// A sink that stops the program when unpack() breaks its contract: begin, chunks, one end; and the limits of a fuzz
// run.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "ingest/unpack.hpp"

namespace ruaudit::ingest::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

class StrictSink : public PayloadSink {
 public:
  bool begin(const PayloadInfo& info) override {
    require(!open_ && !is_unsupported(info.kind));
    open_ = info.kind != PayloadKind::html;
    return open_;
  }
  bool chunk(std::string_view octets) override {
    require(open_ && !octets.empty());
    total += octets.size();
    return true;
  }
  void end(const model::Result<void>& r) override {
    require(open_ && (r || !r.error().code.empty()));
    open_ = false;
    ++ends;
  }
  [[nodiscard]] bool is_open() const { return open_; }
  std::uint64_t total = 0;
  std::uint64_t ends = 0;

 private:
  bool open_ = false;
};

inline UnpackLimits small_limits() {
  UnpackLimits limits;
  limits.header_bytes = 4096;
  limits.mime_parts = 20;
  limits.mime_depth = 6;
  limits.archive_entries = 20;
  limits.gzip_members = 20;
  limits.payloads = 60;
  limits.payload_bytes = 256 * kibi;
  limits.item_bytes = 1 * mebi;
  limits.ratio_from = 64 * kibi;
  limits.heap_bytes = 16 * kibi;
  return limits;
}

inline UnpackResult unpack_strictly(std::string_view octets, ItemKind kind) {
  const auto limits = small_limits();
  StrictSink sink;
  const RawItem item{"fuzz", "", kind, 0, Bytes::from_string(std::string(octets))};
  auto result = unpack(item, limits, sink);
  require(!sink.is_open());
  std::uint64_t taken = 0;
  for (const auto& payload : result.payloads) taken += payload.taken ? 1 : 0;
  require(taken == sink.ends);
  require(result.payloads.size() <= limits.payloads + 1);
  return result;
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace ruaudit::ingest::fuzz
