// What the mail that carried a report proves of its sender. The mail and its evaluation enter, with the hosts that the
// reader trusts; a Carrier leaves: the author's domain, every domain that authenticated the mail and by what, and what
// stands in the way of more. Domains are proved by a DKIM signature that verifies (RFC 6376), by SPF for MAIL FROM, or
// for HELO where that is empty (RFC 7208), or by the word of a trusted host: its Authentication-Results (RFC 8601), or
// the outermost set of an ARC chain that passes and that it sealed (RFC 8617). An SPF record that lets everyone send
// proves nothing. Pure; DNS has been asked before.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/domain.hpp"
#include "verify/evaluate/evaluate.hpp"
#include "verify/message/message.hpp"
#include "verify/trace/session_facts.hpp"

namespace ruaudit::verify::authenticity {

enum class Means : std::uint8_t { dkim, spf, arc, authentication_results };

struct Proof {
  model::Domain domain;
  Means means = Means::dkim;
  std::string text{};  // for people: "signed by example.com, selector s1"
};

enum class Obstacle : std::uint8_t {
  key_gone,     // the signature names a key that is not in DNS, or was revoked
  dns_failure,  // DNS did not answer
  broken,       // the signature does not verify, or cannot be read
};

struct Gap {  // what might have been a proof
  std::optional<model::Domain> domain{};
  Obstacle obstacle = Obstacle::broken;
  std::string text{};
};

struct Carrier {
  std::optional<model::Domain> author{};  // of From; nothing: none, several, or not readable
  std::vector<Proof> proofs{};
  std::vector<Gap> gaps{};
};

// What may prove something. RFC 8460 section 3: of a mail with an SMTP TLS report a DKIM signature alone, without l=;
// the evaluation is to be made with dkim::Service::tlsrpt then.
enum class Admitted : std::uint8_t { all, dkim };

[[nodiscard]] Carrier examine(const message::Message& message, const evaluate::MessageEvaluation& evaluation,
                              const trace::Trust& trust, Admitted admitted = Admitted::all);

}  // namespace ruaudit::verify::authenticity
