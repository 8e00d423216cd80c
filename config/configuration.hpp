// What a configuration says, as plain values: one General and any number of Mailboxes. It holds no secret, only where
// each secret is (a file, a command, an environment variable, a systemd credential). Made by config::load(); every
// default stands here. Domains are in the form of model::Domain. Names of keys: config/keys.hpp, man/ruaudit.conf.5.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/domain.hpp"
#include "model/enum_text.hpp"
#include "model/sample_policy.hpp"

namespace ruaudit::config {

using model::SamplePolicy;
enum class LogFormat { text, json };
enum class LogLevel { error, warning, info, debug };

enum class SourceType { imap, pop3, maildir, mbox };
// tls: from the first octet; starttls: required, never skipped; plaintext: refused except for loopback addresses.
enum class Security { tls, starttls, plaintext };
// How a token is presented; with a password the server's announcement decides (PLAIN, else LOGIN).
enum class TokenLogin { xoauth2, oauthbearer };

// Where a password, a client secret or a refresh token is. monostate: nowhere.
struct SecretFile {
  std::string path;
  bool operator==(const SecretFile&) const = default;
};
struct SecretCommand {
  std::string command;  // run by /bin/sh -c; the first line of its output
  bool operator==(const SecretCommand&) const = default;
};
struct SecretEnvironment {
  std::string variable;
  bool operator==(const SecretEnvironment&) const = default;
};
struct SystemdCredential {
  std::string name;  // a file of $CREDENTIALS_DIRECTORY
  bool operator==(const SystemdCredential&) const = default;
};
using SecretSource = std::variant<std::monostate, SecretFile, SecretCommand, SecretEnvironment, SystemdCredential>;

// How an access token is obtained. none: login with a password.
enum class OAuthGrant { none, token, refresh_token, client_credentials, jwt_bearer };

struct OAuth {
  OAuthGrant grant = OAuthGrant::none;
  TokenLogin login = TokenLogin::xoauth2;
  SecretSource token;          // grant token: an access token from a command or a file, asked again when it was refused
  std::string token_endpoint;  // https URL of the grants
  std::string client_id;
  SecretSource client_secret;
  SecretSource refresh_token;
  std::string scope;
  SecretSource key;      // jwt_bearer: PEM private key, or the JSON key file of a service account
  std::string issuer;    // jwt_bearer: iss; default client_email of the JSON key file
  std::string subject;   // jwt_bearer: sub, the delegated user; default the mailbox' user
  std::string audience;  // jwt_bearer: aud; default token_endpoint
  std::string ca_file;   // of the token endpoint; default the system's
  bool operator==(const OAuth&) const = default;
};

// What happens to a mail once its reports are stored (done) or could not be read (failed).
enum class Disposal { nothing, move, flag, remove };
struct Disposition {
  Disposal disposal = Disposal::nothing;
  std::string target;  // folder of move, keyword or \Flag of flag
  bool operator==(const Disposition&) const = default;
};

struct Mailbox {
  std::string name;  // of the section [mailbox NAME]: 1-64 letters, digits, '.', '-', '_'
  SourceType type = SourceType::imap;
  // imap, pop3
  std::string host;
  std::uint16_t port = 0;  // the usual one of type and security, filled in by load()
  Security security = Security::tls;
  bool insecure_plaintext = false;  // allows security = plaintext, for loopback only
  std::string ca_file;
  std::string user;
  SecretSource password;
  OAuth oauth;
  // imap: names or patterns with * and % (RFC 3501 section 6.3.8); folders_except: the same, taken away again
  std::vector<std::string> folders = {"INBOX"};
  std::vector<std::string> folders_except;
  std::string path;  // maildir, mbox
  Disposition done;
  Disposition failed;  // nothing or move
  // Domains whose reports are expected here; empty: General::domains.
  std::vector<model::Domain> domains;
  std::vector<std::string> trusted_authserv_ids;  // empty: General::trusted_authserv_ids
  std::optional<std::int64_t> since;              // midnight UTC in epoch seconds; older mail is not fetched
  std::uint32_t batch_messages = 100;
  std::uint64_t batch_octets = 16U << 20U;
  std::uint64_t max_message_octets = 256U << 20U;
  std::uint32_t max_attempts = 5;  // of a mail that could not be fetched or stored
  std::uint32_t connect_timeout_seconds = 30;
  std::uint32_t timeout_seconds = 60;             // of one answer; see ingest::mailbox::Timeouts
  std::uint32_t visit_limit_seconds = 3600;       // of one visit; the rest is left for the next one
  std::uint32_t poll_interval_seconds = 600;      // where the server or the type knows no notification
  bool idle = true;                               // imap: IDLE where it is announced
  std::vector<std::string> ignored_capabilities;  // announced by the server, but known not to work
  bool operator==(const Mailbox&) const = default;
};

// Of the process that reads hostile octets. required: without it nothing is read; preferred: the program says so.
enum class Confinement { required, preferred, off };

struct General {
  std::string database;  // empty: $RUAUDIT_DB or the user's data folder
  SamplePolicy samples = SamplePolicy::headers;
  std::string resolver;      // IP or IP@PORT; empty: the system's
  std::string health_file;   // JSON: last success of every source; empty: none
  std::string metrics_file;  // Prometheus text format; empty: none
  LogFormat log_format = LogFormat::text;
  LogLevel log_level = LogLevel::info;
  std::vector<std::string> trusted_authserv_ids;  // of the servers whose Authentication-Results are trusted
  std::vector<model::Domain> domains;             // expected reports; empty: all
  std::vector<model::Domain> parked;              // domains that send no mail
  std::vector<std::string> rua;                   // addresses that the DMARC records name
  std::vector<std::string> service_files;         // lists of services, as data/services.tsv or parsedmarc's map
  std::vector<std::string> network_files;         // MMDB
  std::string language;                           // of what people are told; empty: the environment's
  bool require_authentic = false;
  Confinement confinement = Confinement::required;
  bool operator==(const General&) const = default;
};

// How digests are sent: by a program like sendmail, or by SMTP.
struct OutgoingMail {
  std::string from;      // "ruaudit <reports@example.org>": author, and envelope sender, so that SPF is aligned
  std::string sendmail;  // program that takes "-i -f FROM -- TO..."; empty: SMTP
  Mailbox server;        // of it: host, port, security, ca_file, user, password, oauth and the timeouts
  bool operator==(const OutgoingMail&) const = default;
};

// [digest] and [digest NAME]: a group of domains with readers of its own.
struct DigestGroup {
  std::string name;                    // empty: of [digest]
  std::vector<model::Domain> domains;  // empty: all
  std::vector<std::string> to;         // addresses; empty: standard output
  std::string language;                // empty: that of [general]
  bool quiet_if_empty = false;
  std::string webhook;  // URL; empty: none
  SecretSource webhook_key;
  std::string webhook_ca_file;  // empty: the system's
  bool operator==(const DigestGroup&) const = default;
};

// [cluster]: ClickHouse servers that get what is stored here (docs/cluster.md).
struct Cluster {
  // Of each shard its servers as https URLs, the one that is written to first; empty: there is no cluster.
  std::vector<std::vector<std::string>> shards;
  std::string name = "ruaudit";  // of the shards in the servers' remote_servers
  std::string database = "ruaudit";
  std::string user;
  SecretSource password;
  std::string ca_file;  // empty: the system's
  std::uint32_t connect_timeout_seconds = 10;
  std::uint32_t timeout_seconds = 300;     // of one answer
  std::uint32_t ship_delay_seconds = 900;  // how long reports may wait for others to fill their batch
  [[nodiscard]] bool is_configured() const { return !shards.empty(); }
  bool operator==(const Cluster&) const = default;
};

struct Configuration {
  General general;
  std::vector<Mailbox> mailboxes;  // in the order of the file
  OutgoingMail mail;
  std::vector<DigestGroup> digests;
  Cluster cluster;
  bool operator==(const Configuration&) const = default;
};

}  // namespace ruaudit::config

