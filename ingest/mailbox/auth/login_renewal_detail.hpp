// Logins of both protocols with a bearer token that may be stale: one that is refused is renewed, once.
#pragma once
#include "ingest/mailbox/auth/credentials.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

// A refusal after which another token may help.
inline bool may_be_stale(const model::Error& refusal, const Credentials& credentials) {
  return refusal.code == "mailbox-login-refused" && std::holds_alternative<BearerToken>(credentials);
}

// connect() gives a session, attempt(session, credentials) logs in. Many servers hang up after a refused token: the
// renewed one gets a new connection.
template <class Connect, class Attempt>
auto open_and_log_in(const CredentialSource& source, Connect connect, Attempt attempt) -> decltype(connect()) {
  TRY(const auto credentials, source(Freshness::cached));
  TRY(auto session, connect());
  const auto outcome = attempt(session, credentials);
  if (outcome) return session;
  if (!may_be_stale(outcome.error(), credentials)) return model::failure(outcome.error());
  TRY(const auto renewed, source(Freshness::renewed));
  TRY(session, connect());
  TRY_VOID(attempt(session, renewed));
  return session;
}

// The same on the connection that is there.
template <class Attempt>
model::Result<void> log_in_here(const CredentialSource& source, Attempt attempt) {
  TRY(const auto credentials, source(Freshness::cached));
  auto outcome = attempt(credentials);
  if (outcome || !may_be_stale(outcome.error(), credentials)) return outcome;
  TRY(const auto renewed, source(Freshness::renewed));
  return attempt(renewed);
}

}  // namespace ruaudit::ingest::mailbox
