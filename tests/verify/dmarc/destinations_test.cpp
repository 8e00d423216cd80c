#include "verify/dmarc/destinations.hpp"

#include <catch2/catch.hpp>

#include "verify/dns/zone.hpp"

using namespace ruaudit::verify;
using namespace ruaudit::verify::dmarc;

namespace {

const std::string zone_text = R"({
  "_dmarc.example.com": [{"TXT": "v=DMARC1; p=none"}],
  "_dmarc.red.net": [{"TXT": "v=DMARC1; p=none"}],
  "example.com._report._dmarc.red.net": [{"TXT": "v=DMARC1"}],
  "example.com._report._dmarc.moved.net": [{"TXT": "other"}, {"TXT": "v=DMARC1; rua=mailto:new@moved.net"}],
  "example.com._report._dmarc.away.net": [{"TXT": "v=DMARC1; rua=mailto:x@victim.net"}],
  "example.com._report._dmarc.odd.net": [{"TXT": "v=DMARC2"}],
  "example.com._report._dmarc.slow.net": ["TIMEOUT"],
  "*._report._dmarc.any.net": [{"TXT": "v=DMARC1;"}]
})";

Destination check(const std::string& uri, Rules rules = Rules::rfc9989, std::string domain = "example.com") {
  dns::ZoneResolver resolver(*dns::Zone::parse(zone_text), [] { return std::int64_t{0}; });
  const auto list = suffix::PublicSuffixList::parse("com\nnet\n");
  const auto record = parse_record("v=DMARC1; p=none; rua=" + uri, Rules::rfc9989);
  const auto found = check_destinations({.policy_domain = *ruaudit::model::Domain::parse(domain),
                                         .kind = ReportKind::rua,
                                         .uris = record.rua,
                                         .rules = rules,
                                         .list = &*list},
                                        resolver);
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

// RFC 9990 section 4; RFC 7489 section 7.1
TEST_CASE("an address of another organization needs that organization's consent") {
  const struct {
    std::string uri;
    DestinationStatus want;
  } cases[] = {
      {"mailto:a@example.com", DestinationStatus::internal},
      {"mailto:a@reports.example.com", DestinationStatus::internal},
      {"mailto:a@EXAMPLE.com", DestinationStatus::internal},
      {"mailto:a@red.net", DestinationStatus::authorized},
      {"mailto:a@moved.net", DestinationStatus::authorized},
      {"mailto:a@any.net", DestinationStatus::authorized},
      {"mailto:a@away.net", DestinationStatus::refused},
      {"mailto:a@odd.net", DestinationStatus::unauthorized},
      {"mailto:a@silent.net", DestinationStatus::unauthorized},
      {"mailto:a@slow.net", DestinationStatus::temperror},
      {"https://red.net/reports", DestinationStatus::authorized},
      {"urn:reports", DestinationStatus::invalid},
  };
  for (const auto rules : {Rules::rfc9989, Rules::rfc7489})
    for (const auto& c : cases) {
      CAPTURE(c.uri);
      CHECK(ruaudit::model::to_text(check(c.uri, rules).status) == ruaudit::model::to_text(c.want));
    }
  CHECK(check("mailto:a@red.net").queried == "example.com._report._dmarc.red.net");
  CHECK(check("mailto:a@moved.net").overrides == std::vector<std::string>{"mailto:new@moved.net"});
}

TEST_CASE("a policy domain too long for the question is not authorized") {
  const std::string label(60, 'a');
  const auto domain = label + "." + label + "." + label + "." + std::string(50, 'b') + ".com";
  CHECK(check("mailto:a@any.net", Rules::rfc7489, domain).status == DestinationStatus::unauthorized);
}

TEST_CASE("a hostile list of destinations is cut") {
  dns::ZoneResolver resolver(*dns::Zone::parse(zone_text), [] { return std::int64_t{0}; });
  const std::vector<ReportUri> uris(50, ReportUri{.uri = "mailto:a@red.net", .host = "red.net", .is_mailto = true});
  CHECK(check_destinations({.policy_domain = *ruaudit::model::Domain::parse("example.com"), .uris = uris}, resolver)
            .size() == max_destinations);
}
