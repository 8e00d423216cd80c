// The comment by which a receiver says that it trusted an ARC chain, taken apart (RFC 8617 section 7.2.2):
// "arc=pass as[2].d=d2.example as[2].s=s2 as[1].d=d1.example as[1].s=s1 remote-ip[1]=2001:db8::1a".
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::store {

struct ArcComment {
  std::optional<std::string> result;     // of "arc=", lower case
  std::optional<std::string> chain;      // JSON [{"i":2,"d":"...","s":"..."}], highest instance first
  std::optional<std::string> remote_ip;  // of the lowest instance that has one, canonical where it parses
};

// All absent where the comment has no "arc=". At most 50 instances (RFC 8617 section 4.2.1); others are left out.
ArcComment parse_arc_comment(std::string_view comment);

}  // namespace ruaudit::store
