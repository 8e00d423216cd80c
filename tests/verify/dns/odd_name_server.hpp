// A name server on loopback that answers TXT questions as no proper server does, by the name asked for: see answer() in
// odd_name_server.cpp. It runs in a thread of the test and ends with it.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "verify/dns/live_resolver.hpp"

namespace ruaudit::test {

class OddNameServer {
 public:
  OddNameServer();
  OddNameServer(const OddNameServer&) = delete;
  OddNameServer& operator=(const OddNameServer&) = delete;
  ~OddNameServer();
  [[nodiscard]] verify::dns::ServerAddress address() const;

 private:
  void serve();

  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_stopped_{false};
  std::map<std::string, int> asked_;
  std::thread thread_;
};

}  // namespace ruaudit::test
