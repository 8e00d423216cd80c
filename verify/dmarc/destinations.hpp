// Whether the report addresses of a DMARC record may be used (RFC 9990 section 4, RFC 7489 section 7.1): an address
// outside the organization whose record names it counts only when its own domain says so in DNS. A policy domain and
// its URIs enter, one verdict for each URI leaves. An owner learns from it why no reports arrive.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "verify/dmarc/discovery.hpp"
#include "verify/dmarc/record.hpp"

namespace ruaudit::verify::dmarc {

enum class DestinationStatus : std::uint8_t {
  internal,      // same Organizational Domain: no authorization needed
  authorized,    // the destination publishes a record for the policy domain
  unauthorized,  // it does not
  refused,       // it overrides the address with one of another host: neither may be used
  temperror,     // DNS did not tell
  invalid,       // no host that could be asked
};

enum class ReportKind : std::uint8_t { rua, ruf };

struct Destination {
  std::string uri{};
  DestinationStatus status = DestinationStatus::invalid;
  std::string queried{};                 // the name asked for, empty when none was
  std::vector<std::string> overrides{};  // addresses to use instead, of the same host
};

struct DestinationQuestion {
  model::Domain policy_domain;
  ReportKind kind = ReportKind::rua;
  std::span<const ReportUri> uris{};
  Rules rules = Rules::rfc9989;
  const suffix::PublicSuffixList* list = nullptr;  // needed for RFC 7489
};

inline constexpr std::size_t max_destinations = 20;  // URIs past it are not returned

[[nodiscard]] std::vector<Destination> check_destinations(const DestinationQuestion& question, dns::Resolver& resolver);

}  // namespace ruaudit::verify::dmarc

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::dmarc::DestinationStatus> enum_table<verify::dmarc::DestinationStatus>[] = {
    {verify::dmarc::DestinationStatus::internal, "internal"},
    {verify::dmarc::DestinationStatus::authorized, "authorized"},
    {verify::dmarc::DestinationStatus::unauthorized, "unauthorized"},
    {verify::dmarc::DestinationStatus::refused, "refused"},
    {verify::dmarc::DestinationStatus::temperror, "temperror"},
    {verify::dmarc::DestinationStatus::invalid, "invalid"}};

}  // namespace ruaudit::model
