// The grants against tests/integration/token_server.py, which checks them as a provider does.
#include "ingest/mailbox/auth/oauth.hpp"

#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <iterator>

#include "tests/ingest/mailbox/auth/token_server.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;
using tests::token_server;

namespace {

const std::string secret = "client secret/+&=1";

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TokenEndpoint endpoint(const std::string& path) {
  return {.url = token_server().text("url") + path, .ca_file = token_server().text("ca")};
}

ClientCredentialsGrant client() { return {"client-1", secret, "https://mail.example/"}; }

JwtBearerGrant service_account() {
  const auto account = read_service_account(file_text(token_server().text("key_file")));
  REQUIRE(account);
  return {.issuer = account->email,
          .subject = "dmarc@example.org",
          .audience = account->token_endpoint,
          .scope = "https://mail.example/",
          .private_key = account->private_key,
          .key_id = account->key_id};
}

model::Result<AccessToken> ask(const std::string& path, const Grant& grant) {
  return request_token(endpoint(path), grant, std::time(nullptr));
}

}  // namespace

TEST_CASE("each grant that fits is answered with a token and its end") {
  const auto now = std::time(nullptr);
  const RefreshTokenGrant refresh{"client-1", secret, "refresh-token-1", ""};
  for (const Grant& grant : {Grant(client()), Grant(service_account()), Grant(refresh)}) {
    CAPTURE(grant.index());
    const auto token = request_token(endpoint("/token"), grant, now);
    REQUIRE(token);
    CHECK(token->text.starts_with("token-"));
    CHECK(token->ends == now + 3600);
    CHECK(token->refresh_token.empty() == (grant.index() != 0));
  }
  CHECK(ask("/token", refresh).error().message.find("invalid_grant") != std::string::npos);  // it was used up
}

TEST_CASE("a grant that does not fit is refused with the provider's words and a remedy") {
  struct Case {
    Grant grant;
    std::string code;
  };
  auto wrong_secret = client();
  wrong_secret.client_secret = "hunter2";
  auto wrong_scope = client();
  wrong_scope.scope = "x";
  auto wrong_subject = service_account();
  wrong_subject.subject = "other@example.org";
  auto wrong_audience = service_account();
  wrong_audience.audience = "https://example.org/";
  for (const auto& c : {Case{wrong_secret, "invalid_client"}, Case{wrong_scope, "invalid_scope"},
                        Case{wrong_subject, "unauthorized_client"}, Case{wrong_audience, "invalid_grant"}}) {
    const auto token = ask("/token", c.grant);
    CAPTURE(c.code);
    REQUIRE(!token);
    CHECK(token.error().code == "oauth-refused");
    CHECK(token.error().message.find("the token endpoint refuses: " + c.code + " (") != std::string::npos);
    CHECK(!token.error().hint.empty());
  }
}

TEST_CASE("a statement of the past or the future is refused") {
  const auto now = std::time(nullptr);
  for (const std::int64_t shift : {-4000, 4000}) {
    CAPTURE(shift);
    CHECK(request_token(endpoint("/token"), service_account(), now + shift).error().code == "oauth-refused");
  }
}

TEST_CASE("no error holds a secret of the request, also when the endpoint sends it back") {
  const RefreshTokenGrant refresh{"client-1", secret, "refresh-token-x", ""};
  for (const Grant& grant : {Grant(client()), Grant(refresh), Grant(service_account())}) {
    CAPTURE(grant.index());
    const auto token = ask("/echo", grant);
    REQUIRE(!token);
    const std::string text = token.error().message + token.error().hint;
    CAPTURE(text);
    CHECK(text.find("(secret)") != std::string::npos);
    for (const char* part : {"client secret/+&=1", "client%20secret", "refresh-token-x", "eyJhbGci"})
      CHECK(text.find(part) == std::string::npos);
  }
}

TEST_CASE("an endpoint that misbehaves is told apart from one that refuses") {
  struct Case {
    std::string path, code;
  };
  for (const auto& c :
       {Case{"/ill", "oauth-endpoint"}, Case{"/text", "oauth-answer"}, Case{"/list", "oauth-answer"},
        Case{"/empty", "oauth-answer"}, Case{"/other-type", "oauth-answer"}, Case{"/line-end", "oauth-answer"},
        Case{"/huge", "oauth-endpoint"}, Case{"/redirect", "oauth-refused"}, Case{"/plain-refusal", "oauth-refused"}}) {
    CAPTURE(c.path);
    const auto before = token_server().requests("/token");
    const auto token = ask(c.path, client());
    REQUIRE(!token);
    CHECK(token.error().code == c.code);
    CHECK(token_server().requests("/token") == before);  // no redirection was followed
  }
}

TEST_CASE("the life of a token may be a text or be missing") {
  const auto now = std::time(nullptr);
  CHECK(request_token(endpoint("/text-life"), client(), now)->ends == now + 600);
  CHECK(request_token(endpoint("/no-life"), client(), now)->ends == 0);
}

TEST_CASE("an endpoint is reached only over TLS with a certificate that is signed for its name") {
  auto wrong_authority = endpoint("/token");
  wrong_authority.ca_file = token_server().text("wrong_ca");
  auto no_authority = endpoint("/token");
  no_authority.ca_file.clear();
  auto plain = endpoint("/token");
  plain.url.replace(0, 5, "http");
  const auto before = token_server().requests("/token");
  for (const auto& bad : {wrong_authority, no_authority, plain}) {
    CAPTURE(bad.url, bad.ca_file);
    CHECK(request_token(bad, client(), 0).error().code == "oauth-endpoint");
  }
  CHECK(token_server().requests("/token") == before);
}

TEST_CASE("an endpoint that does not answer in time is given up") {
  auto slow = endpoint("/slow");
  slow.time = std::chrono::milliseconds(300);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(request_token(slow, client(), 0).error().code == "oauth-endpoint");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
}

TEST_CASE("a key that is none, asks for a pass phrase or is weak cannot sign, and is not shown") {
  for (const std::string key : {"", "hunter2", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"}) {
    CAPTURE(key);
    auto grant = service_account();
    grant.private_key = key;
    const auto statement = signed_statement(grant, 0);
    REQUIRE(!statement);
    CHECK(statement.error().code == "oauth-key");
    CHECK(statement.error().message.find("hunter2") == std::string::npos);
  }
  for (const char* json : {"", "[]", "{}", "{\"private_key\": 1}", "{\"private_key\": \"hunter2"}) {
    CAPTURE(json);
    const auto account = read_service_account(json);
    REQUIRE(!account);
    CHECK(account.error().code == "oauth-key");
    CHECK(account.error().message.find("hunter2") == std::string::npos);
  }
}
