#include "ingest/mailbox/auth/sasl.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "ingest/mailbox/server_text.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
}

const std::string& user_of(const Credentials& credentials) {
  return std::visit([](const auto& one) -> const std::string& { return one.user; }, credentials);
}

const std::string& secret_of(const Credentials& credentials) {
  if (const auto* password = std::get_if<Password>(&credentials)) return password->secret;
  return std::get<BearerToken>(credentials).token;
}

// RFC 5801 section 4 "saslname"
std::string sasl_name(std::string_view name) {
  std::string escaped;
  for (const char c : name) escaped += c == ',' ? std::string("=2C") : c == '=' ? "=3D" : std::string(1, c);
  return escaped;
}

void replace_all(std::string& text, std::string_view old, std::string_view fresh) {
  if (old.empty()) return;
  for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + fresh.size()))
    text.replace(at, old.size(), fresh);
}

// What every base64 text has in it that holds the secret with `before` octets (of three) before it; empty when short.
std::string base64_core(const std::string& secret, std::size_t before) {
  const auto text = to_base64(std::string(before, 'x') + secret);
  const std::size_t skipped = before == 0 ? 0 : 4;
  constexpr std::size_t least = 4;
  return text.size() < skipped + 4 + least ? "" : text.substr(skipped, text.size() - skipped - 4);
}

}  // namespace

std::string to_base64(std::string_view octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const auto* in = reinterpret_cast<const unsigned char*>(octets.data());
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), in, static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string decode_challenge(std::string_view base64) {
  constexpr std::size_t longest = 4096;
  if (base64.empty() || base64.size() > longest) return {};
  std::string octets(base64.size(), '\0');
  const auto* in = reinterpret_cast<const unsigned char*>(base64.data());
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()), in, static_cast<int>(base64.size()));
  if (length < 0) return {};
  octets.resize(static_cast<std::size_t>(length));
  while (octets.ends_with('\0')) octets.pop_back();
  return quoted_for_message(octets);
}

Result<void> check_credentials(const Credentials& credentials) {
  if (user_of(credentials).empty() || has_control(user_of(credentials)))
    return failure("mailbox-credentials", "the user name is empty or contains a control character",
                   "check the user of this mailbox in the configuration");
  if (secret_of(credentials).empty() || has_control(secret_of(credentials)))
    return failure("mailbox-credentials", "the password or token is empty or contains a control character",
                   "check the file or command that provides it: one line, nothing else");
  return {};
}

SaslStart sasl_plain(const Password& password) {
  using namespace std::string_literals;
  return {"PLAIN", to_base64("\0"s + password.user + "\0"s + password.secret), ""};
}

SaslStart sasl_bearer(const BearerToken& token, TokenMechanism mechanism, const Endpoint& endpoint) {
  const auto auth = "auth=Bearer " + token.token + "\x01\x01";
  if (mechanism == TokenMechanism::xoauth2) return {"XOAUTH2", to_base64("user=" + token.user + "\x01" + auth), ""};
  // RFC 7628 section 3.1
  const auto port = endpoint.port != 0 ? endpoint.port : default_port(endpoint.protocol, endpoint.security);
  return {"OAUTHBEARER",
          to_base64("n,a=" + sasl_name(token.user) + ",\x01host=" + endpoint.host + "\x01port=" + std::to_string(port) +
                    "\x01" + auth),
          "AQ=="};
}

std::string without_secret(std::string_view text, const Credentials& credentials) {
  std::string clean(text);
  const auto& secret = secret_of(credentials);
  if (const auto* password = std::get_if<Password>(&credentials))
    replace_all(clean, sasl_plain(*password).initial, "***");
  replace_all(clean, secret, "***");
  replace_all(clean, to_base64(secret), "***");
  for (std::size_t before = 0; before < 3; ++before) replace_all(clean, base64_core(secret, before), "***");
  return quoted_for_message(clean);
}

namespace {

// Codes that say more than a refusal. // RFC 5530 section 3, RFC 3206 section 5
std::string_view hint_for(std::string_view code) {
  struct Hint {
    std::string_view code, hint;
  };
  constexpr std::array hints{
      Hint{"EXPIRED", "the password has expired: set a new one at the provider, then here"},
      Hint{"PRIVACYREQUIRED", "the server wants TLS first: set security to tls or starttls"},
      Hint{"AUTHORIZATIONFAILED", "the credentials are good, but this user may not read this mailbox"},
      Hint{"CONTACTADMIN", "ask the administrator of the server"},
      Hint{"SYS/PERM", "the fault is the server's: ask its administrator"}};
  for (const auto& one : hints)
    if (one.code == code) return one.hint;
  return "check user and password or token; some providers want an application password or OAuth";
}

}  // namespace

model::Error login_error(const LoginRefusal& refusal, const Credentials& credentials) {
  auto said = without_secret(refusal.text, credentials);
  if (!refusal.code.empty()) said = "[" + quoted_for_message(refusal.code) + "] " + said;
  if (!refusal.challenge.empty()) said += " " + without_secret(refusal.challenge, credentials);
  if (refusal.is_temporary)
    return {"mailbox-unavailable", "the server cannot log anybody in at present: " + said, "try again later"};
  return {"mailbox-login-refused", "the server refuses the login: " + said, std::string(hint_for(refusal.code))};
}

}  // namespace ruaudit::ingest::mailbox
