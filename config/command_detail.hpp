// The output of a shell command, with limits on time and octets.
#pragma once
#include <chrono>
#include <string>

#include "model/result.hpp"

namespace ruaudit::config {

struct CommandLimits {
  std::size_t octets = 0;
  std::chrono::milliseconds time{};
};

// Runs `/bin/sh -c command` with an empty standard input; its standard error is thrown away, since it may hold a
// secret. Errors (code "secret") say how it ended and nothing of what it printed.
model::Result<std::string> command_output(const std::string& command, const CommandLimits& limits);

}  // namespace ruaudit::config
