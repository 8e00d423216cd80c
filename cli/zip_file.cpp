#include "cli/zip_file.hpp"

#include <zlib.h>

#include <cstdint>

namespace ruaudit::cli {
namespace {

constexpr std::uint64_t max_octets = 0xffffffffU;
constexpr std::uint16_t is_utf8 = 1U << 11U;
constexpr std::uint16_t first_day = 1U << 5U | 1U;  // 1980-01-01, the earliest there is
constexpr std::uint16_t deflate_method = 8;
constexpr std::uint16_t version_needed = 20;

void put(std::string& out, std::uint64_t value, unsigned octets) {
  for (unsigned n = 0; n < octets; ++n) out += static_cast<char>(value >> (8U * n) & 0xffU);
}

// Raw deflate, without zlib's own header.
std::string deflated(std::string_view octets) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(octets.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));  // NOLINT: zlib reads only
  stream.avail_in = static_cast<uInt>(octets.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// What the local header and the central directory say alike, section 4.3.7 from "version needed" on.
std::string description(const ZipEntry& entry, std::size_t packed_size) {
  const auto crc =
      crc32(0, reinterpret_cast<const Bytef*>(entry.octets.data()), static_cast<uInt>(entry.octets.size()));
  std::string out;
  put(out, version_needed, 2);
  put(out, is_utf8, 2);
  put(out, deflate_method, 2);
  put(out, 0, 2);  // time
  put(out, first_day, 2);
  put(out, crc, 4);
  put(out, packed_size, 4);
  put(out, entry.octets.size(), 4);
  put(out, entry.name.size(), 2);
  put(out, 0, 2);  // extra field
  return out;
}

std::string directory_record(const ZipEntry& entry, const std::string& same, std::uint64_t offset) {
  std::string out("PK\x01\x02");
  put(out, version_needed, 2);
  out += same;
  put(out, 0, 2);  // comment
  put(out, 0, 2);  // disk
  put(out, 0, 2);  // internal attributes
  put(out, 0, 4);  // external attributes
  put(out, offset, 4);
  return out + entry.name;
}

}  // namespace

model::Result<std::string> zip_file(const std::vector<ZipEntry>& entries) {
  std::string out, directory;
  for (const ZipEntry& entry : entries) {
    const auto offset = out.size();
    const std::string packed = deflated(entry.octets);
    const std::string same = description(entry, packed.size());
    out += "PK\x03\x04";
    out.append(same).append(entry.name).append(packed);
    directory += directory_record(entry, same, offset);
    if (entry.octets.size() > max_octets || out.size() + directory.size() > max_octets || entry.name.size() > 0xffff)
      return model::failure("zip-too-large", "more than a zip file without zip64 can hold");
  }
  if (entries.size() >= 0xffff) return model::failure("zip-too-large", "more entries than a zip file can hold");
  const auto offset = out.size();
  out += directory + "PK\x05\x06";
  put(out, 0, 4);  // disks
  put(out, entries.size(), 2);
  put(out, entries.size(), 2);
  put(out, directory.size(), 4);
  put(out, offset, 4);
  put(out, 0, 2);  // comment
  return out;
}

}  // namespace ruaudit::cli
