// Gzip and zip, opened within the limits of unpacking and packed again.
#include <zlib.h>

#include <algorithm>
#include <set>

#include "ingest/gunzip.hpp"
#include "ingest/zip_archive.hpp"
#include "jobs/anonymise/anonymiser.hpp"
#include "jobs/anonymise/harmless.hpp"
#include "report/bundle.hpp"

namespace ruaudit::jobs {
namespace {

class Collector final : public ingest::OctetReceiver {
 public:
  explicit Collector(std::uint64_t limit) : limit_(limit) {}
  bool chunk(std::string_view octets) override {
    is_full_ = text_.size() + octets.size() > limit_;
    if (is_full_) return false;
    text_ += octets;
    return true;
  }
  // An error of the archive, or that the limit was met.
  [[nodiscard]] model::Result<std::string> take(const model::Result<void>& read) {
    if (is_full_) return model::failure("item-too-large", "more than 256 MiB when unpacked");
    if (!read) return model::failure(read.error());
    return std::move(text_);
  }

 private:
  std::uint64_t limit_;
  std::string text_;
  bool is_full_ = false;
};

constexpr std::uint64_t max_unpacked = 256 * ingest::mebi;

// RFC 1952; the header says neither name nor time.
std::string packed(std::string_view octets) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
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

// No two members may have one name: a later one gets a number in front of what its file name ends with.
std::string own_name(const std::string& name, std::set<std::string>& taken) {
  const auto dot = std::min(name.find('.', name.rfind('/') + 1), name.size());
  std::string own = name;
  for (int number = 2; !taken.insert(own).second; ++number)
    own = name.substr(0, dot) + "-" + std::to_string(number) + name.substr(dot);
  return own;
}

}  // namespace

model::Result<std::string> Anonymiser::gzip(std::string_view octets, unsigned depth) {
  Collector collector(max_unpacked);
  const auto done = ingest::gunzip(ingest::Bytes::from_string(std::string(octets)), limits_, collector);
  TRY(const auto plain, collector.take(done.result));
  TRY(const auto cleaned, anything(plain, depth + 1));
  // What stood behind the end is a fault that is told.
  return packed(cleaned) + (done.defects.empty() ? std::string() : redactor_.token(octets));
}

model::Result<std::string> Anonymiser::zip(std::string_view octets, unsigned depth) {
  TRY(const auto archive, ingest::ZipArchive::open(ingest::Bytes::from_string(std::string(octets)), limits_));
  if (archive.entries() > limits_.archive_entries)
    return model::failure("too-many-entries", "the archive has too many entries");
  std::vector<report::BundleMember> members;
  std::set<std::string> taken;
  for (std::uint64_t n = 0; n < archive.entries(); ++n) {
    Collector collector(max_unpacked);
    TRY(const auto plain, collector.take(archive.read(n, collector)));
    auto cleaned = anything(plain, depth + 1);
    if (!cleaned && (cleaned.error().code != "anonymise-unsupported" || depth > 0)) return cleaned;
    counts_.replaced += cleaned ? 0 : 1;
    members.push_back({own_name(harmless_file_name(archive.name(n), redactor_), taken),
                       cleaned ? std::move(*cleaned) : replacement(plain)});
  }
  TRY(auto packed, report::bundle_octets(members));
  // What does not belong to it stood in front or behind: a fault that is told.
  if (!archive.defects().empty()) packed += redactor_.token(octets);
  return packed;
}

}  // namespace ruaudit::jobs
