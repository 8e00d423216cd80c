// Where a mailbox is served and what talking to it may cost: protocol, security, host, port, certificate authorities,
// timeouts and limits. Filled in by the configuration, read by ImapSession and Pop3Session. Limits are octets; a limit
// that is passed ends the connection with an Error whose code is named beside it, with bounded memory.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

enum class Protocol { imap, pop3 };

// tls: TLS from the first octet (ports 993 and 995). starttls: STARTTLS or STLS, required (ports 143 and 110).
// plaintext: neither; refused unless the peer's address is a loopback address.
enum class Security { tls, starttls, plaintext };

// Only time spent waiting for the server counts, not the time the receiver of a mail takes. A command's answer may take
// `answer` plus one second for every min_octets_per_second octets received: a server that drips one octet a second is
// given up soon after `answer`, a slow genuine line is not. Code "mailbox-timeout".
struct Timeouts {
  std::chrono::milliseconds connect{30'000};  // name lookup, TCP, TLS and STARTTLS together
  std::chrono::milliseconds answer{60'000};
  std::uint64_t min_octets_per_second = 4096;
  bool operator==(const Timeouts&) const = default;
};

struct AnswerLimits {
  std::uint64_t line_octets = std::uint64_t{64} * 1024;  // "mailbox-line-too-long": one response without its literals
  std::uint64_t literal_octets =
      std::uint64_t{64} * 1024;  // "mailbox-literal-too-large": literals of one response, not mails
  std::uint64_t answer_octets =
      std::uint64_t{4} * 1024 * 1024;  // "mailbox-answer-too-large": one command's answer without mails
  std::uint64_t listing_octets = std::uint64_t{64} * 1024 * 1024;  // "mailbox-answer-too-large": POP3's UIDL and LIST
  std::uint64_t mail_octets =
      std::uint64_t{256} * 1024 * 1024;  // not asked for above it; "mailbox-mail-too-large" when sent all the same
  // "mailbox-unasked": mails that were not asked for, or came again, in one connection
  std::uint64_t unasked_octets = std::uint64_t{8} * 1024 * 1024;
  std::uint32_t mails = 2'000'000;  // "mailbox-too-many-mails": of one folder
  std::uint64_t nesting = 16;       // "mailbox-nesting-too-deep": parenthesised lists
  bool operator==(const AnswerLimits&) const = default;
};

// How fetch() groups mails: one command asks for at most `mails` mails and `octets` octets (one larger mail alone).
struct BatchLimits {
  std::uint32_t mails = 100;
  std::uint64_t octets = std::uint64_t{16} * 1024 * 1024;
  std::uint32_t in_flight = 2;  // commands sent before the first one's answer is complete
  bool operator==(const BatchLimits&) const = default;
};

struct Endpoint {
  Protocol protocol = Protocol::imap;
  Security security = Security::tls;
  std::string host;        // name or address; the certificate must name it
  std::uint16_t port = 0;  // 0: default_port()
  std::string ca_file;     // PEM file of certificate authorities; empty: the system's
  Timeouts timeouts;
  AnswerLimits limits;
  BatchLimits batch;
  std::vector<std::string> ignored_capabilities;  // announced, but known not to work: "MOVE"
  bool operator==(const Endpoint&) const = default;
};

[[nodiscard]] std::uint16_t default_port(Protocol protocol, Security security);
[[nodiscard]] bool is_loopback_address(std::string_view address);  // 127.0.0.0/8 or ::1, in text

// "imaps://host:port" as messages show it; never holds a user or a secret.
[[nodiscard]] std::string describe(const Endpoint& endpoint);
// The error with the endpoint in front of its message, where it does not stand there already.
[[nodiscard]] model::Error at_endpoint(const Endpoint& endpoint, const model::Error& error);

}  // namespace ruaudit::ingest::mailbox
