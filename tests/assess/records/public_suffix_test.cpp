// psd= in the domain's own record and in those above it (RFC 9989 sections 4.7, 4.10.2 and 11.8).
#include <catch2/catch.hpp>

#include "zone_fixture.hpp"

namespace ruaudit::test {
namespace {

constexpr const char* own = "v=DMARC1; p=reject; rua=mailto:dmarc@example.org";

std::string txt_of(const std::string& text) { return R"({"TXT": ")" + text + R"("})"; }

}  // namespace

TEST_CASE(
    "a registry's record without psd=y takes the domain's place: psd=n in its own record is offered, and cures it") {
  Domain domain{.more = {{"_dmarc.org", txt_of("v=DMARC1; p=none; rua=mailto:x@nic.org")}}};
  const auto report = check(domain);
  CHECK(faults(report) == std::vector<std::string>{"dmarc-psd-above"});
  const auto* finding = find(report, "dmarc-psd-above");
  REQUIRE(finding != nullptr);
  CHECK(finding->place.name == "_dmarc.org");
  CHECK(finding->section == "RFC 9989 section 11.8");
  REQUIRE(finding->fix.has_value());
  CHECK(finding->fix->at == "_dmarc.example.org");
  CHECK(finding->fix->text == std::string(own) + "; psd=n");
  domain.dmarc = finding->fix->text;
  CHECK(faults(check(domain)).empty());
}

TEST_CASE("a registry's record with psd=y is right") {
  CHECK(faults(check({.more = {{"_dmarc.org", txt_of("v=DMARC1; p=none; psd=y")}}})).empty());
}

TEST_CASE("other faults of the own record are offered with psd=n, too") {
  const auto report = check(
      {.dmarc = "v=DMARC1; p=reject; rua=dmarc@example.org", .more = {{"_dmarc.org", txt_of("v=DMARC1; p=none")}}});
  for (const auto* code : {"dmarc-uri-no-scheme", "dmarc-psd-above"}) {
    CAPTURE(code);
    const auto* finding = find(report, code);
    REQUIRE(finding != nullptr);
    REQUIRE(finding->fix.has_value());
    CHECK(finding->fix->text == std::string(own) + "; psd=n");
  }
}

TEST_CASE(
    "a domain without record below a registry with one is offered its own, no weaker, and the registry's is no matter "
    "of its owner") {
  const auto report =
      check({.dmarc = "", .more = {{"_dmarc.org", txt_of("v=DMARC1; p=reject; rua=x@nic.org; psd=y")}}});
  CHECK(faults(report).empty());  // the registry's bad address is not told
  const auto* finding = find(report, "dmarc-inherited");
  REQUIRE(finding != nullptr);
  REQUIRE(finding->fix.has_value());
  CHECK(finding->fix->text == own);
  CHECK(finding->fix->at == "_dmarc.example.org");
}

TEST_CASE("psd=y at a domain that is no registry is told, and the record is offered without it") {
  const auto report = check({.dmarc = "v=DMARC1; p=reject; psd=y; rua=mailto:dmarc@example.org"});
  CHECK(faults(report) == std::vector<std::string>{"dmarc-psd"});
  const auto* finding = find(report, "dmarc-psd");
  CHECK(finding->place.text == "psd=y");
  CHECK(finding->place.pos == 21);
  REQUIRE(finding->fix.has_value());
  CHECK(finding->fix->text == own);
}

TEST_CASE("psd=y at a public suffix is right; psd=n and psd=u are, anywhere") {
  for (const char* psd : {"n", "u"})
    CHECK(
        faults(check({.dmarc = "v=DMARC1; p=reject; rua=mailto:dmarc@example.org; psd=" + std::string(psd)})).empty());
  CHECK(faults(check({.dmarc = std::string(own) + "; psd=y",
                      .public_suffixes = std::vector<std::string>{"example.org", "org"}}))
            .empty());
}

TEST_CASE("without a list of public suffixes psd=y is not blamed: the name may be one") {
  CHECK(faults(check({.dmarc = std::string(own) + "; psd=y", .public_suffixes = std::nullopt})).empty());
}

TEST_CASE("psd=n cuts off from the domain above, whatever its registry publishes") {
  const std::string zone = R"({"news.example.co.uk": [{"A": "192.0.2.1"}],
    "_dmarc.news.example.co.uk": [)" +
                           txt_of("v=DMARC1; p=reject; psd=n") + R"(], "_dmarc.example.co.uk": [)" +
                           txt_of("v=DMARC1; p=reject") + R"(], "_dmarc.co.uk": [)" + txt_of("v=DMARC1; p=none") + "]}";
  verify::dns::ZoneResolver resolver(*verify::dns::Zone::parse(zone), [] { return std::int64_t{0}; });
  assess::records::Inquiry inquiry{.domain = *model::Domain::parse("news.example.co.uk")};
  inquiry.public_suffixes = std::vector<std::string>{"co.uk", "uk"};
  const auto report = jobs::check_domain(inquiry, resolver);
  REQUIRE(report.has_value());
  const auto* finding = find(*report, "dmarc-psd-cut");
  REQUIRE(finding != nullptr);
  CHECK(finding->detail == "DKIM and SPF of example.co.uk are not aligned with news.example.co.uk");
}

}  // namespace ruaudit::test
