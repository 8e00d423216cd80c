// TLSA records of the mail hosts, with and without DNSSEC.
#include <catch2/catch.hpp>

#include "zone_fixture.hpp"

namespace ruaudit::test {
namespace {

namespace dns = verify::dns;

const std::string digest(64, 'a');
const std::string good = "3 1 1 " + digest;

// Answers of a zone; every name that ends in one of `is_signed` is vouched for, all others are not.
class SignedZone final : public dns::Resolver {
 public:
  SignedZone(const std::string& json, std::vector<std::string> is_signed) : signed_(std::move(is_signed)) {
    auto zone = dns::Zone::parse(json);
    if (!zone) throw std::runtime_error(zone.error().message);
    zone_ = std::make_unique<dns::ZoneResolver>(std::move(*zone), [] { return std::int64_t{0}; });
  }
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    auto answers = zone_->query_all(questions);
    for (auto& answer : answers) {
      answer.dnssec = dns::Dnssec::insecure;
      for (const auto& end : signed_)
        if (answer.question.name.ends_with(end)) answer.dnssec = dns::Dnssec::secure;
    }
    return answers;
  }

 private:
  std::vector<std::string> signed_;
  std::unique_ptr<dns::ZoneResolver> zone_;
};

struct Hosts {
  std::string first = R"({"TLSA": ")" + good + R"("})";  // at _25._tcp.mx1.provider.test; empty: none
  std::string second{};                                  // the same of mx2; empty: there is no mx2
  std::string more{};
  std::vector<std::string> is_signed = {"test"};
};

records::CheckReport checked(const Hosts& hosts) {
  std::string zone = R"({"example.test": [{"MX": [10, "mx1.provider.test"]})";
  if (!hosts.second.empty()) zone += R"(, {"MX": [20, "mx2.provider.test"]})";
  zone += R"(], "mx1.provider.test": [{"A": "192.0.2.1"}], "mx2.provider.test": [{"A": "192.0.2.2"}])";
  if (!hosts.first.empty()) zone += R"(, "_25._tcp.mx1.provider.test": [)" + hosts.first + "]";
  if (!hosts.second.empty() && hosts.second != "none")
    zone += R"(, "_25._tcp.mx2.provider.test": [)" + hosts.second + "]";
  SignedZone resolver(zone + hosts.more + "}", hosts.is_signed);
  auto report = jobs::check_domain({.domain = *model::Domain::parse("example.test")}, resolver);
  if (!report) throw std::runtime_error(report.error().message);
  return *report;
}

std::vector<std::string> dane_codes(const records::CheckReport& report) {
  std::vector<std::string> codes;
  for (const auto& finding : report.findings)
    if (finding.code.starts_with("dane-"))
      codes.push_back(std::string(finding.code) + " " + std::string(model::to_text(finding.severity)));
  return codes;
}

std::string tlsa(const std::string& text) { return R"({"TLSA": ")" + text + R"("})"; }

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("a signed 3 1 1 or 2 0 1 record has nothing to be said against it") {
  CHECK(dane_codes(checked({})).empty());
  CHECK(dane_codes(checked({.first = tlsa("2 0 1 " + digest)})).empty());
  CHECK(dane_codes(checked({.first = tlsa(good) + "," + tlsa("3 1 1 " + std::string(64, 'b'))})).empty());
}

TEST_CASE("a TLSA record that no sender can read is an error where it is the only one, else a warning") {
  for (const std::string& text :
       {"4 1 1 " + digest, "3 2 1 " + digest, "3 1 3 " + digest, "3 1 1 " + digest + "aa", "3 1 1 " + digest.substr(2),
        "3 1 2 " + digest, std::string("3 0 0 3003020101ff"), std::string("3 0 0 aabbcc")}) {
    CAPTURE(text);
    const auto report = checked({.first = tlsa(text)});
    const auto* finding = find(report, "dane-malformed");
    REQUIRE(finding != nullptr);
    CHECK(finding->severity == records::Severity::error);
    CHECK(finding->section == "RFC 6698 section 2.1");
    CHECK(finding->place.name == "_25._tcp.mx1.provider.test");
    CHECK(dane_codes(checked({.first = tlsa(text) + "," + tlsa(good)})) == Codes{"dane-malformed warning"});
  }
}

TEST_CASE("usage 0 and 1 are of no use for mail; usage 1 is offered as 3, which names the same certificate") {
  const auto one = checked({.first = tlsa("1 1 1 " + digest)});
  CHECK(dane_codes(one) == Codes{"dane-usage error"});
  const auto* finding = find(one, "dane-usage");
  REQUIRE(finding->fix.has_value());
  CHECK(finding->fix->text == good);
  CHECK(finding->fix->at == "_25._tcp.mx1.provider.test");
  CHECK(finding->fix->type == records::FixType::TLSA);
  CHECK(finding->section == "RFC 7672 section 3.1.3");
  const auto zero = checked({.first = tlsa("0 0 1 " + digest)});
  CHECK(dane_codes(zero) == Codes{"dane-usage error"});
  CHECK_FALSE(find(zero, "dane-usage")->fix.has_value());
  const auto both = checked({.first = tlsa("1 1 1 " + digest) + "," + tlsa(good)});
  CHECK(dane_codes(both) == Codes{"dane-usage warning"});
  CHECK_FALSE(find(both, "dane-usage")->fix.has_value());  // the record is there
}

TEST_CASE("records that break with the next certificate, or weigh, are told as information") {
  CHECK(dane_codes(checked({.first = tlsa("3 0 1 " + digest)})) == Codes{"dane-fragile info"});
  CHECK(dane_codes(checked({.first = tlsa("2 1 0 3003020101")})) == Codes{"dane-fragile info"});
  CHECK(dane_codes(checked({.first = tlsa("3 1 2 " + digest + digest)})) == Codes{"dane-fragile info"});
}

TEST_CASE("without DNSSEC TLSA records are ignored, and that is told") {
  // The resolver validates: the top-level domain is signed, the provider is not.
  const auto report = checked({.more = R"(, "test": [{"TXT": "x"}])", .is_signed = {}});
  CHECK(dane_codes(report) == Codes{"dane-unsigned info"});
  class TopSigned final : public dns::Resolver {
   public:
    explicit TopSigned(dns::Resolver& inner) : inner_(inner) {}
    std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
      auto answers = inner_.query_all(questions);
      for (auto& answer : answers)
        if (answer.question.name == "test") answer.dnssec = dns::Dnssec::secure;
      return answers;
    }

   private:
    dns::Resolver& inner_;
  };
  SignedZone zone(R"({"example.test": [{"MX": [10, "mx1.provider.test"]}], "mx1.provider.test": [{"A": "192.0.2.1"}],
                      "_25._tcp.mx1.provider.test": [{"TLSA": ")" +
                      good + R"("}]})",
                  {});
  TopSigned top(zone);
  const auto validated = jobs::check_domain({.domain = *model::Domain::parse("example.test")}, top);
  REQUIRE(validated.has_value());
  CHECK(dane_codes(*validated) == Codes{"dane-unsigned warning"});
}

