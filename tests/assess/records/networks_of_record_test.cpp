// Networks of an SPF record that are too wide, or authorised twice.
#include <catch2/catch.hpp>

#include "zone_fixture.hpp"

namespace ruaudit::test {
namespace {

bool is_told(const std::string& spf, std::string_view code) { return find(check({.spf = spf}), code) != nullptr; }

}  // namespace

TEST_CASE("a network wider than a large organization's is told with its size, and may be the owner's all the same") {
  const auto report = check({.spf = "v=spf1 mx ip4:198.48.0.0/15 -all"});
  const auto* finding = find(report, "spf-network-wide");
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == records::Severity::info);
  CHECK(finding->place.text == "ip4:198.48.0.0/15");
  CHECK(finding->place.pos == 11);
  CHECK(finding->detail ==
        "198.48.0.0/15 is 131072 addresses: right if all of them are yours; from /16 on nothing is said");
  CHECK_FALSE(finding->fix.has_value());
  CHECK_FALSE(is_told("v=spf1 mx ip4:198.51.0.0/16 -all", "spf-network-wide"));
  CHECK(is_told("v=spf1 mx ip6:2001:db8::/31 -all", "spf-network-wide"));
  CHECK_FALSE(is_told("v=spf1 mx ip6:2001:db8::/32 -all", "spf-network-wide"));
}

TEST_CASE("a network wider than any organization has is a warning, in either family") {
  const auto severity = [](const std::string& term) {
    return find(check({.spf = "v=spf1 mx " + term + " -all"}), "spf-network-wide")->severity;
  };
  CHECK(severity("ip4:198.0.0.0/8") == records::Severity::info);
  CHECK(severity("ip4:198.0.0.0/7") == records::Severity::warning);
  CHECK(severity("ip6:2001::/16") == records::Severity::info);
  CHECK(severity("ip6:2001::/15") == records::Severity::warning);
  CHECK(severity("a:mail.example.org/8") == records::Severity::info);
  CHECK(severity("a:mail.example.org/7") == records::Severity::warning);
}

TEST_CASE("around a host a network is too wide from a hoster's neighbours on, in either family") {
  CHECK_FALSE(is_told("v=spf1 mx/24 -all", "spf-network-wide"));
  CHECK(is_told("v=spf1 mx/23 -all", "spf-network-wide"));
  CHECK(is_told("v=spf1 a/16 mx -all", "spf-network-wide"));
  const auto six = [](const std::string& term) {
    return check({.spf = "v=spf1 mx a:six.example.org" + term + " -all",
                  .more = {{"six.example.org", R"({"AAAA": "2001:db8::6"})"}}});
  };
  CHECK(find(six("//63"), "spf-network-wide") != nullptr);
  CHECK(find(six("//64"), "spf-network-wide") == nullptr);
  CHECK(find(six("/8//64"), "spf-network-wide") == nullptr);  // it has no address of that family
}

TEST_CASE("networks that do not pass, are never reached, or are everybody are not told as too wide") {
  CHECK_FALSE(is_told("v=spf1 mx -ip4:198.0.0.0/8 ~all", "spf-network-wide"));
  CHECK_FALSE(is_told("v=spf1 mx -all ip4:198.0.0.0/8", "spf-network-wide"));
  CHECK_FALSE(is_told("v=spf1 mx ip4:0.0.0.0/0 -all", "spf-network-wide"));
  CHECK(is_told("v=spf1 mx ip4:0.0.0.0/0 -all", "spf-pass-all"));
}

TEST_CASE("another fault beside a wide network keeps its fix, which keeps the network") {
  const auto report = check({.spf = "v=spf1 mx ip4:198.48.0.0/15 ptr -all"});
  const auto* finding = find(report, "spf-ptr");
  REQUIRE(finding != nullptr);
  REQUIRE(finding->fix.has_value());
  CHECK(finding->fix->text == "v=spf1 mx ip4:198.48.0.0/15 -all");
}

TEST_CASE("addresses that pass by another term are told once, as information") {
  const auto report =
      check({.spf = "v=spf1 mx a:mail.example.org include:_spf.provider.example ip4:198.51.100.7 -all"});
  std::vector<std::string> told;
  for (const auto& finding : report.findings)
    if (finding.code == "spf-overlap") {
      told.push_back(*finding.place.text + ": " + finding.detail);
      CHECK(finding.severity == records::Severity::info);
    }
  CHECK(told == std::vector<std::string>{
                    "a:mail.example.org: its addresses are those of mx today",
                    "ip4:198.51.100.7: its addresses are among those of include:_spf.provider.example today"});
  CHECK_FALSE(is_told("v=spf1 mx ip4:198.51.100.7 -include:_spf.provider.example -all", "spf-overlap"));
}

}  // namespace ruaudit::test
