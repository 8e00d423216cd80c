// The table of keys: the keys of each section, their possible values, defaults and purpose. The single source for the
// parser, of `ruaudit config show`, of the command-line options and of ruaudit.conf(5) (a test compares). How a key
// reaches its value: config/key_setters.cpp.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace ruaudit::config {

// Which types of mailbox know a key.
enum KeyScope : std::uint8_t {
  for_imap = 1,
  for_pop3 = 2,
  for_maildir = 4,
  for_mbox = 8,
  for_server = for_imap | for_pop3,
  for_all = 15
};

struct Key {
  std::string_view name;
  std::string_view takes;     // "FILE", "on|off"
  std::string_view fallback;  // the default, for people
  std::string_view help;
  KeyScope scope = for_all;
};

inline constexpr std::array general_keys = {
    Key{"database", "FILE", "$RUAUDIT_DB, else ~/.local/share/ruaudit/ruaudit.db", "where reports are kept"},
    Key{"samples", "full|headers|redacted|none", "headers", "what is kept of the mails in failure reports"},
    Key{"resolver", "IP[@PORT]", "the system's", "DNS server to ask"},
    Key{"health_file", "FILE", "none", "where watch and fetch write the last success of every mailbox, as JSON"},
    Key{"metrics_file", "FILE", "none", "where watch and fetch write metrics in Prometheus text format"},
    Key{"log_format", "text|json", "text", "of the log on standard error"},
    Key{"log_level", "error|warning|info|debug", "info", "lowest level that is logged"},
    Key{"trusted_authserv_ids", "NAME, ...", "none",
        "receiving servers whose Authentication-Results fields are trusted"},
    Key{"domains", "DOMAIN, ...", "all", "domains whose reports are expected; others are flagged"},
    Key{"parked", "DOMAIN, ...", "none", "the owner's domains that send no mail"},
    Key{"rua", "ADDRESS, ...", "none",
        "where the DMARC records send reports: they are compared with it, and new ones are proposed with it"},
    Key{"service_files", "FILE, ...", "none", "lists of services in addition to the built-in one; a later one wins"},
    Key{"network_files", "FILE, ...", "none", "MMDB files with country and network of addresses"},
    Key{"language", "en|fr|pl", "that of LC_ALL, LC_MESSAGES or LANG", "of the output for people"},
    Key{"require_authentic", "on|off", "off", "keep reports that are not authenticated out of the sums"},
    Key{"confinement", "required|preferred|off", "required",
        "of the process that reads what others sent; preferred: read with a warning if the system does not allow it"},
};

