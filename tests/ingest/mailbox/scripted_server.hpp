// A server on loopback that says what a test wants: a hostile one, mostly. It runs in a thread of its own, takes one
// connection after the other and asks a function for the reply to every line.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace ruaudit::test {

struct ScriptedReply {
  std::string octets;
  std::chrono::milliseconds per_octet{};  // 0: at once
  bool is_endless = false;                // again and again until the client is gone
  bool hangs_up = false;
};

class ScriptedServer {
 public:
  // line: without CRLF. The greeting is the reply to an empty line.
  explicit ScriptedServer(std::function<ScriptedReply(const std::string& line)> reply);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void serve();
  void serve_client(int client);
  bool say(int client, const ScriptedReply& reply);

  std::function<ScriptedReply(const std::string&)> reply_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

}  // namespace ruaudit::test
