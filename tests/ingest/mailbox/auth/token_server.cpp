#include "tests/ingest/mailbox/auth/token_server.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/paths.hpp"

namespace ruaudit::tests {

TokenServer::TokenServer() {
  std::array<int, 2> input{}, output{};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  std::string python = RUAUDIT_PYTHON, script = ruaudit::test::source_path("tests/integration/token_server.py");
  const std::array<char*, 3> words = {python.data(), script.data(), nullptr};
  const int fault = posix_spawn(&pid_, python.c_str(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  if (fault != 0) std::abort();
  char c = 0;
  while (::read(output[0], &c, 1) == 1 && c != '\n') description_ += c;
  ::close(output[0]);
  if (!description_.starts_with('{')) {
    std::puts(description_.c_str());
    std::exit(77);
  }
}

TokenServer::~TokenServer() {
  ::close(input_);
  ::waitpid(pid_, nullptr, 0);
}

std::string TokenServer::text(const char* name) const { return nlohmann::json::parse(description_).at(name); }

std::size_t TokenServer::requests(const std::string& path) const {
  std::ifstream log(text("log"));
  std::size_t count = 0;
  for (std::string line; std::getline(log, line);)
    if (line.starts_with(path + " ")) ++count;
  return count;
}

const TokenServer& token_server() {
  static const TokenServer server;
  return server;
}

}  // namespace ruaudit::tests