inline constexpr std::array mailbox_keys = {
    Key{"type", "imap|pop3|maildir|mbox", "imap", "what kind of mailbox it is"},
    Key{"url", "URL", "", "imaps://USER@HOST:PORT/ instead of type, security, host, port and user", for_server},
    Key{"host", "NAME", "", "server", for_server},
    Key{"port", "NUMBER", "993, 143, 995 or 110 by type and security", "of the server", for_server},
    Key{"security", "tls|starttls|plaintext", "tls", "how the connection is protected; starttls is never skipped",
        for_server},
    Key{"insecure_plaintext", "on|off", "off", "allow security = plaintext, to loopback addresses only", for_server},
    Key{"ca_file", "FILE", "the system's", "certificates that may sign the server's", for_server},
    Key{"user", "NAME", "", "login name", for_server},
    Key{"password_file", "FILE", "none", "the password is the first line of this file", for_server},
    Key{"password_command", "COMMAND", "none", "the password is the first line this shell command prints", for_server},
    Key{"password_env", "VARIABLE", "none", "the password is in this environment variable", for_server},
    Key{"password_credential", "NAME", "none", "the password is this systemd credential", for_server},
    Key{"oauth", "none|token|refresh_token|client_credentials|jwt_bearer", "none", "how an access token is obtained",
        for_server},
    Key{"login", "xoauth2|oauthbearer", "xoauth2", "how a token is presented to the server", for_server},
    Key{"token_file", "FILE", "none", "oauth = token: the access token is the first line of this file", for_server},
    Key{"token_command", "COMMAND", "none", "oauth = token: the access token is the first line this command prints",
        for_server},
    Key{"token_endpoint", "URL", "", "https URL where tokens are granted", for_server},
    Key{"client_id", "TEXT", "", "of the application registered with the provider", for_server},
    Key{"client_secret_file", "FILE", "none", "the client's secret is the first line of this file", for_server},
    Key{"client_secret_command", "COMMAND", "none", "the client's secret is the first line this command prints",
        for_server},
    Key{"client_secret_env", "VARIABLE", "none", "the client's secret is in this environment variable", for_server},
    Key{"client_secret_credential", "NAME", "none", "the client's secret is this systemd credential", for_server},
    Key{"refresh_token_file", "FILE", "none", "the refresh token is the first line of this file", for_server},
    Key{"refresh_token_command", "COMMAND", "none", "the refresh token is the first line this command prints",
        for_server},
    Key{"refresh_token_env", "VARIABLE", "none", "the refresh token is in this environment variable", for_server},
    Key{"refresh_token_credential", "NAME", "none", "the refresh token is this systemd credential", for_server},
    Key{"scope", "TEXT", "none", "scope requested from the token endpoint", for_server},
    Key{"key_file", "FILE", "", "oauth = jwt_bearer: JSON key file of the service account, or a PEM key", for_server},
    Key{"key_credential", "NAME", "none", "oauth = jwt_bearer: the key is this systemd credential", for_server},
    Key{"issuer", "TEXT", "client_email of the key file", "oauth = jwt_bearer: claim iss", for_server},
    Key{"subject", "TEXT", "the user", "oauth = jwt_bearer: claim sub, the delegated user", for_server},
    Key{"audience", "TEXT", "the token endpoint", "oauth = jwt_bearer: claim aud", for_server},
    Key{"token_ca_file", "FILE", "the system's", "certificates that may sign the token endpoint's", for_server},
    Key{"folders", "PATTERN, ...", "INBOX", "folders to read; * stands for anything, % for anything but a separator",
        for_imap},
    Key{"folders_except", "PATTERN, ...", "none", "folders to leave out", for_imap},
    Key{"path", "PATH", "", "of the maildir folder or the mbox file", KeyScope(for_maildir | for_mbox)},
    Key{"done", "nothing|move FOLDER|flag NAME|delete", "nothing", "what to do with a mail whose reports are stored",
        KeyScope(for_server | for_maildir)},
    Key{"failed", "nothing|move FOLDER", "nothing", "what to do with a report that cannot be read",
        KeyScope(for_imap | for_maildir)},
    Key{"domains", "DOMAIN, ...", "those of [general]", "domains whose reports are expected here"},
    Key{"trusted_authserv_ids", "NAME, ...", "those of [general]",
        "receiving servers whose Authentication-Results fields are trusted"},
    Key{"since", "YYYY-MM-DD", "all", "mail that arrived before this day is ignored (imap, maildir)",
        KeyScope(for_imap | for_maildir)},
    Key{"batch_messages", "NUMBER", "100", "mails fetched together", for_server},
    Key{"batch_size", "SIZE", "16M", "octets fetched together", for_server},
    Key{"max_message_size", "SIZE", "256M", "larger mails are noted, not read, and treated as failed says"},
    Key{"max_attempts", "NUMBER", "5", "how often a mail that fails is tried, over all runs",
        KeyScope(for_server | for_maildir)},
    Key{"connect_timeout", "TIME", "30s", "how long name lookup, connection and TLS may take", for_server},
    Key{"timeout", "TIME", "60s", "how long an answer of the server may take", for_server},
    Key{"visit_limit", "TIME", "1h",
        "how long one visit may take; the rest is fetched after the other mailboxes have had their turn", for_server},
    Key{"poll_interval", "TIME", "10m", "how often watch checks mailboxes that do not announce new mail"},
    Key{"idle", "on|off", "on", "let the server announce new mail if it can", for_imap},
    Key{"ignored_capabilities", "WORD, ...", "none",
        "what the server announces but cannot do; RFC822.SIZE: its sizes are estimates", for_server},
};

