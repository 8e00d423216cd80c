#include "odd_name_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace ruaudit::test {
namespace {

using Octets = std::vector<std::uint8_t>;
constexpr std::size_t header_octets = 12;
constexpr unsigned no_error = 0, servfail = 2, name_error = 3;

void put_name(Octets& out, const std::string& name) {
  for (std::size_t from = 0; from < name.size();) {
    const auto dot = std::min(name.find('.', from), name.size());
    out.push_back(static_cast<std::uint8_t>(dot - from));
    out.insert(out.end(), name.begin() + static_cast<std::ptrdiff_t>(from),
               name.begin() + static_cast<std::ptrdiff_t>(dot));
    from = dot + 1;
  }
  out.push_back(0);
}

void put_record(Octets& out, const std::string& name, std::uint8_t type, const Octets& data) {
  put_name(out, name);
  for (const int octet : {0, int{type}, 0, 1, 0, 0, 0, 60, 0, static_cast<int>(data.size())})
    out.push_back(static_cast<std::uint8_t>(octet));
  out.insert(out.end(), data.begin(), data.end());
}

struct Question {
  std::string name{};
  bool is_checking_disabled = false;
  std::size_t end = 0;
};

Question read(const Octets& message) {
  Question question{.is_checking_disabled = (message[3] & 0x10U) != 0};
  std::size_t at = header_octets;
  for (; at < message.size() && message[at] != 0; at += message[at] + 1U) {
    if (!question.name.empty()) question.name += '.';
    for (std::size_t i = 1; i <= message[at]; ++i) question.name += static_cast<char>(message[at + i] | 0x20U);
  }
  question.end = at + 5;
  return question;
}

struct Reply {
  unsigned rcode = no_error;
  std::string alias{};  // the only record
  bool has_text = false;
};

// chainN.test: alias to chainN-1.test, and nothing of it; chain0.test has the text. loop: aliases in a ring. gone: an
// alias to a name that does not exist. failsN.test: SERVFAIL N times. bogus.test: answered with CD alone.
Reply answer(const Question& question, int times) {
  const auto& name = question.name;
  if (name == "loop.test") return {.alias = "ring.test"};
  if (name == "ring.test") return {.alias = "loop.test"};
  if (name == "gone.test") return {.alias = "nowhere.test"};
  if (name == "nowhere.test") return {.rcode = name_error};
  if (name == "bogus.test") return question.is_checking_disabled ? Reply{.has_text = true} : Reply{.rcode = servfail};
  if (name.starts_with("fails")) return times <= name[5] - '0' ? Reply{.rcode = servfail} : Reply{.has_text = true};
  if (!name.starts_with("chain")) return {.rcode = name_error};
  const int left = std::stoi(name.substr(5));
  return left == 0 ? Reply{.has_text = true} : Reply{.alias = "chain" + std::to_string(left - 1) + ".test"};
}

Octets written(const Octets& message, const Question& question, const Reply& reply) {
  Octets out(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(question.end));
  const bool has_record = reply.has_text || !reply.alias.empty();
  out[2] = 0x81;
  out[3] = static_cast<std::uint8_t>(0x80U | reply.rcode);
  for (std::size_t i = 6; i < header_octets; ++i) out[i] = 0;
  out[7] = has_record ? 1 : 0;
  Octets data;
  if (!reply.alias.empty()) put_name(data, reply.alias);
  if (reply.has_text) data = {2, 'o', 'k'};
  if (has_record) put_record(out, question.name, reply.has_text ? 16 : 5, data);
  return out;
}

}  // namespace

OddNameServer::OddNameServer() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
  timeval limit{.tv_sec = 0, .tv_usec = 50'000};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (bind(socket_, raw, size) != 0 || getsockname(socket_, raw, &size) != 0) throw std::runtime_error("no port");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

OddNameServer::~OddNameServer() {
  is_stopped_ = true;
  thread_.join();
  close(socket_);
}

verify::dns::ServerAddress OddNameServer::address() const { return {*model::IpAddress::parse("127.0.0.1"), port_}; }

void OddNameServer::serve() {
  std::array<std::uint8_t, 1500> buffer{};
  while (!is_stopped_) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    auto* const raw = reinterpret_cast<sockaddr*>(&peer);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
    const auto octets = recvfrom(socket_, buffer.data(), buffer.size(), 0, raw, &size);
    if (octets < static_cast<ssize_t>(header_octets) + 5) continue;
    const Octets message(buffer.begin(), buffer.begin() + octets);
    const auto question = read(message);
    const auto out = written(message, question, answer(question, ++asked_[question.name]));
    static_cast<void>(sendto(socket_, out.data(), out.size(), 0, raw, size));
  }
}

}  // namespace ruaudit::test
