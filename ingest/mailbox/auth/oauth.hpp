// Access tokens for mailboxes by OAuth 2.0 grants (RFC 6749, RFC 7523): one POST over HTTPS to the provider's token
// endpoint. In: a TokenEndpoint and a Grant. Out: an AccessToken with the time it ends. TokenCache keeps the last one
// and asks for the next before it ends, or at once when a server has refused it. Nothing is sent except to the
// endpoint; redirections are not followed, proxies of the environment not used. No error text contains a secret: what
// the provider says is shown with every secret of the request removed. Limits: 64 KiB of answer, 30 seconds. Error
// codes: "oauth-endpoint" (not reached, or failing), "oauth-refused", "oauth-answer" (not understood), "oauth-key".
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "ingest/mailbox/stop.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct TokenEndpoint {
  std::string url;      // https
  std::string ca_file;  // PEM file of certificate authorities; empty: the system's
  std::chrono::milliseconds time{30'000};
  bool operator==(const TokenEndpoint&) const = default;
};

// RFC 6749 section 6
struct RefreshTokenGrant {
  std::string client_id;
  std::string client_secret;  // empty for a public client
  std::string refresh_token;
  std::string scope;  // may be empty
};

// RFC 6749 section 4.4
struct ClientCredentialsGrant {
  std::string client_id;
  std::string client_secret;
  std::string scope;
};

// RFC 7523 section 2.1: a service account signs a statement (RS256) that it acts for `subject`.
struct JwtBearerGrant {
  std::string issuer;
  std::string subject;
  std::string audience;
  std::string scope;
  std::string private_key;  // PEM, RSA of at least 2048 bits
  std::string key_id;       // may be empty
};

using Grant = std::variant<RefreshTokenGrant, ClientCredentialsGrant, JwtBearerGrant>;

struct AccessToken {
  std::string text;
  std::int64_t ends = 0;      // epoch seconds; 0: not told
  std::string refresh_token;  // a new one that replaces the old; mostly empty
};

// `now`: epoch seconds.
model::Result<AccessToken> request_token(const TokenEndpoint& endpoint, const Grant& grant, std::int64_t now,
                                         Stop stop = {});

// The signed statement of a JwtBearerGrant (RFC 7515 compact form), valid for an hour from `now`. Code "oauth-key".
model::Result<std::string> signed_statement(const JwtBearerGrant& grant, std::int64_t now);

// What stands in the JSON key file of a service account. Code "oauth-key"; no error holds a part of the key.
struct ServiceAccount {
  std::string email;
  std::string private_key;
  std::string key_id;
  std::string token_endpoint;
};
model::Result<ServiceAccount> read_service_account(std::string_view json);

// The last token of one mailbox. Safe to be asked from several threads; they wait for one request.
class TokenCache {
 public:
  using Request = std::function<model::Result<AccessToken>(std::int64_t now)>;
  using Now = std::function<std::int64_t()>;
  TokenCache(Request request, Now now) : request_(std::move(request)), now_(std::move(now)) {}

  // A token that is valid for another five minutes, or for half of its lifetime where that is shorter.
  model::Result<std::string> token();
  // Another token than the one last given: the server has refused that.
  model::Result<std::string> renewed_token();

 private:
  model::Result<std::string> ask();
  [[nodiscard]] bool is_fresh(std::int64_t now) const;

  std::mutex mutex_;
  Request request_;
  Now now_;
  AccessToken last_;
  std::int64_t asked_ = 0;
};

}  // namespace ruaudit::ingest::mailbox
