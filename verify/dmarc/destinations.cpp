#include "verify/dmarc/destinations.hpp"

#include "model/enum_text.hpp"

namespace ruaudit::verify::dmarc {
namespace {

using model::Domain;

// Steps 6 to 9 of RFC 9990 section 4, for the answer to the name of step 3.
void judge(Destination& destination, const Domain& host, const dns::Answer& answer, ReportKind kind) {
  if (answer.is_temporary_error()) return void(destination.status = DestinationStatus::temperror);
  destination.status = DestinationStatus::unauthorized;
  for (const auto& txt : answer.txt) {
    const auto text = txt.text();
    if (!is_record(text)) continue;
    if (destination.status == DestinationStatus::unauthorized) destination.status = DestinationStatus::authorized;
    const auto record = parse_record(text, Rules::rfc9989);
    for (const auto& uri : kind == ReportKind::rua ? record.rua : record.ruf) {
      const auto other = Domain::parse(uri.host);
      if (!other || *other != host)
        destination.status = DestinationStatus::refused;
      else
        destination.overrides.push_back(uri.uri);
    }
  }
  if (destination.status == DestinationStatus::refused) destination.overrides.clear();
}

}  // namespace

std::vector<Destination> check_destinations(const DestinationQuestion& question, dns::Resolver& resolver) {
  Finder finder(resolver, question.rules, question.list);
  const bool can_compare = question.rules == Rules::rfc9989 || question.list != nullptr;
  const auto own = can_compare ? finder.organizational_domain(question.policy_domain) : std::nullopt;
  std::vector<Destination> destinations;
  for (const auto& uri : question.uris) {
    if (destinations.size() == max_destinations) break;
    auto& destination = destinations.emplace_back();
    destination.uri = uri.uri;
    // Step 1: the destination host.
    const auto host = Domain::parse(uri.host);
    if (!host) continue;
    const auto other = can_compare ? finder.organizational_domain(*host) : std::nullopt;
    const bool is_same_name = *host == question.policy_domain;
    if (is_same_name || (own && other && *own == *other)) {
      destination.status = DestinationStatus::internal;
      continue;
    }
    if (!own || !other) {
      destination.status = DestinationStatus::temperror;
      continue;
    }
    // Steps 2 to 5; a name too long for DNS is answered without a query and authorizes nothing.
    destination.queried = question.policy_domain.text() + "._report._dmarc." + host->text();
    judge(destination, *host, resolver.query(destination.queried, dns::RecordType::TXT), question.kind);
  }
  return destinations;
}

}  // namespace ruaudit::verify::dmarc
