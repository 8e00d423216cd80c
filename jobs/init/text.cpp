#include "jobs/init/text.hpp"

#include <fmt/format.h>

#include "config/ini.hpp"
#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

using config::quoted_where_needed;

std::string domain_list(const std::vector<model::Domain>& domains) {
  std::string out;
  for (const model::Domain& domain : domains) out += (out.empty() ? "" : ", ") + domain.text();
  return out;
}

std::string key_line(std::string_view key, std::string_view value) {
  return fmt::format("{} = {}\n", key, quoted_where_needed(value));
}

std::string general_text(const InitAnswers& answers) {
  std::string out = "[general]\n# Domains whose reports are expected; reports for others are stored and flagged.\n";
  out += fmt::format("domains = {}\n\n# Where reports are kept.\n", domain_list(answers.domains));
  out += answers.database.empty() ? "# database = ~/.local/share/ruaudit/ruaudit.db\n"
                                  : key_line("database", answers.database);
  out += "\n# What is kept of the mails in failure reports: full, headers, redacted or none.\nsamples = headers\n";
  out +=
      "\n# Your receiving server, as named in its Authentication-Results fields: then these are trusted.\n"
      "# trusted_authserv_ids = mx.example.com\n";
  return out;
}

constexpr std::string_view microsoft_text =
    "# An application registered in Entra ID, with IMAP.AccessAsApp granted; see docs/mailbox-oauth.md.\n"
    "oauth = client_credentials\n"
    "token_endpoint = https://login.microsoftonline.com/TENANT-ID/oauth2/v2.0/token\n"
    "client_id = CLIENT-ID\n"
    "client_secret_file = client-secret\n"
    "scope = https://outlook.office365.com/.default\n";

constexpr std::string_view google_text =
    "# A service account with domain-wide delegation for this scope; see docs/mailbox-oauth.md.\n"
    "oauth = jwt_bearer\n"
    "token_endpoint = https://oauth2.googleapis.com/token\n"
    "key_file = service-account.json\n"
    "scope = https://mail.google.com/\n";

std::string login_text(const InitAnswers& answers) {
  if (answers.provider == Provider::microsoft365) return std::string(microsoft_text);
  if (answers.provider == Provider::google) return std::string(google_text);
  return "# Where the password is; never the password itself.\n" +
         key_line(answers.password_key, answers.password_value);
}

std::string mailbox_text(const InitAnswers& answers) {
  std::string out = "\n[mailbox reports]\n";
  if (!answers.maildir.empty()) {
    out += "type = maildir\n" + key_line("path", answers.maildir);
  } else {
    out += key_line("url", answers.url) + login_text(answers);
    if (answers.url.starts_with("imap"))
      out += "\n# Folders to read; patterns are allowed: INBOX, Reports/*\n# folders = INBOX\n";
  }
  out += "\n# What to do with a mail once its reports are safely stored: nothing, move FOLDER, flag NAME or delete.\n";
  out += key_line("done", answers.done);
  if (!answers.url.starts_with("pop3"))
    out += "\n# What to do with a report that cannot be read: nothing or move FOLDER.\n# failed = nothing\n";
  if (!answers.url.starts_with("pop3"))
    out += "\n# For the first visit to an old mailbox: ignore older mail.\n# since = 2026-01-01\n";
  return out;
}

constexpr bool is_plain_in_uri(char c) {
  return ascii::is_letter_or_digit(c) || std::string_view("-._~+=@").find(c) != std::string_view::npos;
}

