// Which Received field of a mail tells of the SMTP client: the border between our side and the rest of the world. The
// mail's Received fields from top to bottom and whom to trust enter, a Border leaves. Anyone can write fields below the
// ones that our own servers put on top (RFC 5321 section 4.4), so the walk downwards ends at the first hop that took
// the mail from elsewhere:
//  - a hop inside took it from no client: it has no from clause, or it is a delivery or a retrieval (LMTP, IMAP, POP3,
//    local), or its client's address is internal. The next field is read on where it was written by the same side: by a
//    trusted host, or by a host that the hops above name, or by one of the same organization;
//  - a client that is of the organization of the server, which the next field bears out, may be inside: as an Exchange
//    server writes it, which knows but the name that the client gave; and where the hops below tell that the mail came
//    to that organization from elsewhere. A client that has logged in submits a mail of its own. The walk ends there,
//    and no client is known, unless a trusted host leads on;
//  - a hop with a client elsewhere is the border, unless that client is itself a trusted host and a trusted host wrote
//    the next field.
// Pure; work is linear in the fields, of which max_hops are looked at.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verify/suffix/public_suffix_list.hpp"
#include "verify/trace/received.hpp"

namespace ruaudit::verify::trace {

inline constexpr std::size_t max_hops = 200;  // real mails have under 50

struct Trust {
  // authserv-ids, host names and addresses of our own receiving side; a name covers the names below it.
  std::vector<std::string> hosts{};
  const suffix::PublicSuffixList* list = nullptr;  // tells organizations apart; without it two labels in common do
};
[[nodiscard]] bool is_trusted(std::string_view name, const Trust& trust);

struct Hop {
  std::size_t position = 0;  // among all fields
  Received received{};
};

// Why no client is known. submission: it logged in. own_side: a server of the side that took the mail.
enum class NoClient : std::uint8_t { inside, submission, own_side };

struct Border {
  std::size_t hop = 0;              // index of the hop that is the border
  bool has_client = false;          // it took the mail from an address elsewhere; else no client is known
  NoClient why = NoClient::inside;  // where has_client is false
  bool is_by_inner_client = false;  // a hop above it took the mail from an internal address that is not trusted
  std::string
      stopped_at{};  // where has_client is false: the host that wrote the next field, which is not known to be ours
};

// Nothing where there is no hop.
[[nodiscard]] std::optional<Border> find_border(std::span<const Hop> hops, const Trust& trust);

// Loopback, private, shared and link-local addresses (RFC 1918, 6598, 4193, 4291): a hop inside, no client.
[[nodiscard]] bool is_internal(const model::IpAddress& ip);

}  // namespace ruaudit::verify::trace
