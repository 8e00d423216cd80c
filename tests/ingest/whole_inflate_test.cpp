#include "ingest/whole_inflate.hpp"

#include <catch2/catch.hpp>

#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {

constexpr std::uint64_t no_limit = UINT64_MAX;
constexpr unsigned char header_crc_flag = 2;

std::string text_of(std::size_t octets) {
  std::string text;
  for (unsigned number = 0; text.size() < octets; ++number) text += std::to_string(number * 2654435761U) + " ";
  text.resize(octets);
  return text;
}

// Raw deflate data: a gzip member without its header and trailer.
std::string deflated(const std::string& gzip) { return gzip.substr(10, gzip.size() - 18); }

std::uint32_t crc_of(const std::string& gzip) {
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < 4; ++i)
    crc |= std::uint32_t{static_cast<unsigned char>(gzip[gzip.size() - 8 + i])} << (8 * i);
  return crc;
}

// What is told of a package, by the short way where that is open, and by the long way alone.
struct BothWays {
  Unpacked any, long_way;
  explicit BothWays(const std::string& packed) : any(unpack_text(packed)), long_way(unpack_text(packed, closed())) {}
  [[nodiscard]] bool agree() const {
    return any.texts() == long_way.texts() && any.errors() == long_way.errors() && any.defects() == long_way.defects();
  }

 private:
  static UnpackLimits closed() {
    UnpackLimits limits;
    limits.ratio_from = 0;
    return limits;
  }
};

}  // namespace

TEST_CASE("a gzip member is inflated whole up to the limits, with its checksum") {
  const WholeInflater inflater;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{50'000}, WholeInflater::max_octets}) {
    CAPTURE(size);
    const auto text = text_of(size);
    const auto packed = gzip_of(text, "name.xml");
    const auto unpacked = inflater.gzip_member(packed, no_limit);
    REQUIRE(unpacked);
    CHECK(unpacked->view() == text);
    CHECK(unpacked->packed_size == packed.size());
    CHECK(inflater.gzip_member(packed, size));
    if (size > 0) CHECK_FALSE(inflater.gzip_member(packed, size - 1));
  }
  CHECK_FALSE(inflater.gzip_member(gzip_of(text_of(WholeInflater::max_octets + 1)), no_limit));
}

TEST_CASE("a gzip member that is not in order is left to the long way") {
  const WholeInflater inflater;
  const auto good = gzip_of(text_of(1000));
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(inflater.gzip_member(good.substr(0, size), no_limit));
  for (std::size_t at = good.size() - 8; at < good.size(); ++at) {
    auto odd = good;
    odd[at] = static_cast<char>(odd[at] ^ 1);
    CHECK_FALSE(inflater.gzip_member(odd, no_limit));
  }
  auto header_crc = good;
  header_crc[3] = static_cast<char>(header_crc_flag);
  header_crc.insert(10, "\x12\x34", 2);
  CHECK_FALSE(inflater.gzip_member(header_crc, no_limit));
}

TEST_CASE("deflate data is inflated whole when size and CRC-32 are as claimed") {
  const WholeInflater inflater;
  const auto text = text_of(3000);
  const auto gzip = gzip_of(text);
  const auto unpacked = inflater.deflated(deflated(gzip), 3000, crc_of(gzip));
  REQUIRE(unpacked);
  CHECK(unpacked->view() == text);
  CHECK_FALSE(inflater.deflated(deflated(gzip), 2999, crc_of(gzip)));
  CHECK_FALSE(inflater.deflated(deflated(gzip), 3001, crc_of(gzip)));
  CHECK_FALSE(inflater.deflated(deflated(gzip), 3000, crc_of(gzip) ^ 1U));
  CHECK_FALSE(inflater.deflated(deflated(gzip) + "more", 3000, crc_of(gzip)));
  CHECK_FALSE(inflater.deflated(deflated(gzip).substr(0, 500), 3000, crc_of(gzip)));
}

TEST_CASE("whatever an octet of an archive becomes, both ways tell the same") {
  const std::string packages[] = {gzip_of(report, "r.xml"), zip_of({{"r.xml", report}, {"s.xml", report}})};
  for (const auto& good : packages) {
    REQUIRE(unpack_text(good).errors().empty());
    for (std::size_t at = 0; at < good.size(); ++at)
      for (const int change : {1, 2, 0x80, 0xff}) {
        auto odd = good;
        odd[at] = static_cast<char>(odd[at] ^ change);
        CAPTURE(at, change);
        CHECK(BothWays(odd).agree());
      }
    for (std::size_t size = 0; size < good.size(); ++size) {
      CAPTURE(size);
      CHECK(BothWays(good.substr(0, size)).agree());
    }
  }
}
