#include <algorithm>

#include "ingest/mailbox/auth/sasl.hpp"
#include "ingest/mailbox/imap/login_detail.hpp"
#include "ingest/mailbox/server_text.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;

model::Error refusal_of(const ImapStatus& status, const Credentials& credentials, std::string_view challenge) {
  return login_error(
      {.code = status.code, .is_temporary = is_temporary(status), .text = status.text, .challenge = challenge},
      credentials);
}

constexpr int most_rounds = 4;  // one challenge for our response, one with an error: no mechanism here has more

struct Ending {
  ImapStatus status;
  std::string challenge;  // the last one
};

// RFC 3501 section 6.2.2; initial responses: RFC 4959
Result<Ending> authenticate(ImapChannel& channel, const SaslStart& start) {
  const bool is_initial = channel.has("SASL-IR");
  TRY(const auto tag, channel.send("AUTHENTICATE " + start.mechanism + (is_initial ? " " + start.initial : "")));
  bool is_sent = is_initial;
  std::string challenge;
  for (int round = 0; round < most_rounds; ++round) {
    TRY(const auto asked, channel.continuation(tag));
    if (!asked) break;
    // A server that has overlooked the initial response asks for it.
    const bool is_overlooked = is_initial && round == 0 && asked->empty();
    if (is_sent) challenge = decode_challenge(*asked);
    TRY_VOID(channel.send_line(is_sent && !is_overlooked ? start.dummy : start.initial));
    is_sent = true;
  }
  TRY(auto status, channel.finish(tag));
  return Ending{std::move(status), std::move(challenge)};
}

Result<void> accepted(const Ending& ending, const Credentials& credentials) {
  if (ending.status.condition == Condition::ok) return {};
  return failure(refusal_of(ending.status, credentials, ending.challenge));
}

bool fits_quoted(std::string_view text) {
  return text.size() < 1000 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

// A string after which the command goes on: quoted, or a literal the server has to ask for. // RFC 3501 section 4.3
struct Piece {
  std::string now;
  std::string after;  // the literal's octets
};

Piece piece_of(std::string_view text) {
  if (fits_quoted(text)) return {quoted(text), ""};
  return {"{" + std::to_string(text.size()) + "}", std::string(text)};
}

// LOGIN user password. // RFC 3501 section 6.2.3
Result<void> login_command(ImapChannel& channel, const Password& password) {
  const auto user = piece_of(password.user);
  const auto secret = piece_of(password.secret);
  std::vector<std::string> lines{"LOGIN " + user.now};
  if (!user.after.empty()) lines.push_back(user.after);
  lines.back() += " " + secret.now;
  if (!secret.after.empty()) lines.push_back(secret.after);
  TRY(const auto tag, channel.send(lines.front()));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    TRY(const auto asked, channel.continuation(tag));
    if (!asked) break;
    TRY_VOID(channel.send_line(lines[i]));
  }
  TRY(const auto status, channel.finish(tag));
  if (status.condition != Condition::ok) return failure(refusal_of(status, password, ""));
  return {};
}

model::Error no_method(const ImapChannel& channel, std::string_view wanted) {
  std::string offered;
  for (const auto& name : channel.capabilities())
    if (name.starts_with("AUTH=")) offered += " " + quoted_for_message(name.substr(5));
  return {"mailbox-login-method",
          "the server offers no " + std::string(wanted) + " login; it offers:" + (offered.empty() ? " none" : offered),
          "choose another way to log in in the configuration"};
}

Result<std::string> log_in_password(ImapChannel& channel, const Password& password) {
  if (channel.has("AUTH=PLAIN")) {
    TRY(const auto ending, authenticate(channel, sasl_plain(password)));
    const auto done = accepted(ending, password);
    if (done) return "PLAIN";
    // BAD: announced, but not known to the server, which has not looked at the password. // RFC 3501 section 7.1.3
    if (ending.status.condition != Condition::bad || channel.has("LOGINDISABLED")) return failure(done.error());
  }
  if (channel.has("LOGINDISABLED")) return failure(no_method(channel, "password"));
  TRY_VOID(login_command(channel, password));
  return "LOGIN";
}

Result<std::string> log_in_token(ImapChannel& channel, const Endpoint& endpoint, const BearerToken& token) {
  auto mechanism = token.mechanism;
  const bool has_xoauth2 = channel.has("AUTH=XOAUTH2");
  const bool has_bearer = channel.has("AUTH=OAUTHBEARER");
  if (!has_xoauth2 && !has_bearer) return failure(no_method(channel, "token"));
  if (!has_xoauth2) mechanism = TokenMechanism::oauthbearer;
  if (!has_bearer) mechanism = TokenMechanism::xoauth2;
  const auto start = sasl_bearer(token, mechanism, endpoint);
  TRY(const auto ending, authenticate(channel, start));
  TRY_VOID(accepted(ending, token));
  return start.mechanism;
}

}  // namespace

Result<std::string> log_in(ImapChannel& channel, const Endpoint& endpoint, const Credentials& credentials) {
  TRY_VOID(check_credentials(credentials));
  if (const auto* password = std::get_if<Password>(&credentials)) return log_in_password(channel, *password);
  return log_in_token(channel, endpoint, std::get<BearerToken>(credentials));
}

}  // namespace ruaudit::ingest::mailbox
