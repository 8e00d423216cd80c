// Received (RFC 5321 section 4.4) and Received-SPF (RFC 7208 section 9.1) fields read as values. The value of a field
// enters, what it says leaves; reading never fails, what is absent or unreadable stays empty. Written for what servers
// really write: Postfix, Exim, Sendmail, Microsoft, qmail, Domino, Momentum. Work is linear; at most max_value octets
// are looked at.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/auth_result.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::verify::trace {

inline constexpr std::size_t max_value = 16'384;

struct Received {
  std::string from{};                    // the word after "from": mostly the HELO name
  std::string helo{};                    // as the client said it: from a comment (helo=, HELO, EHLO), else `from`
  std::optional<model::IpAddress> ip{};  // of the client
  std::string client_name{};             // as the server found it for the address: "(mx.a.example [192.0.2.1])"
  std::string by{};
  std::string by_name{};  // behind a local name: "by localhost (mx.b.example [127.0.0.1])"
  std::string with{};
  std::string id{};
  std::string envelope_for{};                  // "for", without brackets
  std::optional<std::string> envelope_from{};  // of a comment "envelope-from <...>"; empty: null sender
  bool is_authenticated = false;               // a comment says that the client has logged in
  std::optional<std::int64_t> time{};          // seconds since the epoch
  bool operator==(const Received&) const = default;
};
Received parse_received(std::string_view value);

struct ReceivedSpf {
  std::string result_text{};  // as written
  model::SpfResult result = model::SpfResult::unknown;
  std::optional<model::IpAddress> client_ip{};
  std::string helo{};
  std::optional<std::string> envelope_from{};
  std::string identity{};
  std::string receiver{};
  std::string mechanism{};
  bool operator==(const ReceivedSpf&) const = default;
};
ReceivedSpf parse_received_spf(std::string_view value);

// The address in a Return-Path field: brackets taken off; empty: null sender; nothing: no address.
std::optional<std::string> parse_return_path(std::string_view value);

// "192.0.2.1", "[192.0.2.1]", "[IPv6:2001:db8::1]", "192.0.2.1:25", "[192.0.2.1:25]", "[192.0.2.1]:25".
std::optional<model::IpAddress> parse_client_ip(std::string_view text);

}  // namespace ruaudit::verify::trace
