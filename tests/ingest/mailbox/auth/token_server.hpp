// tests/integration/token_server.py as a child of the test: started once, ended with the program.
#pragma once
#include <sys/types.h>

#include <string>

namespace ruaudit::tests {

class TokenServer {
 public:
  TokenServer();
  TokenServer(const TokenServer&) = delete;
  TokenServer& operator=(const TokenServer&) = delete;
  ~TokenServer();
  [[nodiscard]] std::string text(const char* name) const;  // of its description
  [[nodiscard]] std::size_t requests(const std::string& path) const;

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  std::string description_;
};

const TokenServer& token_server();

}  // namespace ruaudit::tests
