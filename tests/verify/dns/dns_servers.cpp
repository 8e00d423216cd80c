#include "dns_servers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <thread>
#include <vector>

namespace ruaudit::test {
namespace {

using namespace std::chrono_literals;
using verify::dns::ServerAddress;

[[noreturn]] void skip(const std::string& why) {
  std::cout << "skipped: " << why << "\n";
  std::exit(77);  // NOLINT(concurrency-mt-unsafe)
}

ServerAddress loopback(std::uint16_t port) { return {model::IpAddress::v4(0x7f000001), port}; }

// True once the server answers the question at all.
bool answers(std::uint16_t port, const std::string& name) {
  auto resolver = verify::dns::LiveResolver::open({.server = loopback(port), .try_timeout = 200ms, .tries = 1},
                                                  [] { return std::int64_t{0}; });
  for (int i = 0; resolver && i < 100; ++i) {
    if ((*resolver)->query(name, verify::dns::RecordType::TXT).is_found()) return true;
    std::this_thread::sleep_for(100ms);
  }
  return false;
}

std::string output_of(const std::string& command) {
  std::string text;
  std::array<char, 4096> buffer{};
  FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c)
  if (pipe == nullptr) return text;
  while (const auto octets = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), octets);
  ::pclose(pipe);
  return text;
}

std::string signed_zone(const std::string& name) {
  return "$ORIGIN " + name + ".\n$TTL 60\n@ SOA ns." + name +
         ". hostmaster 1 3600 600 86400 30\n@ NS ns\nns A 127.0.0.1\n" +
         "@ MX 10 mx\nmx A 192.0.2.44\n_25._tcp.mx TLSA 3 1 1 " + std::string(64, 'a') + "\n" +
         "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=quarantine\"\n";
}

std::string example_zone() {
  std::string big;
  for (char c = 'a'; c <= 'g'; ++c) big += " \"" + std::string(250, c) + "\"";
  return R"($ORIGIN example.test.
$TTL 60
@       SOA   ns hostmaster 1 3600 600 86400 30
@       NS    ns
ns      A     127.0.0.1
@       A     192.0.2.10
@       AAAA  2001:db8::10
@       MX    10 mx1
@       MX    20 mx2
@       TXT   "v=spf1 ip4:192.0.2.0/24 " "-all"
@       TXT   "other=record"
brief 1 TXT   "gone soon"
alias   CNAME target
target  CNAME end
end     TXT   "at the end"
dangling CNAME nowhere
loop1   CNAME loop2
loop2   CNAME loop1
*.wild  TXT   "any"
a.deep  A     192.0.2.11
empty   TXT   ""
bin     TXT   "a\000b\255"
under_score TXT "yes"
big     TXT  )" +
         big + "\n";
}

std::string knot_zone(const std::string& name) {
  return "  - domain: " + name + "\n    dnssec-signing: on\n    dnssec-policy: ecdsa\n";
}

}  // namespace

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t octets = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  const bool is_bound = ::bind(fd, raw, octets) == 0 && ::getsockname(fd, raw, &octets) == 0;
  ::close(fd);
  return is_bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

Child::Child(const std::string& command) {
  std::istringstream stream(command);
  std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  if (::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) pid_ = 0;
  posix_spawn_file_actions_destroy(&actions);
  if (pid_ == 0) skip(words.front() + " cannot be started");
}

Child::~Child() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 50; ++i) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) return;
    std::this_thread::sleep_for(100ms);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

DnsServers::DnsServers() : knot_port_(free_port()), unbound_port_(free_port()) {
  std::string name = (std::filesystem::temp_directory_path() / "ruaudit-dns-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) skip("no temporary directory");
  folder_ = name;
  start_knot();
  start_unbound();
}

DnsServers::~DnsServers() {
  unbound_ = {};
  knot_ = {};
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

ServerAddress DnsServers::authoritative() const { return loopback(knot_port_); }
ServerAddress DnsServers::validating() const { return loopback(unbound_port_); }

void DnsServers::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ / name, std::ios::binary) << text;
}

