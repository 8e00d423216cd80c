#include "config/secret.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

#include "config/command_detail.hpp"
#include "config/file_detail.hpp"

namespace ruaudit::config {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

using Secret = model::Result<std::string>;

std::string first_word(std::string_view command) {
  const auto start = std::min(command.find_first_not_of(' '), command.size());
  command.remove_prefix(start);
  return std::string(command.substr(0, command.find_first_of(" \t'\"$`|;&<>(=")));
}

Secret first_line(std::string_view text, const std::string& where) {
  std::string line(text.substr(0, text.find('\n')));
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return model::failure("secret", where + ": there is no secret in its first line");
  if (line.find('\0') != std::string::npos) return model::failure("secret", where + ": the secret contains a NUL");
  return line;
}

Secret from_file(const std::string& path, const SecretLimits& limits) {
  TRY(auto file, read_file(path, {.octets = limits.octets, .code = "secret"}));
  if (S_ISREG(file.mode) && (file.mode & (S_IROTH | S_IWOTH)) != 0)
    return model::failure("secret", fmt::format("{}: everyone on this machine may read or change this secret", path),
                          fmt::format("chmod 600 {}, and change the secret", path));
  return std::move(file.text);
}

Secret from_environment(const std::string& variable, const std::string& where) {
  const char* const value = std::getenv(variable.c_str());
  if (value == nullptr) return model::failure("secret", where + ": it is not set", "set it where ruaudit is started");
  return std::string(value);
}

Secret from_credential(const std::string& name, const std::string& where, const SecretLimits& limits) {
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder == '\0')
    return model::failure("secret", where + ": systemd has passed no credentials",
                          fmt::format("put LoadCredential={}:FILE into the unit", name));
  if (name.empty() || name.find('/') != std::string::npos || name.front() == '.')
    return model::failure("secret", where + ": this is not the name of a credential");
  TRY(auto file, read_file(fmt::format("{}/{}", folder, name), {.octets = limits.octets, .code = "secret"}));
  return std::move(file.text);
}

Secret from_command(const std::string& command, const std::string& where, const SecretLimits& limits) {
  auto output = command_output(command, {.octets = limits.octets, .time = limits.command_time});
  if (!output) return model::failure(output.error().in(where));
  return output;
}

}  // namespace

model::Result<std::string> read_secret_text(const SecretSource& source, const SecretLimits& limits) {
  const std::string where = describe(source);
  return std::visit(
      Overloaded{[](std::monostate) -> Secret { return model::failure("secret", "no secret is configured"); },
                 [&](const SecretFile& file) { return from_file(file.path, limits); },
                 [&](const SecretCommand& command) { return from_command(command.command, where, limits); },
                 [&](const SecretEnvironment& environment) { return from_environment(environment.variable, where); },
                 [&](const SystemdCredential& credential) { return from_credential(credential.name, where, limits); }},
      source);
}

model::Result<std::string> read_secret(const SecretSource& source, const SecretLimits& limits) {
  TRY(const auto text, read_secret_text(source, limits));
  return first_line(text, describe(source));
}

std::string describe(const SecretSource& source) {
  return std::visit(
      Overloaded{[](std::monostate) { return std::string("none"); },
                 [](const SecretFile& file) { return "file " + file.path; },
                 [](const SecretCommand& command) {
                   const std::string word = first_word(command.command);
                   return fmt::format("command {}{}(arguments not shown)", word, word.empty() ? "" : " ");
                 },
                 [](const SecretEnvironment& environment) { return "environment variable " + environment.variable; },
                 [](const SystemdCredential& credential) { return "systemd credential " + credential.name; }},
      source);
}

}  // namespace ruaudit::config
