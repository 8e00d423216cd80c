#include "tests/ingest/mailbox/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace ruaudit::test {

ScriptedServer::ScriptedServer(std::function<ScriptedReply(const std::string&)> reply) : reply_(std::move(reply)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t octets = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, octets) == 0 && ::listen(listener_, 8) == 0 && ::getsockname(listener_, raw, &octets) == 0)
    port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  is_over_ = true;
  thread_.join();
  ::close(listener_);
}

void ScriptedServer::serve() {
  while (!is_over_) {
    pollfd entry{listener_, POLLIN, 0};
    if (::poll(&entry, 1, 20) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    serve_client(client);
    ::close(client);
  }
}

void ScriptedServer::serve_client(int client) {
  if (!say(client, reply_(""))) return;
  std::string pending;
  std::array<char, 4096> room{};
  while (!is_over_) {
    pollfd entry{client, POLLIN, 0};
    if (::poll(&entry, 1, 20) <= 0) continue;
    const auto received = ::recv(client, room.data(), room.size(), 0);
    if (received <= 0) return;
    pending.append(room.data(), static_cast<std::size_t>(received));
    for (auto end = pending.find("\r\n"); end != std::string::npos; end = pending.find("\r\n")) {
      const auto line = pending.substr(0, end);
      pending.erase(0, end + 2);
      if (!say(client, reply_(line))) return;
    }
  }
}

bool ScriptedServer::say(int client, const ScriptedReply& reply) {
  const std::size_t step = reply.per_octet.count() > 0 ? 1 : reply.octets.size();
  do {
    for (std::size_t at = 0; at < reply.octets.size() && !is_over_; at += step) {
      if (::send(client, reply.octets.data() + at, step, MSG_NOSIGNAL) < 0) return false;
      std::this_thread::sleep_for(reply.per_octet);
    }
  } while (reply.is_endless && !is_over_);
  return !reply.hangs_up;
}

}  // namespace ruaudit::test
