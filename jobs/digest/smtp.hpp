// One mail to an SMTP submission server by libcurl (RFC 5321, RFC 6409): TLS from the first octet or STARTTLS that is
// never skipped, login by password or bearer token, plain text only to loopback addresses. If the server refuses or
// defers some recipients, the others still get the mail. Errors say whether the mail may have been accepted
// nevertheless:
//   mail-refused, mail-deferred, mail-unreached   it was not, for certain; deferred: 4yz, it may be later (RFC 5321
//                                                 section 4.2.1)
//   mail-unknown                                  all of it was sent and no answer came
#pragma once
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

struct Envelope {
  std::string from;             // address alone
  std::vector<std::string> to;  // addresses alone
};

struct Deferral {
  std::string address, answer;  // "451 4.7.1 come again"
};
struct Acceptance {
  std::vector<std::string> refused;  // "name@example.org: 550 5.1.1 no such user"
  std::vector<Deferral> deferred{};  // deferred: these have not received it yet
};

// `octets`: RFC 5322, CRLF at line ends.
model::Result<Acceptance> send_by_smtp(const config::OutgoingMail& mail, const Envelope& envelope,
                                       const std::string& octets);

// Through a program that takes "-i -f FROM -- TO..." and the mail on standard input, such as those of Postfix,
// OpenSMTPD and Exim. It gets two minutes. Same error codes.
model::Result<Acceptance> send_by_program(const config::OutgoingMail& mail, const Envelope& envelope,
                                          const std::string& octets);

// One of both, as the configuration says.
model::Result<Acceptance> send_mail(const config::OutgoingMail& mail, const Envelope& envelope,
                                    const std::string& octets);

}  // namespace ruaudit::jobs
