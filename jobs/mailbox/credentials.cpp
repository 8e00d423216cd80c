#include "jobs/mailbox/credentials.hpp"

#include <ctime>
#include <memory>

#include "config/secret.hpp"
#include "ingest/mailbox/auth/oauth.hpp"

namespace ruaudit::jobs {
namespace {

namespace mb = ingest::mailbox;
using config::OAuth;
using config::OAuthGrant;

model::Result<std::string> secret_or_none(const config::SecretSource& source) {
  if (std::holds_alternative<std::monostate>(source)) return std::string();
  return config::read_secret(source);
}

// The JSON key file of a service account, or a bare PEM key for which the configuration says the rest.
model::Result<mb::JwtBearerGrant> jwt_grant(const config::Mailbox& mailbox) {
  const OAuth& oauth = mailbox.oauth;
  TRY(auto text, config::read_secret_text(oauth.key));
  mb::JwtBearerGrant grant{.issuer = oauth.issuer,
                           .subject = oauth.subject.empty() ? mailbox.user : oauth.subject,
                           .audience = oauth.audience.empty() ? oauth.token_endpoint : oauth.audience,
                           .scope = oauth.scope,
                           .private_key = {},
                           .key_id = {}};
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start != std::string::npos && text[start] == '{') {
    auto account = mb::read_service_account(text);
    if (!account) return model::failure(account.error().in(config::describe(oauth.key)));
    if (grant.issuer.empty()) grant.issuer = account->email;
    grant.private_key = std::move(account->private_key);
    grant.key_id = std::move(account->key_id);
  } else {
    grant.private_key = std::move(text);
  }
  if (grant.issuer.empty())
    return model::failure("oauth-key", config::describe(oauth.key) + ": no issuer is known",
                          "set issuer, or name a JSON key file");
  return grant;
}

// What one mailbox asks its token endpoint for.
class Granting {
 public:
  Granting(config::Mailbox mailbox, mb::Stop stop) : mailbox_(std::move(mailbox)), stop_(stop) {}

  model::Result<mb::AccessToken> request(std::int64_t now) {
    const OAuth& oauth = mailbox_.oauth;
    if (oauth.grant == OAuthGrant::token) {
      TRY(auto text, config::read_secret(oauth.token));
      return mb::AccessToken{.text = std::move(text), .ends = now, .refresh_token = {}};  // asked again every time
    }
    TRY(const auto grant, grant_of(oauth));
    auto token = mb::request_token({.url = oauth.token_endpoint, .ca_file = oauth.ca_file}, grant, now, stop_);
    if (!token) newest_refresh_token_.clear();  // the configured one may have been renewed by hand
    if (token && !token->refresh_token.empty()) replace_refresh_token(token->refresh_token);
    return token;
  }

 private:
  model::Result<mb::Grant> grant_of(const OAuth& oauth) {
    if (oauth.grant == OAuthGrant::jwt_bearer) {
      TRY(auto grant, jwt_grant(mailbox_));
      return mb::Grant(std::move(grant));
    }
    TRY(auto client_secret, secret_or_none(oauth.client_secret));
    if (oauth.grant == OAuthGrant::client_credentials)
      return mb::Grant(mb::ClientCredentialsGrant{oauth.client_id, std::move(client_secret), oauth.scope});
    std::string refresh_token = newest_refresh_token_;
    if (refresh_token.empty()) {
      TRY(refresh_token, config::read_secret(oauth.refresh_token));
    }
    return mb::Grant(
        mb::RefreshTokenGrant{oauth.client_id, std::move(client_secret), std::move(refresh_token), oauth.scope});
  }

  // A provider that hands out a new refresh token may take back the old one. The file gets the new one where this
  // program may write it; without that it serves until the program ends.
  void replace_refresh_token(const std::string& token) {
    newest_refresh_token_ = token;
    if (const auto* const file = std::get_if<config::SecretFile>(&mailbox_.oauth.refresh_token))
      static_cast<void>(config::replace_secret_file(file->path, token));
  }

  config::Mailbox mailbox_;
  mb::Stop stop_;
  std::string newest_refresh_token_;
};

mb::CredentialSource password_source(const config::Mailbox& mailbox) {
  return [user = mailbox.user, source = mailbox.password](mb::Freshness) -> model::Result<mb::Credentials> {
    TRY(auto secret, config::read_secret(source));
    return mb::Credentials(mb::Password{user, std::move(secret)});
  };
}

}  // namespace

mb::CredentialSource mailbox_credentials(const config::Mailbox& mailbox, mb::Stop stop) {
  if (mailbox.oauth.grant == OAuthGrant::none) return password_source(mailbox);
  const auto granting = std::make_shared<Granting>(mailbox, stop);
  const auto cache = std::make_shared<mb::TokenCache>(
      [granting](std::int64_t now) { return granting->request(now); },
      [] { return static_cast<std::int64_t>(std::time(nullptr)); }  // a provider checks the true time
  );
  const auto mechanism = mailbox.oauth.login == config::TokenLogin::oauthbearer ? mb::TokenMechanism::oauthbearer
                                                                                : mb::TokenMechanism::xoauth2;
  return [cache, mechanism, user = mailbox.user](mb::Freshness freshness) -> model::Result<mb::Credentials> {
    TRY(auto token, freshness == mb::Freshness::renewed ? cache->renewed_token() : cache->token());
    return mb::Credentials(mb::BearerToken{user, std::move(token), mechanism});
  };
}

}  // namespace ruaudit::jobs
