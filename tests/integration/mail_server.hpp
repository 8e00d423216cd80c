// Real mail servers on loopback for the integration tests: a child process (dovecot_server.py, imap4d_server.py) that
// serves until this value ends. Without the server's package the test program exits 77.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace ruaudit::test {

class MailServer {
 public:
  // The words after the script's name are its options: {"--capability", "IMAP4rev1 IDLE"}.
  explicit MailServer(const std::string& script, const std::vector<std::string>& options = {});
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;
  ~MailServer();

  // A field of the line the server describes itself with: port("imaps"), text("ca").
  [[nodiscard]] std::uint16_t port(const std::string& name) const;
  [[nodiscard]] std::string text(const std::string& name) const;
  // Puts mails into a folder of the user.
  void deliver(const std::string& user, const std::string& folder, const std::vector<std::string>& mails);
  void restart();

 private:
  void command(const std::string& line);
  std::string read_line();
  [[noreturn]] static void give_up(const std::string& why);

  pid_t pid_ = 0;
  std::FILE* to_server_ = nullptr;
  std::FILE* from_server_ = nullptr;
  std::string description_;  // JSON
};

}  // namespace ruaudit::test
