// What a mail's own header says about the SMTP session that brought it: client address, HELO, MAIL FROM, arrival. The
// fields of a mail and whom to trust enter, SessionFacts leave, each value with the field it was taken from. Anyone can
// write fields below the ones our own servers put on top, therefore:
//  - Received fields are trusted down to the border, where the mail came from another side (border.hpp);
//  - other fields are trusted above the border; below it only an Authentication-Results or Received-SPF whose
//    authserv-id or receiver is trusted.
// A value that was found but not trusted is told in a note, never taken. Sources: RFC 5321 section 4.4, RFC 7208
// section 9.1, RFC 8601 sections 4.1 and 5.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/ip_address.hpp"
#include "verify/message/message.hpp"
#include "verify/trace/border.hpp"

namespace ruaudit::verify::trace {

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
  std::optional<std::size_t> border{};            // the Received field that tells the client, among all fields
  // A hop inside took the mail from an internal address. Where every client seems to have one (a proxy in front of the
  // server), the fields below it are the sender's own work: no ground for a proof.
  bool is_by_inner_client = false;
  std::string untrusted_host{};      // wrote the next Received, where no client is known; trust in it may tell one
  std::vector<std::string> notes{};  // for people, at most max_notes
  bool operator==(const SessionFacts&) const = default;
};
inline constexpr std::size_t max_notes = 20;

SessionFacts session_facts(std::span<const message::HeaderField> fields, const Trust& trust = {});

}  // namespace ruaudit::verify::trace
