#include "config/validate.hpp"

#include <fmt/format.h>

#include "model/ip_address.hpp"

namespace ruaudit::config {
namespace {

using Errors = std::vector<model::Error>;

bool is_set(const SecretSource& source) { return !std::holds_alternative<std::monostate>(source); }

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "::1") return true;
  const auto address = model::IpAddress::parse(host);
  return address && address->is_v4() && address->v4_bits() >> 24U == 127;
}

std::uint16_t usual_port(SourceType type, Security security) {
  if (type == SourceType::imap) return security == Security::tls ? 993 : 143;
  return security == Security::tls ? 995 : 110;
}

class Faults {
 public:
  void need(bool is_there, std::string_view key, const std::string& message, std::string hint) {
    if (!is_there) errors_.push_back({"config", fmt::format("{}: {}", key, message), std::move(hint)});
  }
  Errors take() { return std::move(errors_); }

 private:
  Errors errors_;
};

void check_grant(const OAuth& oauth, Faults& faults) {
  const std::string name(model::to_text(oauth.grant));
  const std::string why = "is needed for oauth = " + name;
  faults.need(oauth.token_endpoint.starts_with("https://"), "token_endpoint",
              oauth.token_endpoint.empty() ? why : "is not an https:// URL", "see the provider's documentation");
  if (oauth.grant == OAuthGrant::jwt_bearer) {
    faults.need(is_set(oauth.key), "key_file", why, "download a JSON key of the service account");
    return;
  }
  faults.need(!oauth.client_id.empty(), "client_id", why, "it is shown where the application is registered");
  if (oauth.grant == OAuthGrant::client_credentials)
    faults.need(is_set(oauth.client_secret), "client_secret_file", why, "put the client's secret into a private file");
  if (oauth.grant == OAuthGrant::refresh_token)
    faults.need(is_set(oauth.refresh_token), "refresh_token_file", why, "put the refresh token into a private file");
}

void check_login(const Mailbox& mailbox, Faults& faults) {
  const OAuth& oauth = mailbox.oauth;
  if (oauth.grant == OAuthGrant::none) {
    faults.need(is_set(mailbox.password), "password_file", "there is neither a password nor oauth",
                "name a file, command, variable or systemd credential that contains the password, or set oauth");
    return;
  }
  faults.need(!is_set(mailbox.password), "oauth", "there is a password as well", "remove one of them");
  if (oauth.grant == OAuthGrant::token)
    faults.need(is_set(oauth.token), "token_command", "is needed for oauth = token", "or token_file");
  else
    check_grant(oauth, faults);
}

void check_server(const Mailbox& mailbox, Faults& faults) {
  faults.need(!mailbox.host.empty(), "host", "is needed", "set url = imaps://USER@HOST/, or host");
  faults.need(!mailbox.user.empty(), "user", "is needed", "the login name, often the mail address");
  check_login(mailbox, faults);
  if (mailbox.security != Security::plaintext) return;
  if (!is_loopback(mailbox.host))
    faults.need(false, "security", "plaintext is only for loopback addresses", "use tls or starttls");
  else
    faults.need(mailbox.insecure_plaintext, "security", "plaintext would let everybody read the password",
                "use tls or starttls; insecure_plaintext = on allows it to loopback addresses");
}

void check_disposal(const Mailbox& mailbox, Faults& faults) {
  const bool is_pop3 = mailbox.type == SourceType::pop3;
  const Disposal done = mailbox.done.disposal;
  if (is_pop3)
    faults.need(done == Disposal::nothing || done == Disposal::remove, "done", "POP3 has no folders and no flags",
                "use nothing or delete");
  const Disposal failed = mailbox.failed.disposal;
  faults.need(failed == Disposal::nothing || failed == Disposal::move, "failed", "must be nothing or move FOLDER",
              "a report that cannot be read is never deleted");
}

}  // namespace

void complete(Mailbox& mailbox) {
  if (mailbox.oauth.grant == OAuthGrant::none && is_set(mailbox.oauth.token)) mailbox.oauth.grant = OAuthGrant::token;
  const bool is_server = mailbox.type == SourceType::imap || mailbox.type == SourceType::pop3;
  if (is_server && mailbox.port == 0) mailbox.port = usual_port(mailbox.type, mailbox.security);
}

Errors faults(const Mailbox& mailbox) {
  Faults found;
  if (mailbox.type == SourceType::imap || mailbox.type == SourceType::pop3)
    check_server(mailbox, found);
  else
    found.need(!mailbox.path.empty(), "path", "is needed", "the folder of the maildir, or the mbox file");
  check_disposal(mailbox, found);
  return found.take();
}

}  // namespace ruaudit::config
