// Real name servers on loopback for the live tests: knot, authoritative, and unbound, validating, before it. They run
// as children of the test in a directory of their own and are ended by their process ids. Without them the program
// exits 77.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>

#include "verify/dns/live_resolver.hpp"

namespace ruaudit::test {

class Child {  // a program in the foreground
 public:
  Child() = default;
  explicit Child(const std::string& command);  // words separated by blanks
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  Child& operator=(Child&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }
  ~Child();

 private:
  pid_t pid_ = 0;
};

class DnsServers {
 public:
  DnsServers();
  DnsServers(const DnsServers&) = delete;
  DnsServers& operator=(const DnsServers&) = delete;
  ~DnsServers();

  [[nodiscard]] verify::dns::ServerAddress authoritative() const;
  [[nodiscard]] verify::dns::ServerAddress validating() const;

 private:
  void write(const std::string& name, const std::string& text) const;
  void start_knot();
  void start_unbound();

  std::filesystem::path folder_;
  std::uint16_t knot_port_ = 0;
  std::uint16_t unbound_port_ = 0;
  Child knot_;
  Child unbound_;
};

// A UDP port on 127.0.0.1 that nobody has at this moment.
std::uint16_t free_port();

}  // namespace ruaudit::test