inline constexpr std::array outgoing_keys = {
    Key{"from", "ADDRESS", "",
        "author of digests, and where bounces go; its domain must pass SPF or DKIM for mail sent from here"},
    Key{"sendmail", "PROGRAM", "none: SMTP", "hand mails to this program, such as /usr/sbin/sendmail"},
    Key{"host", "NAME", "", "SMTP server"},
    Key{"port", "NUMBER", "465, 587 or 25 by security", "of the server"},
    Key{"security", "tls|starttls|plaintext", "tls", "how the connection is protected; starttls is never skipped"},
    Key{"insecure_plaintext", "on|off", "off", "allow security = plaintext, to loopback addresses only"},
    Key{"ca_file", "FILE", "the system's", "certificates that may sign the server's"},
    Key{"user", "NAME", "none", "login name; without one there is no login"},
    Key{"password_file", "FILE", "none", "the password is the first line of this file"},
    Key{"password_command", "COMMAND", "none", "the password is the first line this shell command prints"},
    Key{"password_env", "VARIABLE", "none", "the password is in this environment variable"},
    Key{"password_credential", "NAME", "none", "the password is this systemd credential"},
    Key{"oauth", "none|token|refresh_token|client_credentials|jwt_bearer", "none", "how an access token is obtained"},
    Key{"login", "xoauth2|oauthbearer", "xoauth2", "how a token is presented to the server"},
    Key{"token_file", "FILE", "none", "oauth = token: the access token is the first line of this file"},
    Key{"token_command", "COMMAND", "none", "oauth = token: the access token is the first line this command prints"},
    Key{"token_endpoint", "URL", "", "https URL where tokens are granted"},
    Key{"client_id", "TEXT", "", "of the application registered with the provider"},
    Key{"client_secret_file", "FILE", "none", "the client's secret is the first line of this file"},
    Key{"refresh_token_file", "FILE", "none", "the refresh token is the first line of this file"},
    Key{"scope", "TEXT", "none", "scope requested from the token endpoint"},
    Key{"key_file", "FILE", "", "oauth = jwt_bearer: JSON key file of the service account, or a PEM key"},
    Key{"token_ca_file", "FILE", "the system's", "certificates that may sign the token endpoint's"},
    Key{"connect_timeout", "TIME", "30s", "how long name lookup, connection and TLS may take"},
    Key{"timeout", "TIME", "60s", "how long an answer of the server may take"},
};

inline constexpr std::array digest_keys = {
    Key{"domains", "DOMAIN, ...", "all", "policy domains that the digest is about"},
    Key{"to", "ADDRESS, ...", "standard output", "who gets it by mail, as [mail] says"},
    Key{"language", "en|fr|pl", "that of [general]", "of the digest"},
    Key{"quiet_if_empty", "on|off", "off", "print nothing if nothing is new, worse or over"},
    Key{"webhook", "URL", "none", "https URL that gets the digest as JSON if something is new, worse or over"},
    Key{"webhook_key_file", "FILE", "none", "the key of the signature is the first line of this file"},
    Key{"webhook_key_env", "VARIABLE", "none", "the key of the signature is in this environment variable"},
    Key{"webhook_key_credential", "NAME", "none", "the key of the signature is this systemd credential"},
    Key{"webhook_ca_file", "FILE", "the system's", "certificates that may sign the webhook's"},
};

inline constexpr std::array cluster_keys = {
    Key{"shards", "URL [URL ...], ...", "none",
        "https URLs of the ClickHouse servers of each shard; commas separate shards, whose order must not change, and "
        "spaces the servers that replicate a shard, the one that is written to first"},
    Key{"name", "NAME", "ruaudit", "of the shards in remote_servers of the servers' configuration"},
    Key{"database", "NAME", "ruaudit", "where the tables are"},
    Key{"user", "NAME", "", "login name"},
    Key{"password_file", "FILE", "none", "the password is the first line of this file"},
    Key{"password_command", "COMMAND", "none", "the password is the first line this shell command prints"},
    Key{"password_env", "VARIABLE", "none", "the password is in this environment variable"},
    Key{"password_credential", "NAME", "none", "the password is this systemd credential"},
    Key{"ca_file", "FILE", "the system's", "certificates that may sign the servers'"},
    Key{"connect_timeout", "TIME", "10s", "how long name lookup, connection and TLS may take"},
    Key{"timeout", "TIME", "5m", "how long an answer of a server may take"},
    Key{"ship_delay", "TIME", "15m",
        "how long reports may wait after ingest, fetch and watch until their batch is full; `cluster ship` does not "
        "wait"},
};

}  // namespace ruaudit::config
