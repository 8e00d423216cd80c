// What is wrong with [mail] and [digest NAME].
#include <fmt/format.h>

#include <algorithm>

#include "config/validate.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::config {
namespace {

using Errors = std::vector<model::Error>;

bool is_set(const SecretSource& source) { return !std::holds_alternative<std::monostate>(source); }

bool is_loopback_name(std::string_view host) {
  if (host == "localhost" || host == "::1" || host == "[::1]") return true;
  const auto address = model::IpAddress::parse(host);
  return address && address->is_v4() && address->v4_bits() >> 24U == 127;
}

std::string_view host_of_url(std::string_view url) {
  const auto begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  const auto rest = url.substr(begin + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) return {};  // a secret would stand in the configuration
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

class Faults {
 public:
  explicit Faults(std::string section) : section_(std::move(section)) {}
  void need(bool is_there, std::string_view key, std::string_view message, std::string hint) {
    if (!is_there) errors_.push_back({"config", fmt::format("[{}]: {}: {}", section_, key, message), std::move(hint)});
  }
  Errors take() { return std::move(errors_); }

 private:
  std::string section_;
  Errors errors_;
};

void check_server(const Mailbox& server, Faults& faults) {
  const bool has_secret = is_set(server.password) || server.oauth.grant != OAuthGrant::none;
  faults.need(has_secret == !server.user.empty(), "user",
              has_secret ? "is needed" : "there is neither a password nor oauth",
              "name a file that contains the password, or remove the user if no login is needed");
  faults.need(!is_set(server.password) || server.oauth.grant == OAuthGrant::none, "oauth",
              "there is a password as well", "remove one of them");
  const bool may_be_plain = is_loopback_name(server.host) && (server.insecure_plaintext || !has_secret);
  faults.need(server.security != Security::plaintext || may_be_plain, "security",
              "plaintext is only for loopback addresses, and for a password only with insecure_plaintext = on",
              "use tls or starttls");
}

void check_mail(const Configuration& configuration, Errors& errors) {
  const OutgoingMail& mail = configuration.mail;
  Faults faults("mail");
  const auto from = bare_address(mail.from);
  faults.need(from.has_value(), "from", mail.from.empty() ? "is needed" : "is not a mail address",
              "an address of a domain that lets this server send: reports@example.org");
  if (from)
    for (const auto& domain : configuration.general.parked)
      faults.need(!from->ends_with("@" + domain.text()), "from", domain.text() + " is parked: it sends no mail",
                  "use an address of a domain that does");
  faults.need(mail.sendmail.empty() != mail.server.host.empty(), "host",
              mail.sendmail.empty() ? "is needed, or sendmail" : "there is a sendmail as well", "keep one of them");
  if (!mail.server.host.empty()) check_server(mail.server, faults);
  for (auto& error : faults.take()) errors.push_back(std::move(error));
}

void check_group(const DigestGroup& group, Errors& errors) {
  Faults faults(group.name.empty() ? "digest" : "digest " + group.name);
  for (const auto& address : group.to)
    faults.need(bare_address(address).has_value(), "to",
                fmt::format("'{}' is not a mail address", address.substr(0, 80)),
                "name@example.org, several separated by commas");
  const auto host = host_of_url(group.webhook);
  const bool is_safe =
      group.webhook.starts_with("https://") || (group.webhook.starts_with("http://") && is_loopback_name(host));
  faults.need(group.webhook.empty() || (is_safe && !host.empty()), "webhook",
              "is not an https:// URL without user and password", "http:// is only for loopback addresses");
  faults.need(group.webhook.empty() || is_set(group.webhook_key), "webhook_key_file", "is needed for a webhook",
              "put a long random text into a private file; whoever gets the posts needs the same");
  for (auto& error : faults.take()) errors.push_back(std::move(error));
}

}  // namespace

void complete(OutgoingMail& mail) {
  Mailbox& server = mail.server;
  server.name = "mail";
  if (server.oauth.grant == OAuthGrant::none && is_set(server.oauth.token)) server.oauth.grant = OAuthGrant::token;
  if (server.port != 0) return;
  server.port = server.security == Security::tls ? 465 : server.security == Security::starttls ? 587 : 25;
}

Errors delivery_faults(const Configuration& configuration) {
  Errors errors;
  const auto& mail = configuration.mail;
  const bool has_readers = std::any_of(configuration.digests.begin(), configuration.digests.end(),
                                       [](const DigestGroup& group) { return !group.to.empty(); });
  if (has_readers || !mail.from.empty() || !mail.sendmail.empty() || !mail.server.host.empty())
    check_mail(configuration, errors);
  for (const auto& group : configuration.digests) check_group(group, errors);
  return errors;
}

std::optional<std::string> bare_address(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
  if (const auto open = text.rfind('<'); open != std::string_view::npos) {
    if (!text.ends_with('>')) return std::nullopt;
    text = text.substr(open + 1, text.size() - open - 2);
  }
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return std::nullopt;
  constexpr std::string_view special = " \"(),:;<>@[\\]";  // of RFC 5321 section 4.1.2: no dot-atom
  for (const char c : text.substr(0, at))
    if (static_cast<unsigned char>(c) > 0x7e || special.find(c) != std::string_view::npos) return std::nullopt;
  const auto domain = model::Domain::parse(text.substr(at + 1));
  if (!domain) return std::nullopt;
  return std::string(text.substr(0, at + 1)) + domain->text();
}

}  // namespace ruaudit::config
