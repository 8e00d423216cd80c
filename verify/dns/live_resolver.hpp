// Asks real name servers through c-ares: UDP with EDNS, TCP after truncation, many questions at once, never more in
// flight than the cap (beyond a few hundred answers are lost in the socket's buffer). Raw answers are decoded here, so
// rcode and AD are the server's own. A question that ends in SERVFAIL is asked again, then with validation
// switched off: an answer to that alone, before and behind another SERVFAIL, means that DNSSEC is broken (`bogus`). An
// answer that ends in an alias and says nothing of its target is followed, at most 8 times. Servers are the system's or
// one that is given. No cache: put CachingResolver in front. Any number of threads may ask: each call uses a channel of
// its own from a pool.
#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip_address.hpp"
#include "model/result.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

struct ServerAddress {
  model::IpAddress address;
  std::uint16_t port = 53;

  // "192.0.2.1", "192.0.2.1@5353", "2001:db8::1@53". Error code "resolver-address".
  static model::Result<ServerAddress> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;  // with the port
};

struct LiveOptions {
  std::optional<ServerAddress> server{};        // nothing: the system's resolvers
  std::chrono::milliseconds try_timeout{2000};  // of the first try; it doubles with each
  int tries = 2;                                // per server
  std::chrono::milliseconds deadline{15'000};   // for one query_all(); then the rest is `timeout`
  std::size_t max_in_flight = 100;              // per query_all()
};

class LiveResolver final : public Resolver {
 public:
  // Error code "resolver".
  static model::Result<std::unique_ptr<LiveResolver>> open(const LiveOptions& options, Clock clock);
  ~LiveResolver() override;

  [[nodiscard]] std::vector<Answer> query_all(std::span<const Question> questions) override;
  [[nodiscard]] const std::string& id() const { return id_; }  // the servers, as in Answer::resolver

 private:
  class Channel;
  struct Round {
    std::chrono::steady_clock::time_point deadline{};
    std::vector<std::size_t> positions{};  // of the answers that are asked for
  };
  LiveResolver(const LiveOptions& options, Clock clock);
  [[nodiscard]] model::Result<std::unique_ptr<Channel>> take();
  void give_back(std::unique_ptr<Channel> channel);
  [[nodiscard]] std::vector<std::size_t> ask(const Round& round, std::vector<Answer>& answers);
  void follow(Channel& channel, const Round& round, Answer& answer) const;
  [[nodiscard]] std::vector<std::size_t> answered_unchecked(const Round& round, const std::vector<Answer>& answers);
  void judge_servfail(Round round, std::vector<Answer>& answers);

  LiveOptions options_;
  Clock clock_;
  std::string id_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Channel>> idle_;
};

}  // namespace ruaudit::verify::dns
