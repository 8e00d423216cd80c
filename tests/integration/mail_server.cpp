#include "tests/integration/mail_server.hpp"
#include "tests/paths.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace ruaudit::test {

// Only a server that is not installed skips the test; one that does not start or obey fails it.
void MailServer::give_up(const std::string& why) {
  std::cout << why << "\n";
  std::exit(why.starts_with("skipped: ") ? 77 : 1);  // NOLINT(concurrency-mt-unsafe)
}

MailServer::MailServer(const std::string& script, const std::vector<std::string>& options) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) give_up("no pipe");
  std::vector<std::string> words{"python3", ruaudit::test::source_path("tests/integration/") + script};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  if (::posix_spawnp(&pid_, "python3", &actions, nullptr, arguments.data(), environ) != 0)
    give_up("python3 does not start");
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  to_server_ = ::fdopen(in[1], "w");
  from_server_ = ::fdopen(out[0], "r");
  description_ = read_line();
  if (!description_.starts_with("{")) give_up(description_.empty() ? script + " says nothing" : description_);
}

MailServer::~MailServer() {
  std::fclose(to_server_);  // the end of its input ends the server
  ::waitpid(pid_, nullptr, 0);
  std::fclose(from_server_);
}

std::string MailServer::read_line() {
  std::string line;
  for (int c = std::fgetc(from_server_); c != EOF && c != '\n'; c = std::fgetc(from_server_))
    line += static_cast<char>(c);
  return line;
}

std::uint16_t MailServer::port(const std::string& name) const {
  return nlohmann::json::parse(description_).at(name).get<std::uint16_t>();
}

std::string MailServer::text(const std::string& name) const {
  return nlohmann::json::parse(description_).at(name).get<std::string>();
}

void MailServer::deliver(const std::string& user, const std::string& folder, const std::vector<std::string>& mails) {
  const std::filesystem::path at(text("folder"));
  std::string line = "deliver " + user + " " + folder;
  for (std::size_t i = 0; i < mails.size(); ++i) {
    const auto path = at / ("mail-" + std::to_string(i));
    std::ofstream(path, std::ios::binary) << mails[i];
    line += " " + path.string();
  }
  command(line);
}

void MailServer::restart() { command("restart"); }

void MailServer::command(const std::string& line) {
  std::fputs((line + "\n").c_str(), to_server_);
  std::fflush(to_server_);
  if (read_line() != "done") give_up("the server does not do: " + line);
}

}  // namespace ruaudit::test
