#include "assess/records/network.hpp"

#include <catch2/catch.hpp>

namespace ruaudit::assess::records {
namespace {

std::vector<std::string> texts(const std::vector<Network>& networks) {
  std::vector<std::string> out;
  for (const auto& network : networks) out.push_back(network.to_string());
  return out;
}

std::vector<Network> parsed(std::initializer_list<const char*> list) {
  std::vector<Network> out;
  for (const auto* const text : list) out.push_back(parse_network(text).value());
  return out;
}

}  // namespace

TEST_CASE("two halves are collapsed to the whole, and what lies inside is left out") {
  CHECK(texts(collapsed(parsed({"192.0.2.128/25", "192.0.2.0/25", "192.0.2.7"}))) ==
        std::vector<std::string>{"192.0.2.0/24"});
  CHECK(texts(collapsed(parsed({"192.0.2.1", "192.0.2.2"}))) ==
        std::vector<std::string>{"192.0.2.1/32", "192.0.2.2/32"});
  CHECK(texts(collapsed(parsed({"2001:db8::1", "192.0.2.1", "2001:db8::"}))) ==
        std::vector<std::string>{"192.0.2.1/32", "2001:db8::/127"});
}

TEST_CASE("a range of addresses becomes the networks that hold exactly it") {
  CHECK(texts(range(0xC000020A, 0xC0000214)) ==
        std::vector<std::string>{"192.0.2.10/31", "192.0.2.12/30", "192.0.2.16/30", "192.0.2.20/32"});
  CHECK(texts(range(0, 0xFFFFFFFF)) == std::vector<std::string>{"0.0.0.0/0"});
}

TEST_CASE("documentation networks are not private, those behind a router are") {
  CHECK_FALSE(is_private(parse_network("192.0.2.1").value()));
  CHECK_FALSE(is_private(parse_network("2001:db8::1").value()));
  CHECK(is_private(parse_network("192.168.1.20").value()));
  CHECK(is_private(parse_network("fe80::1").value()));
  CHECK_FALSE(is_private(parse_network("0.0.0.0/0").value()));
}

}  // namespace ruaudit::assess::records
