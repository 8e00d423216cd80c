// `check` against real name servers on loopback: knot behind unbound, with DNSSEC, truncation and silence.
#include <algorithm>
#include <catch2/catch.hpp>

#include "dns_servers.hpp"
#include "jobs/check/check_domain.hpp"

namespace ruaudit::test {
namespace {

using namespace std::chrono_literals;
namespace records = model::records;

const DnsServers& servers() {
  static const DnsServers running;
  return running;
}

std::unique_ptr<verify::dns::LiveResolver> resolver_at(const verify::dns::ServerAddress& server) {
  auto resolver = verify::dns::LiveResolver::open({.server = server, .try_timeout = 300ms, .tries = 2, .deadline = 2s},
                                                  [] { return std::int64_t{1'700'000'000}; });
  REQUIRE(resolver);
  return std::move(*resolver);
}

model::Result<records::CheckReport> check(const verify::dns::ServerAddress& server, const std::string& domain,
                                          std::optional<std::string> spf = std::nullopt) {
  assess::records::Inquiry inquiry{.domain = *model::Domain::parse(domain), .selectors = {"s1"}};
  inquiry.spf = std::move(spf);
  const auto resolver = resolver_at(server);
  return jobs::check_domain(inquiry, *resolver, {.deadline = 6s});
}

bool has(const records::CheckReport& report, std::string_view code, std::string_view name) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const auto& finding) { return finding.code == code && finding.place.name == name; });
}

}  // namespace

TEST_CASE("records behind a validating resolver are checked as those of a zone file") {
  const auto report = check(servers().validating(), "example.test");
  REQUIRE(report.has_value());
  REQUIRE(report->spf.has_value());
  CHECK(report->spf->networks == std::vector<std::string>{"192.0.2.0/24"});
  // Nobody answers for "test." here, so that the tree walk (RFC 9989 section 4.10) ends in the unknown.
  CHECK(has(*report, "dns-error", "_dmarc.test"));
  CHECK_FALSE(has(*report, "dmarc-missing", "_dmarc.example.test"));
  CHECK(has(*report, "dkim-missing", "s1._domainkey.example.test"));
}

TEST_CASE("a signed zone is checked; one whose DNSSEC is broken is unknown, not absent") {
  const auto good = check(servers().validating(), "signed.test");
  REQUIRE(good.has_value());
  CHECK(good->is_parked);
  CHECK_FALSE(has(*good, "dns-error", "signed.test"));
  const auto bogus = check(servers().validating(), "bogus.test");
  REQUIRE(bogus.has_value());
  CHECK(has(*bogus, "dns-error", "bogus.test"));
  CHECK(has(*bogus, "dns-error", "_dmarc.bogus.test"));
  CHECK_FALSE(has(*bogus, "spf-missing", "bogus.test"));
  CHECK_FALSE(has(*bogus, "dmarc-missing", "_dmarc.bogus.test"));
}

TEST_CASE("TLSA records count where the resolver vouches for them; one that vouches for nothing leaves it open") {
  const auto of_host = [](const records::CheckReport& report) {
    std::vector<std::string> said;
    for (const auto& finding : report.findings)
      if (finding.code.starts_with("dane-") && finding.place.name == "_25._tcp.mx.signed.test")
        said.push_back(std::string(finding.code) + " " + std::string(model::to_text(finding.severity)));
    return said;
  };
  const auto validated = check(servers().validating(), "signed.test");
  REQUIRE(validated.has_value());
  CHECK(of_host(*validated).empty());
  const auto bare = check(servers().authoritative(), "signed.test");
  REQUIRE(bare.has_value());
  CHECK(of_host(*bare) == std::vector<std::string>{"dane-unsigned info"});
}

TEST_CASE("an answer that was truncated comes over TCP and is judged whole") {
  const auto report = check(servers().authoritative(), "example.test", "v=spf1 include:big.example.test -all");
  REQUIRE(report.has_value());
  CHECK(has(*report, "spf-target-none", "example.test"));  // big.example.test has 1750 octets that are no SPF record
  CHECK_FALSE(has(*report, "dns-error", "big.example.test"));
}

TEST_CASE("a name that nobody answers for is unknown; the rest of the check is there") {
  const auto report = check(servers().validating(), "example.test", "v=spf1 include:drop.test -all");
  REQUIRE(report.has_value());
  CHECK(has(*report, "dns-error", "drop.test"));
  CHECK_FALSE(has(*report, "spf-target-none", "example.test"));
  CHECK(has(*report, "dkim-missing", "s1._domainkey.example.test"));
}

TEST_CASE("without any name server the check says so within its deadline") {
  const verify::dns::ServerAddress nobody{.address = *model::IpAddress::parse("127.0.0.1"), .port = free_port()};
  const auto before = std::chrono::steady_clock::now();
  const auto report = check(nobody, "example.test");
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == "dns-silent");
  CHECK(std::chrono::steady_clock::now() - before < 10s);
}

}  // namespace ruaudit::test