void DnsServers::start_knot() {
  const auto at = folder_.string();
  for (const char* sub : {"run", "db"}) std::filesystem::create_directory(folder_ / sub);
  write("example.test.zone", example_zone());
  write("signed.test.zone", signed_zone("signed.test"));
  write("bogus.test.zone", signed_zone("bogus.test"));
  write("2.0.192.in-addr.arpa.zone",
        "$ORIGIN 2.0.192.in-addr.arpa.\n$TTL 60\n@ SOA ns.example.test. h.example.test. 1 3600 600 86400 30\n"
        "@ NS ns.example.test.\n25 PTR mx1.example.test.\n25 PTR Mx2.example.test.\n");
  write("knot.conf",
        "server:\n    rundir: \"" + at + "/run\"\n    listen: 127.0.0.1@" + std::to_string(knot_port_) +
            "\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n" + "database:\n    storage: \"" +
            at + "/db\"\nlog:\n  - target: \"" + at +
            "/knot.log\"\n    any: warning\npolicy:\n  - id: ecdsa\n    algorithm: ecdsap256sha256\n" +
            "    single-type-signing: on\ntemplate:\n  - id: default\n    storage: \"" + at +
            "\"\n    file: \"%s.zone\"\n    zonefile-sync: -1\n    journal-content: none\n" +
            "    semantic-checks: off\nzone:\n  - domain: example.test\n  - domain: 2.0.192.in-addr.arpa\n" +
            "  - domain: broken.test\n" + knot_zone("signed.test") + knot_zone("bogus.test"));
  knot_ = Child("knotd -c " + at + "/knot.conf");
  if (!answers(knot_port_, "signed.test")) skip("knot does not answer (package knot)");
}

void DnsServers::start_unbound() {
  const auto at = folder_.string();
  // The trust anchor of one zone is right, that of the other is the digest of no key.
  std::istringstream keys(output_of("keymgr -c " + at + "/knot.conf signed.test ds 2>/dev/null"));
  std::string anchor;
  for (std::string line; std::getline(keys, line);)
    if (line.find(" 13 2 ") != std::string::npos) anchor = line;
  if (anchor.empty()) skip("keymgr names no key (package knot)");
  write("anchors", anchor + "\nbogus.test. DS 12345 13 2 " + std::string(64, '0') + "\n");
  std::string config =
      "server:\n  interface: 127.0.0.1@" + std::to_string(unbound_port_) +
      "\n  access-control: 127.0.0.0/8 allow\n  do-not-query-localhost: no\n  do-daemonize: no\n"
      "  chroot: \"\"\n  username: \"\"\n  use-syslog: no\n  module-config: \"validator iterator\"\n"
      "  num-threads: 1\n  directory: \"" +
      at + "\"\n  pidfile: \"\"\n  logfile: \"" + at + "/unbound.log\"\n  trust-anchor-file: \"" + at +
      "/anchors\"\n  local-zone: \"test.\" nodefault\n  local-zone: \"2.0.192.in-addr.arpa.\" nodefault\n"
      "  local-zone: \".\" refuse\n  local-zone: \"drop.test.\" always_deny\n"
      "remote-control:\n  control-enable: no\n";
  std::string stubs;
  for (const char* zone : {"example.test", "signed.test", "bogus.test", "broken.test"}) {
    config.insert(config.find("remote-control"), "  local-zone: \"" + std::string(zone) + ".\" transparent\n");
    stubs += "stub-zone:\n  name: \"" + std::string(zone) + "\"\n  stub-addr: 127.0.0.1@" + std::to_string(knot_port_) +
             "\n";
  }
  write("unbound.conf", config + stubs);
  unbound_ = Child("unbound -d -c " + at + "/unbound.conf");
  if (!answers(unbound_port_, "example.test")) skip("unbound does not answer (package unbound)");
}

}  // namespace ruaudit::test