namespace ruaudit::model {

template <>
inline constexpr EnumText<config::Confinement> enum_table<config::Confinement>[] = {
    {config::Confinement::required, "required"},
    {config::Confinement::preferred, "preferred"},
    {config::Confinement::off, "off"}};
template <>
inline constexpr EnumText<config::LogFormat> enum_table<config::LogFormat>[] = {{config::LogFormat::text, "text"},
                                                                                {config::LogFormat::json, "json"}};
template <>
inline constexpr EnumText<config::LogLevel> enum_table<config::LogLevel>[] = {{config::LogLevel::error, "error"},
                                                                              {config::LogLevel::warning, "warning"},
                                                                              {config::LogLevel::info, "info"},
                                                                              {config::LogLevel::debug, "debug"}};
template <>
inline constexpr EnumText<config::SourceType> enum_table<config::SourceType>[] = {
    {config::SourceType::imap, "imap"},
    {config::SourceType::pop3, "pop3"},
    {config::SourceType::maildir, "maildir"},
    {config::SourceType::mbox, "mbox"}};
template <>
inline constexpr EnumText<config::Security> enum_table<config::Security>[] = {
    {config::Security::tls, "tls"},
    {config::Security::starttls, "starttls"},
    {config::Security::plaintext, "plaintext"}};
template <>
inline constexpr EnumText<config::TokenLogin> enum_table<config::TokenLogin>[] = {
    {config::TokenLogin::xoauth2, "xoauth2"}, {config::TokenLogin::oauthbearer, "oauthbearer"}};
template <>
inline constexpr EnumText<config::OAuthGrant> enum_table<config::OAuthGrant>[] = {
    {config::OAuthGrant::none, "none"},
    {config::OAuthGrant::token, "token"},
    {config::OAuthGrant::refresh_token, "refresh_token"},
    {config::OAuthGrant::client_credentials, "client_credentials"},
    {config::OAuthGrant::jwt_bearer, "jwt_bearer"}};
template <>
inline constexpr EnumText<config::Disposal> enum_table<config::Disposal>[] = {{config::Disposal::nothing, "nothing"},
                                                                              {config::Disposal::move, "move"},
                                                                              {config::Disposal::flag, "flag"},
                                                                              {config::Disposal::remove, "delete"}};

}  // namespace ruaudit::model
