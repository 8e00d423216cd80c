// Author Domains from the From header: the values of every From field of a mail enter (folding included, without the
// name), the distinct domains of their addresses leave, as A-labels in lower case (RFC 9989 sections 4.2 and 5.3.1,
// RFC 5322 section 3.4, groups of RFC 6854, U-labels of RFC 6532 and RFC 8616 section 6). Comments, quoted
// strings, routes, groups and encoded words are understood; one pass, no recursion. A name in front of an address is
// never taken for an address.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/domain.hpp"
#include "model/enum_text.hpp"

namespace ruaudit::verify::dmarc {

enum class AuthorStatus : std::uint8_t {
  one_domain,       // DMARC can be evaluated
  no_field,         // no From field
  repeated_field,   // several From fields: RFC 9989 section 4.4 sees no author in them
  no_address,       // no address in it: an empty group, a name alone
  bad_domain,       // an address whose domain is not a domain name: a literal, an empty label
  malformed,        // an open quote, comment or bracket: where an address ends is a guess
  several_domains,  // RFC 9989 section 11.5
};

struct Authors {
  AuthorStatus status = AuthorStatus::no_field;
  std::vector<model::Domain> domains{};  // distinct, in order of appearance
  std::vector<std::string> addresses{};  // as written, without comments; at most max_addresses
  std::vector<std::string> oddities{};   // for people: what was strange and how it was read
};

inline constexpr std::size_t max_addresses = 100;

[[nodiscard]] Authors find_authors(std::span<const std::string_view> from_values);

}  // namespace ruaudit::verify::dmarc

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::dmarc::AuthorStatus> enum_table<verify::dmarc::AuthorStatus>[] = {
    {verify::dmarc::AuthorStatus::one_domain, "one-domain"},
    {verify::dmarc::AuthorStatus::no_field, "from-missing"},
    {verify::dmarc::AuthorStatus::repeated_field, "from-repeated"},
    {verify::dmarc::AuthorStatus::no_address, "from-without-address"},
    {verify::dmarc::AuthorStatus::bad_domain, "from-domain-invalid"},
    {verify::dmarc::AuthorStatus::malformed, "from-malformed"},
    {verify::dmarc::AuthorStatus::several_domains, "from-several-domains"}};

}  // namespace ruaudit::model