TEST_CASE("signed mail hosts behind MX records that are not signed are told as information") {
  const auto report = checked({.is_signed = {"provider.test"}});
  CHECK(dane_codes(report) == Codes{"dane-unsigned info"});
  CHECK(find(report, "dane-unsigned")->place.name == "example.test");
}

TEST_CASE("a mail host without TLSA records beside one that has them is told, and so is a set at the wrong name") {
  CHECK(dane_codes(checked({.second = "none"})) == Codes{"dane-partial warning"});
  const auto wrong = checked({.first = "", .more = R"(, "_25._tcp.example.test": [{"TLSA": ")" + good + R"("}])"});
  CHECK(dane_codes(wrong) == Codes{"dane-wrong-name warning"});
  CHECK(find(wrong, "dane-wrong-name")->detail == "they belong to _25._tcp.mx1.provider.test");
}

TEST_CASE("that TLSA records are missing is said only where the zones are signed") {
  CHECK(dane_codes(checked({.first = ""})) == Codes{"dane-missing info"});
  CHECK(dane_codes(checked({.first = "", .is_signed = {}})).empty());
  CHECK(dane_codes(checked({.first = "", .is_signed = {"provider.test"}})).empty());
}

TEST_CASE("a name server that fails on TLSA questions holds mail back where the host is signed") {
  CHECK(dane_codes(checked({.first = R"("SERVFAIL")"})) == Codes{"dane-unanswered error"});
  CHECK(dane_codes(checked({.first = R"("TIMEOUT")"})) == Codes{"dane-unanswered error"});
  CHECK(dane_codes(checked({.first = R"("SERVFAIL")", .is_signed = {}})).empty());  // nobody asks
}

TEST_CASE("a zone file does not tell of DNSSEC: its TLSA records are judged, nothing is said about signatures") {
  const auto report = check({.more = {{"_25._tcp.mail.example.org", tlsa("1 1 1 " + digest)}}});
  CHECK(dane_codes(report) == Codes{"dane-usage error"});
}

TEST_CASE("that nobody tells of failures is said where MTA-STS or TLSA records are published") {
  const auto detail = [](const Domain& domain) {
    const auto report = check(domain);
    const auto* finding = find(report, "tlsrpt-missing");
    return finding == nullptr ? std::string("(none)") : finding->detail;
  };
  CHECK(detail({.tlsrpt = ""}) == "MTA-STS is published: nobody reports senders that cannot comply with it");
  CHECK(detail({.sts = "", .tlsrpt = "", .more = {{"_25._tcp.mail.example.org", tlsa(good)}}}) ==
        "TLSA records are published: nobody reports senders that cannot comply with them");
  CHECK(detail({.sts = "", .tlsrpt = ""}).empty());
}

TEST_CASE("a logo without certificate is told as information, one with it is not") {
  const auto with = check({.bimi = "v=BIMI1; l=https://www.example.org/l.svg; a=https://www.example.org/c.pem"});
  CHECK(find(with, "bimi-no-certificate") == nullptr);
  const auto without = check({.bimi = "v=BIMI1; l=https://www.example.org/l.svg;"});
  REQUIRE(find(without, "bimi-no-certificate") != nullptr);
  CHECK(find(without, "bimi-no-certificate")->severity == records::Severity::info);
}

}  // namespace ruaudit::test
