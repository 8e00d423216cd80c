// Reverse names of addresses with forward confirmation, in bulk: all questions of one kind go to the resolver at once.
#pragma once
#include <cstdint>
#include <vector>

#include "store/facts/enrichment.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs {

// At most so many names of an address are looked up; the rest stays unasked, as for SPF's "ptr" (RFC 7208 section 5.5).
inline constexpr std::size_t max_reverse_names = 10;

std::vector<store::ReverseAnswer> reverse_answers(const std::vector<store::DueSource>& due,
                                                  verify::dns::Resolver& resolver, std::int64_t now);

// "1.2.0.192.in-addr.arpa", or the nibbles of an IPv6 address below ip6.arpa (RFC 1035 section 3.5, RFC 3596
// section 2.5).
std::string reverse_name(const model::IpAddress& address);

}  // namespace ruaudit::jobs
