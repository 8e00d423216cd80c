// Who logs in. A session asks a CredentialSource when it needs to: first for what is at hand, and once more for a
// renewed one when the server has refused a bearer token. Secrets are only in these values: no error text, log line or
// description contains them.
#pragma once
#include <functional>
#include <string>
#include <variant>

#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct Password {
  std::string user;
  std::string secret;
};

enum class TokenMechanism {
  xoauth2,
  oauthbearer
};  // oauthbearer: RFC 7628; xoauth2: its predecessor, more widely supported

struct BearerToken {
  std::string user;
  std::string token;
  TokenMechanism mechanism = TokenMechanism::xoauth2;
};

using Credentials = std::variant<Password, BearerToken>;

enum class Freshness { cached, renewed };  // renewed: the cached one was refused, get another or fail

using CredentialSource = std::function<model::Result<Credentials>(Freshness)>;

}  // namespace ruaudit::ingest::mailbox
