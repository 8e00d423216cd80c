// What a mail's own header says about the SMTP session that brought it: client address, HELO, MAIL FROM, arrival. The
// fields of a mail and whom to trust enter, SessionFacts leave, each value with the field it was taken from. Anyone can
// write fields below the ones our own servers put on top, therefore:
//  - the topmost Received is believed; the next one only when its "by" host is trusted and every Received above it was
//    written by a trusted host too, and so on downwards (the last of these is the border);
//  - other fields are believed above the border; below it only an Authentication-Results or Received-SPF whose
//    authserv-id or receiver is trusted.
// A value that was found but not believed is told in a note, never taken. Sources: RFC 5321 section 4.4, RFC 7208
// section 9.1, RFC 8601 sections 4.1 and 5.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/ip_address.hpp"
#include "verify/message/message.hpp"

namespace ruaudit::verify::trace {

struct Trust {
  // authserv-ids and host names of our own receiving side; a name covers the names below it.
  std::vector<std::string> hosts{};
};

struct Source {
  std::string field{};     // "Received", "Return-Path", "Received-SPF", "Authentication-Results"
  std::uint32_t line = 0;  // 1-based, of the field
  std::string detail{};    // which part: "from", "client-ip", "spf smtp.mailfrom", ...
  bool operator==(const Source&) const = default;
};

template <class T>
struct Taken {
  T value;
  Source source{};
  bool operator==(const Taken&) const = default;
};

struct SessionFacts {
  std::optional<Taken<model::IpAddress>> ip{};
  std::optional<Taken<std::string>> helo{};
  std::optional<Taken<std::string>> mail_from{};  // empty value: null sender
  std::optional<Taken<std::int64_t>> arrival{};   // seconds since the epoch
  std::optional<Taken<std::string>> receiver{};   // the host that took the mail in
  std::vector<std::string> notes{};               // for people, at most max_notes
  bool operator==(const SessionFacts&) const = default;
};
inline constexpr std::size_t max_notes = 20;

// Loopback, private, shared and link-local addresses (RFC 1918, 6598, 4193, 4291): a hop inside, no client.
[[nodiscard]] bool is_internal(const model::IpAddress& ip);

SessionFacts session_facts(std::span<const message::HeaderField> fields, const Trust& trust = {});

}  // namespace ruaudit::verify::trace