// In a DMARC record ',' and '!' part addresses, ';' parts tags. // RFC 9989 section 4.7
std::string mailto(std::string_view address) {
  std::string out = "mailto:";
  for (const char c : address)
    out += is_plain_in_uri(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

bool is_external(const model::Domain& domain, const model::Domain& mailbox,
                 const verify::suffix::PublicSuffixList* list) {
  if (list != nullptr) return list->organizational_domain(domain) != list->organizational_domain(mailbox);
  return !domain.is_at_or_below(mailbox) && !mailbox.is_at_or_below(domain);
}

std::string beside(const InitAnswers& answers, std::string_view file) {
  if (file.starts_with('/') || file.starts_with("~/")) return std::string(file);
  const auto slash = answers.config_path.rfind('/');
  return slash == std::string::npos ? std::string(file) : answers.config_path.substr(0, slash + 1) + std::string(file);
}

std::string secret_step(const InitAnswers& answers, std::string_view what, std::string_view name) {
  const std::string file = beside(answers, name);
  if (answers.schedule == Schedule::systemd)
    return fmt::format("write {0} into {1}, readable only by the service: install -m 640 -g ruaudit /dev/stdin {1}",
                       what, file);
  return fmt::format("write {} into {}, readable only by the user who runs ruaudit (umask 077)", what, file);
}

std::vector<std::string> login_steps(const InitAnswers& answers) {
  if (answers.url.empty()) return {};
  if (answers.provider == Provider::microsoft365)
    return {"register an application and put its ids into the configuration: docs/mailbox-oauth.md",
            secret_step(answers, "the client's secret", "client-secret")};
  if (answers.provider == Provider::google)
    return {"create a service account with domain-wide delegation: docs/mailbox-oauth.md",
            secret_step(answers, "its JSON key", "service-account.json")};
  if (answers.password_key == "password_file") return {secret_step(answers, "the password", answers.password_value)};
  return {};
}

// The units of systemd run as the user ruaudit, which reads what its group may read. A credential is read by systemd
// for the unit alone.
std::vector<std::string> systemd_steps(const InitAnswers& answers) {
  std::vector<std::string> steps;
  if (answers.provider == Provider::other && answers.password_key == "password_credential" && !answers.url.empty())
    steps.push_back(
        fmt::format("systemctl edit ruaudit-watch.service ruaudit-fetch.service: [Service] LoadCredential={}:FILE",
                    answers.password_value));
  steps.push_back(fmt::format("sudo -u ruaudit ruaudit doctor --config {}", answers.config_path));
  return steps;
}

// The digest comes also when fetch ends with 3, because a mail could not be read.
std::string cron_step(const InitAnswers& answers) {
  return fmt::format("crontab -e, then: 17 5 * * * ruaudit fetch --quiet --config {0}; ruaudit digest --config {0}",
                     answers.config_path);
}

// As root. The units read one file only.
std::vector<std::string> steps_of_service(InitAnswers answers) {
  std::string access = fmt::format("chgrp ruaudit {0} && chmod 640 {0}: the service must read it", answers.config_path);
  const bool is_elsewhere = answers.config_path != system_configuration;
  if (is_elsewhere)
    access = fmt::format("as root: install -D -m 640 -g ruaudit {} {}: the file that the service reads",
                         answers.config_path, system_configuration);
  answers.config_path = system_configuration;
  std::vector<std::string> steps = login_steps(answers);
  steps.insert(is_elsewhere ? steps.begin() : steps.end(), std::move(access));
  for (std::string& step : systemd_steps(answers)) steps.push_back(std::move(step));
  steps.emplace_back("systemctl enable --now ruaudit-watch.service, or for a nightly run ruaudit-fetch.timer");
  steps.emplace_back(
      "systemctl enable --now ruaudit-digest.timer: what changed, every night, as [mail] and [digest] say");
  return steps;
}

}  // namespace

std::string_view address_domain(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

std::string configuration_text(const InitAnswers& answers) {
  return "# Configuration of ruaudit; ruaudit.conf(5) and `ruaudit config keys` explain every key.\n"
         "# Check it with `ruaudit config check`, try it with `ruaudit doctor`. It contains no secret.\n\n" +
         general_text(answers) + mailbox_text(answers);
}

std::vector<std::string> dns_records(const InitAnswers& answers, const verify::suffix::PublicSuffixList* list) {
  std::vector<std::string> records;
  const auto mailbox = model::Domain::parse(address_domain(answers.address));
  const std::string to = mailto(answers.address);
  // RFC 9989 section 4.7: a policy of none asks for reports and changes nothing else.
  for (const model::Domain& domain : answers.domains)
    records.push_back(fmt::format("_dmarc.{}. IN TXT \"v=DMARC1; p=none; rua={}; ruf={}\"", domain.text(), to, to));
  for (const model::Domain& domain : answers.domains)
    if (mailbox && is_external(domain, *mailbox, list))
      records.push_back(fmt::format("{}._report._dmarc.{}. IN TXT \"v=DMARC1\"", domain.text(), mailbox->text()));
  return records;
}

std::vector<std::string> next_steps(const InitAnswers& answers) {
  if (answers.schedule == Schedule::systemd) return steps_of_service(answers);
  std::vector<std::string> steps = login_steps(answers);
  steps.push_back(fmt::format("ruaudit doctor --config {}", answers.config_path));
  steps.push_back(cron_step(answers));
  return steps;
}

}  // namespace ruaudit::jobs
