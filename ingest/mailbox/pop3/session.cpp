#include "ingest/mailbox/pop3/session.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "ingest/mailbox/auth/login_renewal_detail.hpp"
#include "ingest/mailbox/auth/sasl.hpp"
#include "ingest/mailbox/pop3/session_detail.hpp"
#include "ingest/mailbox/server_text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest::mailbox {

using model::failure;
using model::Result;

Pop3Session::Pop3Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pop3Session::Pop3Session(Pop3Session&&) noexcept = default;
Pop3Session& Pop3Session::operator=(Pop3Session&&) noexcept = default;
Pop3Session::~Pop3Session() = default;

const std::string& Pop3Session::login_method() const { return state_->login_method; }
const ConnectionFacts& Pop3Session::connection() const { return state_->channel.facts(); }
const std::vector<std::string>& Pop3Session::capabilities() const { return state_->capabilities; }
bool Pop3Session::has(std::string_view capability) const { return state_->has(capability); }

namespace {

// RFC 2449 section 8.1, RFC 3206 section 4: these say nothing about the credentials. What a code has behind them makes
// it narrower, not another one.
bool is_temporary(std::string_view code) {
  constexpr std::array<std::string_view, 3> codes{"IN-USE", "LOGIN-DELAY", "SYS/TEMP"};
  return std::any_of(codes.begin(), codes.end(), [&](std::string_view one) {
    return code.starts_with(one) && (code.size() == one.size() || code[one.size()] == '/' || code[one.size()] == ' ');
  });
}

model::Error refusal_of(const Pop3Status& status, const Credentials& credentials, std::string_view challenge) {
  return login_error(
      {.code = status.code, .is_temporary = is_temporary(status.code), .text = status.text, .challenge = challenge},
      credentials);
}

}  // namespace

bool Pop3Session::State::has(std::string_view capability) const {
  return std::any_of(capabilities.begin(), capabilities.end(), [&](const std::string& line) {
    return std::string_view(line).substr(0, line.find(' ')) == capability;
  });
}

bool Pop3Session::State::ignores(std::string_view capability) const {
  const auto& ignored = endpoint.ignored_capabilities;
  return std::any_of(ignored.begin(), ignored.end(),
                     [&](const std::string& one) { return ascii::equal_folded(one, capability); });
}

bool Pop3Session::State::has_sasl(std::string_view mechanism) const {
  if (ignores("AUTH=" + std::string(mechanism))) return false;
  for (const auto& line : capabilities) {
    const auto words = words_of(line);
    if (!words.empty() && words[0] == "SASL" && std::find(words.begin(), words.end(), mechanism) != words.end())
      return true;
  }
  return false;
}

// RFC 2449 section 5. A server without CAPA has none.
Result<void> Pop3Session::State::read_capabilities() {
  capabilities.clear();
  const auto take = [this](std::string_view line) -> Result<void> {
    constexpr std::size_t most = 1000;
    const auto name = ascii::upper(line);
    const bool is_ignored = ignores(std::string_view(name).substr(0, name.find(' ')));
    if (!is_ignored && capabilities.size() < most) capabilities.push_back(name);
    return {};
  };
  TRY_VOID(channel.run("CAPA", ReplyKind::lines, {.status = {}, .line = take, .mail_chunk = {}, .end = {}}));
  return {};
}

Result<Pop3Session> Pop3Session::connect(const Endpoint& endpoint, Stop stop) {
  TRY(auto connection, Connection::open(endpoint, stop));
  const bool is_greeted = connection.greeting_consumed();
  auto state = std::make_unique<State>(State{.endpoint = endpoint,
                                             .channel = Pop3Channel(endpoint, std::move(connection)),
                                             .login_method = {},
                                             .capabilities = {}});
  if (!is_greeted) {
    state->channel.expect_greeting();
    TRY(const auto greeting, state->channel.finish());
    if (greeting.sign != Pop3Sign::ok)
      return failure("mailbox-unavailable",
                     describe(endpoint) + ": the server sends us away: " + quoted_for_message(greeting.text),
                     "try again later");
  }
  TRY_VOID(state->read_capabilities());
  return Pop3Session(std::move(state));
}

Result<Pop3Session> Pop3Session::open(const Endpoint& endpoint, const CredentialSource& source, Stop stop) {
  return open_and_log_in(
      source, [&] { return connect(endpoint, stop); },
      [](Pop3Session& session, const Credentials& credentials) { return session.state_->attempt(credentials); });
}

Result<void> Pop3Session::login(const CredentialSource& source) {
  return log_in_here(source, [this](const Credentials& credentials) { return state_->attempt(credentials); });
}

Result<void> Pop3Session::State::attempt(const Credentials& credentials) {
  TRY_VOID(check_credentials(credentials));
  const auto method = log_in(credentials);
  if (!method) return failure(at_endpoint(endpoint, method.error()));
  login_method = *method;
  return read_capabilities();
}

Result<std::string> Pop3Session::State::log_in(const Credentials& credentials) {
  if (const auto* token = std::get_if<BearerToken>(&credentials)) return log_in_token(*token);
  const auto& password = std::get<Password>(credentials);
  if (has_sasl("PLAIN")) {
    TRY_VOID(authenticate(sasl_plain(password), password));
    return "PLAIN";
  }
  TRY_VOID(user_and_pass(password));
  return "USER";
}

