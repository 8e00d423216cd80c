// Secrets from where the configuration says they are. Enters a SecretSource, leaves the secret: the first line of a
// file, of a command's output, of an environment variable or of a systemd credential ($CREDENTIALS_DIRECTORY), without
// its line end. No error text ever holds a part of the secret or of a command's output; of a command it holds the first
// word alone. A file that everyone may read or change is refused. Limits: 16 KiB, 30 seconds for a command, which
// gets no standard input and is ended with its children when the time is over. Error code: "secret".
#pragma once
#include <chrono>
#include <string>

#include "config/configuration.hpp"
#include "model/result.hpp"

namespace ruaudit::config {

struct SecretLimits {
  std::size_t octets = 16U << 10U;
  std::chrono::milliseconds command_time = std::chrono::seconds(30);
};

model::Result<std::string> read_secret(const SecretSource& source, const SecretLimits& limits = {});

// All lines of it (a key), by the same rules.
model::Result<std::string> read_secret_text(const SecretSource& source, const SecretLimits& limits = {});

// Atomically replaces the secret in a private file of this user; permissions stay as they are. An error
// when the file is another's, no regular file, or cannot be written.
model::Result<void> replace_secret_file(const std::string& path, const std::string& secret);

// "file /etc/ruaudit/password", "command pass (arguments not shown)", "none": for people.
std::string describe(const SecretSource& source);

}  // namespace ruaudit::config
