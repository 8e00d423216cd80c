// Every limit at its edge and one past it.
#include <catch2/catch.hpp>

#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {
using Texts = std::vector<std::string>;
Texts errors_of(const std::string& octets, const UnpackLimits& limits) { return unpack_text(octets, limits).errors(); }
}  // namespace

TEST_CASE("message_bytes limits one mail") {
  const auto mail = mail_of({attachment(gzip_of(report))});
  UnpackLimits limits;
  limits.message_bytes = mail.size();
  CHECK(errors_of(mail, limits).empty());
  limits.message_bytes -= 1;
  CHECK(errors_of(mail, limits) == Texts{"message-too-large"});
}

TEST_CASE("payload_bytes limits one leaf, what fits is delivered before the error") {
  UnpackLimits limits;
  limits.payload_bytes = report.size();
  for (const auto& octets : {report, gzip_of(report), zip_of({{"r", report}})}) {
    limits.payload_bytes = report.size();
    CHECK(errors_of(octets, limits).empty());
    limits.payload_bytes -= 1;
    CHECK(errors_of(octets, limits) == Texts{"payload-too-large"});
  }
}

TEST_CASE("item_bytes limits all that is unpacked from one item, and ends the walk") {
  const auto zip = zip_of({{"a", report}, {"b", report}, {"c", report}});
  UnpackLimits limits;
  limits.item_bytes = 3 * report.size();
  CHECK(unpack_text(zip, limits).texts().size() == 3);
  limits.item_bytes -= 1;
  const auto over = unpack_text(zip, limits);
  REQUIRE(over.result.error);
  CHECK(over.result.error->code == "item-too-large");
  CHECK(over.texts().size() >= 2);
}

TEST_CASE("nesting limits packaging in packaging") {
  UnpackLimits limits;
  auto octets = report;
  for (std::uint64_t i = 0; i < limits.nesting; ++i) octets = gzip_of(octets);
  CHECK(errors_of(octets, limits).empty());
  CHECK(errors_of(gzip_of(octets), limits) == Texts{"nesting-too-deep"});
}

TEST_CASE("gzip_members limits the members of one file") {
  std::string octets;
  for (int i = 0; i < 1000; ++i) octets += gzip_of("");
  const auto last = gzip_of(report);
  CHECK(unpack_text(octets.substr(gzip_of("").size()) + last).texts() == Texts{report});
  CHECK(errors_of(octets + last, {}) == Texts{"too-many-members"});
}

TEST_CASE("the ratio counts beyond ratio_from") {
  UnpackLimits limits;
  limits.ratio = 100;
  const std::string flat = "<feedback>" + std::string(900'000, ' ') + "</feedback>";
  CHECK(errors_of(gzip_of(flat), limits).empty());
  CHECK(errors_of(zip_of({{"r", flat}}), limits).empty());
  limits.ratio_from = 100'000;
  CHECK(errors_of(gzip_of(flat), limits) == Texts{"ratio-exceeded"});
  CHECK(errors_of(zip_of({{"r", flat}}), limits) == Texts{"ratio-exceeded"});
}

TEST_CASE("a bomb of a gigabyte ends soon") {
  const std::string zeros = "<feedback>" + std::string(std::size_t{64} << 20U, '\0');
  const auto unpacked = unpack_text(gzip_of(zeros));
  CHECK(unpacked.errors() == Texts{"ratio-exceeded"});
  CHECK(unpacked.delivered[0].text.size() < std::size_t{20} << 20U);
  CHECK(unpack_text(gzip_of(gzip_of(zeros))).errors() == Texts{"ratio-exceeded"});
  CHECK(unpack_text(zip_of({{"a", zeros}, {"b", zeros}})).errors() == Texts{"ratio-exceeded", "ratio-exceeded"});
}

TEST_CASE("payloads limits the leaves of one item") {
  UnpackLimits limits;
  limits.payloads = 2;
  CHECK_FALSE(unpack_text(zip_of({{"a", report}, {"b", report}}), limits).result.error);
  const auto over = unpack_text(zip_of({{"a", report}, {"b", report}, {"c", report}}), limits);
  REQUIRE(over.result.error);
  CHECK(over.result.error->code == "too-many-payloads");
  CHECK(over.result.payloads.size() <= 3);
}

TEST_CASE("heap_bytes moves containers into a spool file without changing the result") {
  std::string big = "<feedback>";
  for (unsigned i = 0; i < 60'000; ++i) big += "<record>" + std::to_string(i * 2654435761U) + "</record>";
  big += "</feedback>";
  const auto mail = mail_of({attachment(gzip_of(big)), attachment(zip_of({{"r.xml", big}})), attachment(big),
                             part_of("Content-Transfer-Encoding: quoted-printable", "<feedback>=3D</feedback>")});
  UnpackLimits limits;
  limits.heap_bytes = 1000;
  const auto spooled = unpack_text(mail, limits);
  CHECK(spooled.texts() == unpack_text(mail).texts());
  CHECK(spooled.texts() == Texts{big, big, big, "<feedback>=</feedback>"});
  limits.spool_folder = "/nonexistent";
  CHECK(errors_of(mail, limits) == Texts{"spool", "spool"});
}
