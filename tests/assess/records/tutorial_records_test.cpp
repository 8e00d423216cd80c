// Records as hosting tutorials, panels and forum threads make owners publish them: the mistake is named, and the record
// that is offered instead says what was meant and checks clean.
#include <algorithm>
#include <catch2/catch.hpp>

#include "zone_fixture.hpp"

namespace ruaudit::test {
namespace {

struct Row {
  std::string Domain::*record;
  const char* text;  // "|": here one string of the TXT record ends
  const char* code;
  const char* fix;  // nullptr: only the owner can know it
};

constexpr auto spf = &Domain::spf;
constexpr auto dmarc = &Domain::dmarc;
constexpr auto dkim = &Domain::dkim;
constexpr auto sts = &Domain::sts;
constexpr auto tlsrpt = &Domain::tlsrpt;
constexpr auto bimi = &Domain::bimi;

constexpr const char* good_dmarc = "v=DMARC1; p=reject; rua=mailto:dmarc@example.org";
constexpr const char* good_sts = "v=STSv1; id=20260901;";
constexpr const char* good_tlsrpt = "v=TLSRPTv1; rua=mailto:tls@example.org";
constexpr const char* good_bimi = "v=BIMI1; l=https://www.example.org/logo.svg";

const Row rows[] = {
    // an address as the mail server's panel shows it
    {spf, "v=spf1 mx 198.51.100.7 -all", "spf-unknown-mechanism", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ipv4:198.51.100.7 -all", "spf-unknown-mechanism", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip:198.51.100.7 -all", "spf-unknown-mechanism", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip4=198.51.100.7 -all", "spf-mechanism-as-modifier", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip4: 198.51.100.7 -all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip4:198.51.100.007 -all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip4:198.51.100.7:25 -all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip4:198.51.100.0/255.255.255.0 -all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.0/24 -all"},
    {spf, "v=spf1 mx ip4:198.51.100.8-198.51.100.15 -all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.8/29 -all"},
    {spf, "v=spf1 mx ip4:2001:db8::7 -all", "spf-bad-address", "v=spf1 mx ip6:2001:db8::7 -all"},
    {spf, "v=spf1 mx ip6:[2001:db8::7] -all", "spf-bad-address", "v=spf1 mx ip6:2001:db8::7 -all"},
    {spf, "v=spf1 mx a:198.51.100.7 -all", "spf-bad-domain", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip4:YOUR.SERVER.IP -all", "spf-bad-address", "v=spf1 mx -all"},
    {spf, "v=spf1 mx ip4:198.51.100.0 /24 -all", "spf-unknown-mechanism", "v=spf1 mx ip4:198.51.100.0/24 -all"},
    {spf, "v=spf1 mx ip4:198.51.100.0/ 24 -all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.0/24 -all"},
    {spf, "v=spf1 mx ip4 198.51.100.7 -all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 mx ip4:198.51.100.7,198.51.100.8 -all", "spf-bad-character",
     "v=spf1 mx ip4:198.51.100.7 ip4:198.51.100.8 -all"},
    // includes
    {spf, "v=spf1 mx include=_spf.provider.example -all", "spf-mechanism-as-modifier",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx include: _spf.provider.example -all", "spf-bad-domain",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx includes:_spf.provider.example -all", "spf-unknown-mechanism",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx inlcude:_spf.provider.example -all", "spf-unknown-mechanism",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx include:provider.example -all", "spf-target-none", "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx include:_spf.provdier.example -all", "spf-target-none",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx include:_spf.example.com include:_spf.provider.example -all", "spf-target-none",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx include:_spf.provider.example;-all", "spf-bad-character",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx, include:_spf.provider.example, -all", "spf-bad-character",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx include:open.provider.example -all", "spf-pass-all", "v=spf1 mx -all"},
    {spf, "v=spf1 mx include:_spf.provider.example|include:ptr.provider.example -all", "spf-split-join",
     "v=spf1 mx include:_spf.provider.example include:ptr.provider.example -all"},
    {spf, "v=spf1 mx include:_spf.provider.example/24 -all", "spf-bad-domain",
     "v=spf1 mx include:_spf.provider.example -all"},
    {spf, "v=spf1 mx ip4:198.51.100.7-all", "spf-bad-address", "v=spf1 mx ip4:198.51.100.7 -all"},
    {spf, "v=spf1 redirect:_spf.provider.example", "spf-unknown-mechanism", "v=spf1 redirect=_spf.provider.example"},
    {spf, "v=spf1 mx redirect=_spf.provider.example -all", "spf-redirect-ignored", "v=spf1 mx -all"},
    // the end
    {spf, "v=spf1 mx +all", "spf-pass-all", "v=spf1 mx ~all"},
    {spf, "v=spf1 mx all", "spf-pass-all", "v=spf1 mx ~all"},
    {spf, "v=spf1 mx ?all", "spf-neutral-all", "v=spf1 mx ~all"},
    {spf, "v=spf1 mx", "spf-no-all", "v=spf1 mx ~all"},
    {spf, "v=spf1 mx - all", "spf-unknown-mechanism", "v=spf1 mx -all"},
    {spf, "v=spf1 mx -all;", "spf-bad-character", "v=spf1 mx -all"},
    {spf, "v=spf1 -all mx", "spf-after-all", "v=spf1 mx -all"},
    {spf, "v=spf1 mx ~all -all", "spf-after-all", "v=spf1 mx -all"},
    {spf, "v=spf1 a mx ptr ~all", "spf-ptr", "v=spf1 a mx ~all"},
    // the version, quotation marks
    {spf, "v=spf1; mx -all", "spf-version", "v=spf1 mx -all"},
    {spf, "\"v=spf1 mx -all\"", "spf-version", "v=spf1 mx -all"},
    {spf, "v=spf mx -all", "spf-version", "v=spf1 mx -all"},
    {spf, "example.org. IN TXT \"v=spf1 mx -all\"", "spf-version", "v=spf1 mx -all"},
    {spf, "(v=spf1 mx -all)", "spf-version", "v=spf1 mx -all"},
    {spf, "spf=v=spf1 mx -all", "spf-version", "v=spf1 mx -all"},
    {spf, "", "spf-missing", "v=spf1 mx -all"},
    // DMARC: addresses
    {dmarc, "v=DMARC1; p=reject; rua=mailto: dmarc@example.org", "dmarc-uri-blank", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; rua=dmarc@example.org", "dmarc-uri-no-scheme", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; rua=mailto:<dmarc@example.org>", "dmarc-uri-syntax", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; rua=mailto:mailto:dmarc@example.org", "dmarc-uri-syntax", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; rua=mailto:dmarc@example.org;mailto:x@example.org", "dmarc-tag-syntax",
     "v=DMARC1; p=reject; rua=mailto:dmarc@example.org,mailto:x@example.org"},
    {dmarc,
     "v=DMARC1; p=reject; rua=mailto:dmarc@b\xC3\xBC"
     "ro.example.org",
     "dmarc-uri-syntax", "v=DMARC1; p=reject; rua=mailto:dmarc@xn--bro-hoa.example.org"},
    {dmarc, "_dmarc.example.org. IN TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@example.org\"", "dmarc-version",
     good_dmarc},
    {dmarc, "v=DMARC1; p=reject; psd=y; rua=mailto:dmarc@example.org", "dmarc-psd", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; rua=mailto:dmarc@provider.example", "report-not-authorised", "v=DMARC1"},
    // DMARC: tags
    {dmarc, "v=DMARC1; p=reject, rua=mailto:dmarc@example.org", "dmarc-tag-syntax", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; rua:mailto:dmarc@example.org", "dmarc-tag-syntax", good_dmarc},
    {dmarc, "v=DMARC1; p:reject; rua=mailto:dmarc@example.org", "dmarc-tag-syntax", good_dmarc},
    {dmarc, "v=DMARC1 p=reject; rua=mailto:dmarc@example.org", "dmarc-version", good_dmarc},
    {dmarc, "v=dmarc1; p=reject; rua=mailto:dmarc@example.org", "dmarc-version", good_dmarc},
    {dmarc, "p=reject; rua=mailto:dmarc@example.org", "dmarc-version", good_dmarc},
    {dmarc, "\"v=DMARC1; p=reject; rua=mailto:dmarc@example.org\"", "dmarc-version", good_dmarc},
    {dmarc, "v=DMARC1\\; p=reject\\; rua=mailto:dmarc@example.org", "dmarc-version", good_dmarc},
    {dmarc, "v=DMARC1; p=rejct; rua=mailto:dmarc@example.org", "dmarc-p-invalid", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; pct=25; rua=mailto:dmarc@example.org", "dmarc-pct",
     "v=DMARC1; p=reject; rua=mailto:dmarc@example.org; t=y"},
    {dmarc, "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.org", "dmarc-subpolicy-weaker", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; adkim=strict; rua=mailto:dmarc@example.org", "dmarc-value-invalid",
     "v=DMARC1; p=reject; adkim=s; rua=mailto:dmarc@example.org"},
    {dmarc, "v=DMARC1; p=none; p=reject; rua=mailto:dmarc@example.org", "dmarc-duplicate-tag", good_dmarc},
    {dmarc, "v=DMARC1; p=reject; rau=mailto:dmarc@example.org", "dmarc-unknown-tag", good_dmarc},
    {dmarc, "", "dmarc-missing", "v=DMARC1; p=none; rua=mailto:dmarc@example.org"},
    // DKIM: lost in a move of DNS, panels that cut and quote
    {dkim, "", "dkim-missing", nullptr},
    {dkim, "v=DKIM1; k=rsa; p=", "dkim-revoked", nullptr},
    {dkim, "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ...", "dkim-key-broken", nullptr},
    {dkim, "google-site-verification=abc", "dkim-not-a-key", nullptr},
    // MTA-STS, TLS-RPT, BIMI
    {sts, "v=STSv1 id=20260901", "sts-syntax", good_sts},
    {sts, "v=STSv1; id=2026-09-01;", "sts-id", good_sts},
    {sts, "v=stsv1; id=20260901;", "sts-syntax", good_sts},
    {tlsrpt, "v=TLSRPTv1; rua=tls@example.org", "tlsrpt-uri", good_tlsrpt},
    {tlsrpt, "v=TLSRPT1; rua=mailto:tls@example.org", "tlsrpt-syntax", good_tlsrpt},
    {bimi, "v=BIMI1 l=https://www.example.org/logo.svg", "bimi-syntax", good_bimi},
    {bimi, "v=BIMI1; l=http://www.example.org/logo.svg", "bimi-location", good_bimi},
    {bimi, "v=BIMI1; l=https://www.example.org/logo.png", "bimi-format", good_bimi},
};

// Errors and warnings about the record itself, of whichever code.
std::size_t faults_in_area(const records::CheckReport& report, std::string_view code) {
  const auto area = code.substr(0, code.find('-') + 1);
  return static_cast<std::size_t>(
      std::count_if(report.findings.begin(), report.findings.end(), [&](const auto& finding) {
        return finding.code.starts_with(area) && finding.severity != records::Severity::info;
      }));
}

}  // namespace

TEST_CASE("a complete and right domain has nothing to be said against it") {
  CHECK(faults(check({})) == std::vector<std::string>{});
}

TEST_CASE("a mistake of a tutorial is named, and the record offered instead is what was meant") {
  for (const auto& row : rows) {
    CAPTURE(row.text, row.code);
    Domain domain;
    domain.*row.record = row.text;
    const auto report = check(domain);
    const auto* const finding = find(report, row.code);
    CAPTURE(faults(report));
    REQUIRE(finding != nullptr);
    if (row.fix == nullptr) {
      CHECK_FALSE(finding->fix.has_value());
      continue;
    }
    REQUIRE(finding->fix.has_value());
    CHECK(finding->fix->text == row.fix);
    if (finding->fix->at != finding->place.name) continue;
    domain.*row.record = finding->fix->text;
    CHECK(faults_in_area(check(domain), row.code) == 0);
  }
}

TEST_CASE("the table of tutorials holds at least sixty records") { CHECK(std::size(rows) >= 60); }

}  // namespace ruaudit::test
