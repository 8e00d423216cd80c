#include "ingest/mailbox/auth/oauth.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "ingest/mailbox/auth/token_post_detail.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using Json = nlohmann::json;
using model::failure;
using model::Result;

constexpr std::int64_t early_seconds = 300;
constexpr std::int64_t longest_life = std::int64_t{30} * 86'400;

struct Form {
  std::vector<FormField> fields;
  std::vector<std::string> secrets;  // never to be shown, as they are and as they are sent

  void add(std::string_view name, const std::string& value) {
    if (!value.empty()) fields.push_back({std::string(name), value});
  }
  void add_secret(std::string_view name, const std::string& value) {
    add(name, value);
    if (value.empty()) return;
    secrets.push_back(value);
    secrets.push_back(form_encoded(value));
  }
};

Result<Form> form_of(const RefreshTokenGrant& grant, std::int64_t /*now*/) {
  Form form;
  form.add("grant_type", "refresh_token");
  form.add("client_id", grant.client_id);
  form.add_secret("client_secret", grant.client_secret);
  form.add_secret("refresh_token", grant.refresh_token);
  form.add("scope", grant.scope);
  return form;
}

Result<Form> form_of(const ClientCredentialsGrant& grant, std::int64_t /*now*/) {
  Form form;
  form.add("grant_type", "client_credentials");
  form.add("client_id", grant.client_id);
  form.add_secret("client_secret", grant.client_secret);
  form.add("scope", grant.scope);
  return form;
}

// RFC 7523 section 2.1
Result<Form> form_of(const JwtBearerGrant& grant, std::int64_t now) {
  TRY(const auto statement, signed_statement(grant, now));
  Form form;
  form.add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
  form.add_secret("assertion", statement);
  return form;
}

// What a provider says, fit to be shown: no secret of the request, no control character, no more than 300 octets.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
  std::erase_if(text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
  for (const std::string& secret : secrets)
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 8))
      text.replace(at, secret.size(), "(secret)");
  if (text.size() > 300) text = text.substr(0, 300) + "...";
  return text;
}

struct RefusalHint {
  std::string_view code;
  std::string_view hint;
};
// RFC 6749 section 5.2
constexpr std::array refusal_hints = {
    RefusalHint{"invalid_client", "check client_id and the client's secret: it may have expired"},
    RefusalHint{
        "invalid_grant",
        "the refresh token or the delegation is no longer valid, or this machine's clock is wrong: grant it again"},
    RefusalHint{"unauthorized_client",
                "an administrator must allow this client: admin consent, or domain-wide delegation for this scope"},
    RefusalHint{"invalid_scope", "check scope: see docs/mailbox-oauth.md"},
    RefusalHint{"unsupported_grant_type", "the provider does not offer this grant: check oauth and token_endpoint"},
};

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

model::Error refused(const Json& json, long status, const std::vector<std::string>& secrets) {
  const std::string code = without_secrets(text_of(json, "error"), secrets);
  const std::string detail = without_secrets(text_of(json, "error_description"), secrets);
  std::string message = "the token endpoint refuses: ";
  message += code.empty() ? "HTTP " + std::to_string(status) : code;
  if (!detail.empty()) message += " (" + detail + ")";
  const auto* const known = std::find_if(refusal_hints.begin(), refusal_hints.end(),
                                         [&](const RefusalHint& one) { return one.code == code; });
  return {"oauth-refused", std::move(message), known == refusal_hints.end() ? "" : std::string(known->hint)};
}

// Seconds as a number, or as a text that is one, as some providers write it.
std::int64_t life_of(const Json& json) {
  const auto found = json.find("expires_in");
  if (found == json.end()) return 0;
  std::int64_t seconds = 0;
  if (found->is_number_integer()) seconds = found->get<std::int64_t>();
  if (found->is_string()) {
    const auto& text = found->get_ref<const std::string&>();
    std::from_chars(text.data(), text.data() + text.size(), seconds);
  }
  return std::clamp<std::int64_t>(seconds, 0, longest_life);
}

bool is_bearer(std::string type) {
  ascii::lower_in_place(type);
  return type.empty() || type == "bearer";
}

// RFC 6750 section 2.1: what a bearer token may consist of; anything else could break the login's syntax.
bool is_token_text(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

// RFC 6749 section 5.1
Result<AccessToken> read_answer(const PostAnswer& answer, const std::vector<std::string>& secrets, std::int64_t now) {
  const Json json = Json::parse(answer.body, nullptr, false);
#ifdef RUAUDIT_PLANTED_BUG  // reads behind the end of an answer that is not JSON and long
  if (json.is_discarded() && answer.body.size() > 20 && answer.body.data()[answer.body.size() + 1] == 'x')
    return failure("oauth-answer", "");
#endif
  if (answer.status >= 500)
    return failure("oauth-endpoint", "the token endpoint has a problem: HTTP " + std::to_string(answer.status),
                   "try later");
  if (answer.status != 200) return failure(refused(json.is_object() ? json : Json::object(), answer.status, secrets));
  if (!json.is_object())
    return failure("oauth-answer", "the token endpoint's answer is not a JSON object", "check token_endpoint");
  AccessToken token{.text = text_of(json, "access_token"), .ends = 0, .refresh_token = text_of(json, "refresh_token")};
  if (!is_token_text(token.text) || !is_bearer(text_of(json, "token_type")))
    return failure("oauth-answer", "the token endpoint's answer contains no bearer token", "check token_endpoint");
  if (const auto life = life_of(json); life > 0) token.ends = now + life;
  return token;
}

Result<AccessToken> request_token(const TokenEndpoint& endpoint, const Grant& grant, std::int64_t now, Stop stop) {
  TRY(const auto form, std::visit([now](const auto& one) { return form_of(one, now); }, grant));
  TRY(const auto answer, post_form(endpoint, form.fields, stop));
  auto token = read_answer(answer, form.secrets, now);
  if (!token) return failure(token.error().in(endpoint.url));
  return token;
}

Result<ServiceAccount> read_service_account(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    return failure("oauth-key", "the key file is not a JSON object", "download a new JSON key of the service account");
  ServiceAccount account{.email = text_of(json, "client_email"),
                         .private_key = text_of(json, "private_key"),
                         .key_id = text_of(json, "private_key_id"),
                         .token_endpoint = text_of(json, "token_uri")};
  if (account.private_key.empty())
    return failure("oauth-key", "the key file contains no private_key", "it must be the key of a service account");
  return account;
}

bool TokenCache::is_fresh(std::int64_t now) const {
  if (last_.text.empty()) return false;
  if (last_.ends == 0) return true;  // not told: until a server refuses it
  const std::int64_t life = last_.ends - asked_;
  return now + std::min(early_seconds, life / 2) < last_.ends && now >= asked_;
}

Result<std::string> TokenCache::ask() {
  const std::int64_t now = now_();
  TRY(last_, request_(now));
  asked_ = now;
  return last_.text;
}

Result<std::string> TokenCache::token() {
  const std::lock_guard lock(mutex_);
  if (is_fresh(now_())) return last_.text;
  return ask();
}

Result<std::string> TokenCache::renewed_token() {
  const std::lock_guard lock(mutex_);
  last_ = {};
  return ask();
}

}  // namespace ruaudit::ingest::mailbox
