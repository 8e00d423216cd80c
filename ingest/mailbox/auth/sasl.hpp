// The words of a login: SASL messages in base64 for PLAIN (RFC 4616), OAUTHBEARER (RFC 7628) and XOAUTH2, and what a
// server says when it refuses them. Shared by IMAP and POP3. In: Credentials. Out: text for the wire; it is a secret.
#pragma once
#include <string>
#include <string_view>

#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/endpoint.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct SaslStart {
  std::string mechanism;  // "PLAIN", "XOAUTH2", "OAUTHBEARER"
  std::string initial;    // base64
  std::string dummy;      // what answers the server's error challenge: "", or "AQ==" (RFC 7628 section 3.2.3)
};

// Error "mailbox-credentials" for users and secrets that no login can carry (control characters, empty user).
model::Result<void> check_credentials(const Credentials& credentials);

SaslStart sasl_plain(const Password& password);
SaslStart sasl_bearer(const BearerToken& token, TokenMechanism mechanism, const Endpoint& endpoint);

// A server's words, printable and without the secret, should it echo it.
std::string without_secret(std::string_view text, const Credentials& credentials);

// What a server that refuses a login says: the code of its answer, whether that is one of those that say nothing about
// the credentials, its words, and its error challenge.
struct LoginRefusal {
  std::string_view code;
  bool is_temporary = false;
  std::string_view text;
  std::string_view challenge;
};
// "mailbox-unavailable" or "mailbox-login-refused"; without the secret.
model::Error login_error(const LoginRefusal& refusal, const Credentials& credentials);

// The JSON in an error challenge, printable; empty when it is none.
std::string decode_challenge(std::string_view base64);

std::string to_base64(std::string_view octets);

}  // namespace ruaudit::ingest::mailbox