Result<std::string> Pop3Session::State::log_in_token(const BearerToken& token) {
  auto mechanism = token.mechanism;
  const bool has_xoauth2 = has_sasl("XOAUTH2");
  const bool has_bearer = has_sasl("OAUTHBEARER");
  if (!has_xoauth2 && !has_bearer)
    return failure("mailbox-login-method", "the server offers no token log-in",
                   "choose another way to log in in the configuration");
  if (!has_xoauth2) mechanism = TokenMechanism::oauthbearer;
  if (!has_bearer) mechanism = TokenMechanism::xoauth2;
  const auto start = sasl_bearer(token, mechanism, endpoint);
  TRY_VOID(authenticate(start, token));
  return start.mechanism;
}

// Without initial response: commands are limited to 255 octets, tokens are longer. // RFC 5034 section 4
Result<void> Pop3Session::State::authenticate(const SaslStart& start, const Credentials& credentials) {
  constexpr int most_rounds = 4;
  TRY(auto status, channel.run("AUTH " + start.mechanism));
  std::string challenge;
  for (int round = 0; round < most_rounds && status.sign == Pop3Sign::more; ++round) {
    if (round > 0) challenge = decode_challenge(status.text);
    TRY(status, channel.run(round == 0 ? start.initial : start.dummy));
  }
  if (status.sign != Pop3Sign::ok) return failure(refusal_of(status, credentials, challenge));
  return {};
}

// RFC 1939 section 7
Result<void> Pop3Session::State::user_and_pass(const Password& password) {
  TRY(auto status, channel.run("USER " + password.user));
  if (status.sign == Pop3Sign::ok) {
    TRY(status, channel.run("PASS " + password.secret));
  }
  if (status.sign != Pop3Sign::ok) return failure(refusal_of(status, password, ""));
  return {};
}

namespace {

// Tells the receiver what comes; replies arrive in the order of the commands.
class Retriever {
 public:
  Retriever(std::vector<WantedMail> asked, MailReceiver& receiver, FetchOutcome& outcome)
      : asked_(std::move(asked)), receiver_(receiver), outcome_(outcome) {}

  ReplyHandler handler() {
    return {.status = [this](const Pop3Status& status) { return take_status(status); },
            .line = {},
            .mail_chunk = [this](std::string_view octets) { return go_on(receiver_.chunk(octets)); },
            .end = [this] { return take_end(); }};
  }

  void abandon() {
    if (is_open_) receiver_.discard();
    is_open_ = false;
  }

 private:
  static Result<void> go_on(Reception reception) {
    if (reception == Reception::go_on) return {};
    return failure("mailbox-stopped", "the receiver of the mails wants no more");
  }

  Result<void> take_status(const Pop3Status& status) {
    if (status.sign != Pop3Sign::ok) {
      if (outcome_.refusal.empty()) outcome_.refusal = refused("RETR", status).message;
      if (is_temporary(status.code)) outcome_.temporary.push_back(asked_[next_].number);
      return {};
    }
    is_open_ = true;
    return go_on(receiver_.begin(asked_[next_].octets));
  }

  Result<void> take_end() {
    const auto number = asked_[next_++].number;
    if (!std::exchange(is_open_, false)) {
      outcome_.missing.push_back(number);
      return {};
    }
    outcome_.received.push_back(number);
    return go_on(receiver_.end(number));
  }

  std::vector<WantedMail> asked_;
  MailReceiver& receiver_;
  FetchOutcome& outcome_;
  std::size_t next_ = 0;
  bool is_open_ = false;
};

Result<void> retrieve(Pop3Channel& channel, const std::vector<WantedMail>& asked, std::size_t in_flight,
                      const ReplyHandler& handler) {
  std::size_t sent = 0;
  for (std::size_t finished = 0; finished < asked.size();) {
    if (sent < asked.size() && sent - finished < in_flight) {
      TRY_VOID(channel.send("RETR " + std::to_string(asked[sent++].number), ReplyKind::mail));
      continue;
    }
    TRY_VOID(channel.finish(handler));
    ++finished;
  }
  return {};
}

}  // namespace

Result<FetchOutcome> Pop3Session::fetch(std::span<const WantedMail> wanted, MailReceiver& receiver) {
  FetchOutcome outcome;
  std::vector<WantedMail> asked;
  for (const auto& mail : wanted)
    if (mail.octets > state_->endpoint.limits.mail_octets) {
      outcome.too_large.push_back(mail.number);
    } else {
      asked.push_back(mail);
    }
  Retriever retriever(asked, receiver, outcome);
  // RFC 2449 section 6.8
  const std::size_t in_flight = has("PIPELINING") ? std::clamp<std::uint32_t>(state_->endpoint.batch.mails, 1, 32) : 1;
  const auto retrieved = retrieve(state_->channel, asked, in_flight, retriever.handler());
  retriever.abandon();
  if (!retrieved) return failure(retrieved.error());
  return outcome;
}

Result<void> Pop3Session::mark_deleted(std::uint32_t number) {
  TRY(const auto status, state_->channel.run("DELE " + std::to_string(number)));
  if (status.sign != Pop3Sign::ok) return failure(refused("DELE", status));
  return {};
}

Result<void> Pop3Session::quit() {
  TRY(const auto status, state_->channel.run("QUIT"));
  if (status.sign != Pop3Sign::ok) return failure(refused("QUIT: some mails were not deleted", status));
  return {};
}

}  // namespace ruaudit::ingest::mailbox
