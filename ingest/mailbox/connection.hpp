// One TCP connection to a mail server, with TLS as the endpoint asks: certificate chain and host name are verified,
// STARTTLS is required where it is chosen, plain text only to a loopback address. libcurl makes the connection
// (CURLOPT_CONNECT_ONLY); everything said after that is ours. In: an Endpoint. Out: octets with deadlines. An error
// leaves the connection unusable.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mailbox/endpoint.hpp"
#include "ingest/mailbox/stop.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct Certificate {
  std::string subject;
  std::string issuer;
  std::string not_before;  // as OpenSSL prints it: "Nov 21 23:00:00 2026 GMT"
  std::string not_after;
  std::string names;  // subject alternative names: "DNS:mail.example.org, IP Address:192.0.2.1"
  bool operator==(const Certificate&) const = default;
};

struct ConnectionFacts {
  std::string address;  // the peer's IP address
  std::uint16_t port = 0;
  std::vector<Certificate> chain;  // as sent, the server's own first; empty without TLS
  bool operator==(const ConnectionFacts&) const = default;
};

// Octets received and time waited for in one operation; see Timeouts.
struct WaitBudget {
  std::chrono::milliseconds base{};
  std::uint64_t min_octets_per_second = 4096;
  std::chrono::milliseconds waited{};
  std::uint64_t received = 0;
  [[nodiscard]] std::chrono::milliseconds left() const;
};

enum class Readable { data, deadline, woken };  // woken: the extra descriptor became readable

class Connection {
 public:
  static model::Result<Connection> open(const Endpoint& endpoint, Stop stop);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  [[nodiscard]] const ConnectionFacts& facts() const;
  // True when libcurl has read the greeting: after STARTTLS it is gone.
  [[nodiscard]] bool greeting_consumed() const;
  model::Result<void> send(std::string_view octets, WaitBudget& budget);
  // At least one octet into `room`; the number of octets. The end of the stream is an error.
  model::Result<std::size_t> receive(std::span<char> room, WaitBudget& budget);
  // The same without waiting: 0 when nothing has come.
  model::Result<std::size_t> receive_ready(std::span<char> room);
  // Waits for octets at most `patience`; for IDLE, after receive_ready() gave none. Descriptor -1: nothing else can
  // wake it.
  model::Result<Readable> wait(std::chrono::milliseconds patience, int wake_descriptor);

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::ingest::mailbox
