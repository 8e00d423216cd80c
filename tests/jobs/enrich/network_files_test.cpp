// Country and AS out of MMDB files, in the schemas that vendors use.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "jobs/enrich/network_files.hpp"
#include "mmdb_writer.hpp"

namespace ruaudit::jobs::test {
namespace {

using Text = std::string;

struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "ruaudit-mmdb-XXXXXX").string();
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

const auto inside = model::IpAddress::v4(0xC0000219), outside = model::IpAddress::v4(0xC6336401);

}  // namespace

TEST_CASE("network files: each vendor's schema gives country, AS and name") {
  const Folder folder;
  const struct {
    const char* vendor;
    MmdbMap data;
    NetworkFacts want;
  } cases[] = {{"MaxMind country", {{"country", {MmdbMap{{"iso_code", {Text("DE")}}}}}}, {"DE", std::nullopt, ""}},
               {"MaxMind country by registration",
                {{"registered_country", {MmdbMap{{"iso_code", {Text("FR")}}}}}},
                {"FR", std::nullopt, ""}},
               {"MaxMind and DB-IP ASN",
                {{"autonomous_system_number", {std::uint32_t{64496}}},
                 {"autonomous_system_organization", {Text("Example Net")}}},
                {"", 64496, "Example Net"}},
               {"IPinfo, flat",
                {{"country", {Text("PL")}}, {"asn", {Text("AS64497")}}, {"name", {Text("Net")}}},
                {"PL", 64497, "Net"}},
               {"IPinfo Lite",
                {{"country", {Text("Poland")}},
                 {"country_code", {Text("PL")}},
                 {"asn", {Text("AS64497")}},
                 {"as_name", {Text("Net")}}},
                {"PL", 64497, "Net"}},
               {"ip-location-db country", {{"country_code", {Text("se")}}}, {"SE", std::nullopt, ""}},
               {"a name is no country code", {{"country", {Text("Poland")}}}, {"", std::nullopt, ""}},
               {"a word is no AS number", {{"asn", {Text("ASx")}}}, {"", std::nullopt, ""}}};
  for (const auto& c : cases) {
    CAPTURE(c.vendor);
    const auto path = folder.path + "/a.mmdb";
    write_mmdb(path, 0xC0000200, 24, c.data);
    const auto files = NetworkFiles::open({path});
    if (!files) FAIL(files.error().message);
    const auto got = files->find(inside);
    CHECK(got.country == c.want.country);
    CHECK(got.asn == c.want.asn);
    CHECK(got.network == c.want.network);
    CHECK(files->find(outside) == NetworkFacts{});
    CHECK(files->find(*model::IpAddress::parse("2001:db8::1")) == NetworkFacts{});
  }
}

TEST_CASE("network files: facts of several files are joined, the first that knows one wins") {
  const Folder folder;
  const auto one = folder.path + "/country.mmdb", two = folder.path + "/asn.mmdb";
  write_mmdb(one, 0xC0000200, 24, {{"country_code", {Text("DE")}}});
  write_mmdb(two, 0xC0000200, 24, {{"country_code", {Text("FR")}}, {"asn", {Text("64496")}}});
  const auto files = NetworkFiles::open({one, two});
  REQUIRE(files);
  CHECK(files->find(inside) == NetworkFacts{"DE", 64496, ""});
  CHECK(files->build().find("country.mmdb Test 1700000000;asn.mmdb") == 0);
}

TEST_CASE("network files: one that is missing or is no MMDB is refused by name") {
  const Folder folder;
  std::ofstream(folder.path + "/text.mmdb") << "no database";
  for (const auto* name : {"/none.mmdb", "/text.mmdb"}) {
    const auto files = NetworkFiles::open({folder.path + name});
    REQUIRE_FALSE(files);
    CHECK(files.error().code == "network-file");
    CHECK(files.error().message.find(name) != std::string::npos);
  }
}

}  // namespace ruaudit::jobs::test
