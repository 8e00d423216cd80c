#include "verify/dkim/body_hash.hpp"

#include <catch2/catch.hpp>

#include "signer.hpp"
#include "verify/dkim/encoding.hpp"

using namespace ruaudit::verify::dkim;
using C = Canonicalization;
using H = HashAlgorithm;

namespace {

std::string hash_of(std::string_view body, C canonicalization, H hash, std::optional<std::uint64_t> length = {}) {
  const BodyHashRequest request{canonicalization, hash, length};
  return encode_base64(compute_body_hashes(body, std::span(&request, 1)).front().hash);
}

}  // namespace

// RFC 6376 sections 3.4.3 and 3.4.4
TEST_CASE("an empty body has the hashes that RFC 6376 names") {
  CHECK(hash_of("", C::simple, H::sha256) == "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
  CHECK(hash_of("", C::simple, H::sha1) == "uoq1oCgLlTqpdDX/iUbLy7J1Wic=");
  CHECK(hash_of("", C::relaxed, H::sha256) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  CHECK(hash_of("", C::relaxed, H::sha1) == "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
}

// RFC 6376 sections 3.5 and 3.7
TEST_CASE("several requests are answered in their order, each with its own length") {
  const std::string body = "a  b\r\n\r\n";
  const std::vector<BodyHashRequest> requests = {{C::relaxed, H::sha256, {}}, {C::simple, H::sha1, {}},
                                                 {C::relaxed, H::sha256, 2},  {C::relaxed, H::sha256, {}},
                                                 {C::relaxed, H::sha256, 0},  {C::simple, H::sha256, 99}};
  const auto hashes = compute_body_hashes(body, requests);
  REQUIRE(hashes.size() == 6);
  CHECK(hashes[0].hash == ruaudit::test::hash_of("a b\r\n"));
  CHECK(hashes[0].canonical_length == 5);
  CHECK(hashes[1].hash == ruaudit::test::hash_of("a  b\r\n", true));
  CHECK(hashes[1].canonical_length == 6);
  CHECK(hashes[2].hash == ruaudit::test::hash_of("a "));
  CHECK(hashes[2].canonical_length == 5);
  CHECK(hashes[3].hash == hashes[0].hash);
  CHECK(hashes[4].hash == ruaudit::test::hash_of(""));
  CHECK(hashes[5].hash == ruaudit::test::hash_of("a  b\r\n"));
  CHECK(compute_body_hashes(body, {}).empty());
}

TEST_CASE("text added below a signed body is found at a line's end") {
  const std::string signed_part = "one\r\n\r\n two\r\n";
  for (const C c : {C::simple, C::relaxed}) {
    const BodyHashRequest request{c, H::sha256, {}};
    const std::string wanted = compute_body_hashes(signed_part, std::span(&request, 1)).front().hash;
    const auto added = find_added_text(signed_part + "\r\n--\r\nlist footer\r\n", request, wanted, 100);
    REQUIRE(added.has_value());
    CHECK(added->octets == 19);
    CHECK(added->line == 4);
    CHECK_FALSE(find_added_text("one\r\n\r\n twO\r\nmore\r\n", request, wanted, 100).has_value());
    CHECK_FALSE(find_added_text(signed_part + "x\r\n", request, wanted, 2).has_value());  // beyond the lines searched
  }
}

TEST_CASE("a body that was empty when signed is recognised") {
  const BodyHashRequest request{C::relaxed, H::sha256, {}};
  const auto added = find_added_text("footer\r\n", request, ruaudit::test::hash_of(""), 100);
  REQUIRE(added.has_value());
  CHECK(added->octets == 8);
  CHECK(added->line == 1);
}
