// DNS messages: a question becomes the octets of a query, the octets of a response become an Answer (RFC 1035 section
// 4, EDNS of RFC 6891, AD and CD bits of RFC 4035). Responses are hostile input: work is linear in their size,
// compression pointers only lead backwards, nothing outside the message is read.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

inline constexpr std::uint16_t edns_payload = 1232;  // octets: no fragments on any usual path

enum class Checking : std::uint8_t { enabled, disabled };  // disabled: the CD bit

struct WireQuery {
  std::string_view name;  // canonical_name() of the question
  RecordType type = RecordType::TXT;
  std::uint16_t id = 0;
  Checking checking = Checking::enabled;
};

// A recursive query with AD set and an EDNS record last.
[[nodiscard]] std::vector<std::uint8_t> encode_query(const WireQuery& query);

// Fills status, records, chain, TTL, dnssec, rcode and detail of `answer`, whose question is set. A message that cannot
// be read gives Status::other.
// True where the message is no answer yet: its CNAMEs lead to a name of which it says nothing, neither a record nor, by
// an SOA (RFC 2308 section 2.2), that there is none. The status is then `nodata`, and the end of cname_chain is to be
// asked.
bool decode_response(std::span<const std::uint8_t> message, Answer& answer);

}  // namespace ruaudit::verify::dns
