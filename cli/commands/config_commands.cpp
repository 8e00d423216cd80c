// ruaudit config check|show|keys: is the configuration right, what does it say and where, what could it say.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "config/secret.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto options_of_all = with_configuration(std::array<OptionSpec, 0>{});

constexpr CommandSpec check_spec = {"config check",
                                    "[--config FILE] [--set SECTION.KEY=VALUE]",
                                    "Lists everything that is wrong in the configuration.",
                                    options_of_all,
                                    0,
                                    0};
constexpr CommandSpec show_spec = {"config show",
                                   "[--config FILE] [--set SECTION.KEY=VALUE]",
                                   "Shows every effective value and where it comes from; no secrets.",
                                   options_of_all,
                                   0,
                                   0};
constexpr CommandSpec keys_spec = {"config keys", "", "Lists the keys of a configuration.", {}, 0, 0};

model::Result<config::Examined> examine(const Options& options) {
  const auto request = configuration_request(options);
  return config::examine({.path = request.path, .settings = request.settings});
}

using Errors = std::vector<model::Error>;

std::string title_of(const config::DigestGroup& group) {
  return group.name.empty() ? std::string("[digest]") : fmt::format("[digest {}]", group.name);
}

void check_readable(const std::string& path, const std::string& where, Errors& errors) {
  if (path.empty() || ::access(path.c_str(), R_OK) == 0) return;
  errors.push_back({"config-file", fmt::format("{}: {}: {}", where, path, std::strerror(errno)), ""});
}

// Files alone: a variable or a systemd credential may be there for the service only, and a command may cost something.
void check_secret(const config::SecretSource& source, const std::string& where, Errors& errors) {
  if (!std::holds_alternative<config::SecretFile>(source)) return;
  if (const auto secret = config::read_secret_text(source); !secret) errors.push_back(secret.error().in(where));
}

void check_files(const config::Mailbox& mailbox, Errors& errors) {
  const std::string where = fmt::format("[mailbox {}]", mailbox.name);
  for (const auto* const source : {&mailbox.password, &mailbox.oauth.token, &mailbox.oauth.client_secret,
                                   &mailbox.oauth.refresh_token, &mailbox.oauth.key})
    check_secret(*source, where, errors);
  for (const auto* const path : {&mailbox.ca_file, &mailbox.oauth.ca_file, &mailbox.path})
    check_readable(*path, where, errors);
}

void check_files(const config::Configuration& configuration, Errors& errors) {
  const auto& server = configuration.mail.server;
  for (const auto* const source : {&server.password, &server.oauth.token, &server.oauth.client_secret,
                                   &server.oauth.refresh_token, &server.oauth.key})
    check_secret(*source, "[mail]", errors);
  for (const auto* const path : {&server.ca_file, &server.oauth.ca_file, &configuration.mail.sendmail})
    check_readable(*path, "[mail]", errors);
  for (const auto& group : configuration.digests) {
    check_secret(group.webhook_key, title_of(group), errors);
    check_readable(group.webhook_ca_file, title_of(group), errors);
  }
  check_secret(configuration.cluster.password, "[cluster]", errors);
  check_readable(configuration.cluster.ca_file, "[cluster]", errors);
}

std::string source_of(const config::Loaded& loaded) {
  return loaded.path.empty() ? "no configuration file" : loaded.path;
}

model::Result<ExitCode> check(const Options& options, jobs::Console& console) {
  TRY(auto examined, examine(options));
  Errors errors = std::move(examined.errors);
  for (const config::Mailbox& mailbox : examined.loaded.configuration.mailboxes) check_files(mailbox, errors);
  check_files(examined.loaded.configuration, errors);
  for (const model::Error& error : errors) jobs::print_error(console, error);
  const std::size_t count = examined.loaded.configuration.mailboxes.size();
  console.out << jobs::printable(source_of(examined.loaded))
              << fmt::format(": {} mailbox{}, {}\n", count, count == 1 ? "" : "es",
                             errors.empty() ? std::string("nothing wrong") : fmt::format("{} wrong", errors.size()));
  return errors.empty() ? ExitCode::success : ExitCode::rejected;
}

// One line per key: in force as it would stand in the file, a default as a comment.
void show_keys(std::string_view section, std::span<const config::Key> keys, const config::Origins& origins,
               jobs::Console& console) {
  for (const config::Key& key : keys) {
    const auto given = origins.find(fmt::format("{}.{}", section, key.name));
    const std::string line = given != origins.end() ? fmt::format("{} = {}", key.name, given->second.text)
                                                    : fmt::format("# {} = {}", key.name, key.fallback);
    const std::string origin = given != origins.end() ? given->second.origin : "default";
    console.out << jobs::printable(fmt::format("{:50} # {}", line, origin)) << '\n';
  }
}

std::vector<config::Key> keys_of(config::SourceType type) {
  std::vector<config::Key> keys;
  for (const config::Key& key : config::mailbox_keys)
    if ((key.scope & 1U << static_cast<unsigned>(type)) != 0) keys.push_back(key);
  return keys;
}

model::Result<ExitCode> show(const Options& options, jobs::Console& console) {
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto database, database_path(options, loaded));
  console.out << jobs::printable(fmt::format("# {}; the database used is {}", source_of(loaded), database))
              << "\n[general]\n";
  show_keys("general", config::general_keys, loaded.origins, console);
  for (const config::Mailbox& mailbox : loaded.configuration.mailboxes) {
    console.out << fmt::format("\n[mailbox {}]\n", mailbox.name);
    show_keys("mailbox." + mailbox.name, keys_of(mailbox.type), loaded.origins, console);
  }
  if (!loaded.configuration.mail.from.empty()) {
    console.out << "\n[mail]\n";
    show_keys("mail", config::outgoing_keys, loaded.origins, console);
  }
  for (const config::DigestGroup& group : loaded.configuration.digests) {
    console.out << fmt::format("\n{}\n", title_of(group));
    show_keys(group.name.empty() ? "digest" : "digest." + group.name, config::digest_keys, loaded.origins, console);
  }
  if (loaded.configuration.cluster.is_configured()) {
    console.out << "\n[cluster]\n";
    show_keys("cluster", config::cluster_keys, loaded.origins, console);
  }
  return ExitCode::success;
}

void list_keys(std::string_view title, std::span<const config::Key> keys, jobs::Console& console) {
  console.out << title << '\n';
  for (const config::Key& key : keys) {
    console.out << fmt::format("  {} = {}\n      {}", key.name, key.takes, key.help);
    if (!key.fallback.empty()) console.out << fmt::format("; default {}", key.fallback);
    console.out << '\n';
  }
}

model::Result<ExitCode> keys(const Options&, jobs::Console& console) {
  list_keys("[general]", config::general_keys, console);
  list_keys("[mailbox NAME]", config::mailbox_keys, console);
  list_keys("[mail]", config::outgoing_keys, console);
  list_keys("[digest NAME]", config::digest_keys, console);
  list_keys("[cluster]", config::cluster_keys, console);
  return ExitCode::success;
}

}  // namespace

const Command config_check_command = {&check_spec, guarded<check>};
const Command config_show_command = {&show_spec, guarded<show>};
const Command config_keys_command = {&keys_spec, guarded<keys>};

}  // namespace ruaudit::cli
