#include "verify/dns/live_resolver.hpp"

#include <ares.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <unordered_set>

#include "verify/dns/name.hpp"
#include "verify/dns/wire.hpp"

namespace ruaudit::verify::dns {
namespace {

using model::Result;
using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

tl::unexpected<model::Error> fail(const std::string& what) {
  return model::failure("resolver", what, "name a resolver with --resolver ADDR[@PORT]");
}

struct FreeServers {
  void operator()(ares_addr_port_node* list) const noexcept { ares_free_data(list); }
};

std::string name_servers(ares_channel channel) {
  ares_addr_port_node* raw = nullptr;
  if (ares_get_servers_ports(channel, &raw) != ARES_SUCCESS) return "system";
  const std::unique_ptr<ares_addr_port_node, FreeServers> list(raw);
  std::string names;
  for (const auto* node = list.get(); node != nullptr; node = node->next) {
    std::array<char, 64> text{};
    ares_inet_ntop(node->family, &node->addr, text.data(), text.size());
    const int port = node->udp_port == 0 ? 53 : node->udp_port;
    names += (names.empty() ? "" : ",") + std::string(text.data()) + "@" + std::to_string(port);
  }
  return names.empty() ? "system" : names;
}

struct Wanted {  // one query to be sent
  std::string name{};
  RecordType type = RecordType::TXT;
  Checking checking = Checking::enabled;
};

struct Received {
  int status = ARES_ETIMEOUT;
  std::vector<std::uint8_t> message{};
};

}  // namespace

// One c-ares channel; used by one call at a time.
class LiveResolver::Channel {
 public:
  static Result<std::unique_ptr<Channel>> open(const LiveOptions& options) {
    ares_options settings{};
    settings.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS | ARES_FLAG_NOCHECKRESP;
    settings.timeout = static_cast<int>(options.try_timeout.count());
    settings.tries = options.tries;
    settings.ednspsz = edns_payload;
    const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ;
    auto channel = std::make_unique<Channel>();
    const int rc = ares_init_options(&channel->handle_, &settings, mask);
    if (rc != ARES_SUCCESS) return fail(std::string("cannot set up DNS: ") + ares_strerror(rc));
    channel->is_open_ = true;
    if (!options.server) return channel;
    const auto& server = *options.server;
    const auto address = server.address.to_string();
    const auto csv = (server.address.is_v4() ? address : "[" + address + "]") + ":" + std::to_string(server.port);
    if (ares_set_servers_ports_csv(channel->handle_, csv.c_str()) != ARES_SUCCESS)
      return fail("cannot use the resolver " + csv);
    return channel;
  }

  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() {
    if (is_open_) ares_destroy(handle_);
  }

  [[nodiscard]] std::string servers() const { return name_servers(handle_); }

  // Sends all, never more than `cap` at once, and waits until every one is answered or the deadline is over.
  std::vector<Received> exchange(const std::vector<Wanted>& wanted, std::size_t cap, SteadyTime deadline) {
    std::vector<Pending> pending(wanted.size());
    std::size_t sent = 0;
    while (sent < wanted.size() || in_flight_ > 0) {
      const auto now = std::chrono::steady_clock::now();
      if (now >= deadline) break;
      for (; sent < wanted.size() && in_flight_ < cap; ++sent) send(wanted[sent], pending[sent]);
      wait(std::chrono::duration_cast<milliseconds>(deadline - now));
    }
    if (in_flight_ > 0) ares_cancel(handle_);  // calls back for each, so nothing points at `pending` any more
    std::vector<Received> received;
    received.reserve(pending.size());
    for (auto& one : pending) received.push_back(std::move(one.received));
    return received;
  }

 private:
  struct Pending {
    Channel* channel = nullptr;
    std::uint16_t id = 0;
    Received received{};
  };

  static void on_answer(void* argument, int status, int /*timeouts*/, unsigned char* message, int octets) noexcept {
    auto& pending = *static_cast<Pending*>(argument);
    --pending.channel->in_flight_;
    pending.channel->ids_.erase(pending.id);
    pending.received.status = status;
    if (status != ARES_SUCCESS || octets <= 0) return;
    try {
      pending.received.message.assign(message, message + octets);
    } catch (...) {  // no memory: no answer
      pending.received.status = ARES_ENOMEM;
    }
  }

  void send(const Wanted& wanted, Pending& pending) {
    pending.channel = this;
    do pending.id = static_cast<std::uint16_t>(random_());
    while (!ids_.insert(pending.id).second);
    ++in_flight_;
    const auto query = encode_query({wanted.name, wanted.type, pending.id, wanted.checking});
    ares_send(handle_, query.data(), static_cast<int>(query.size()), on_answer, &pending);
  }

  // One round of the event loop. poll() has no limit on the numbers of descriptors, select() has.
  void wait(milliseconds longest) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const int bits = ares_getsock(handle_, sockets.data(), static_cast<int>(sockets.size()));
    std::array<pollfd, ARES_GETSOCK_MAXNUM> polled{};
    nfds_t count = 0;
    for (unsigned i = 0; i < sockets.size(); ++i) {
      const auto mask = static_cast<unsigned>(bits);
      const bool reads = ((mask >> i) & 1U) != 0;
      const bool writes = ((mask >> (i + ARES_GETSOCK_MAXNUM)) & 1U) != 0;
      if (!reads && !writes) continue;
      polled[count++] = {sockets[i], static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0};
    }
    timeval limit{};
    limit.tv_sec = static_cast<time_t>(longest.count() / 1000);
    limit.tv_usec = static_cast<suseconds_t>(longest.count() % 1000 * 1000);
    timeval next{};
    const timeval* until = ares_timeout(handle_, &limit, &next);
    const auto wait_for = until == nullptr ? 0 : until->tv_sec * 1000 + until->tv_usec / 1000 + 1;
    static_cast<void>(::poll(polled.data(), count, static_cast<int>(std::min<long>(wait_for, 1000))));
    for (nfds_t i = 0; i < count; ++i) {
      const bool is_readable = (polled[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
      const bool is_writable = (polled[i].revents & POLLOUT) != 0;
      ares_process_fd(handle_, is_readable ? polled[i].fd : ARES_SOCKET_BAD,
                      is_writable ? polled[i].fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(handle_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // what has timed out
  }

  ares_channel handle_ = nullptr;
  bool is_open_ = false;
  std::size_t in_flight_ = 0;
  std::unordered_set<std::uint16_t> ids_;
  std::random_device random_;  // ids must not be guessable
};

namespace {

constexpr std::size_t max_follow_ups = 8;  // questions for the targets of aliases, behind the first answer

// True where the target of its aliases is still to be asked for.
bool read_answer(const Received& received, Answer& answer) {
  if (received.status == ARES_SUCCESS) return decode_response(received.message, answer);
  const bool is_silence =
      received.status == ARES_ETIMEOUT || received.status == ARES_ECONNREFUSED || received.status == ARES_ECANCELLED;
  answer.status = is_silence ? Status::timeout : Status::other;
  answer.detail = received.status == ARES_ECANCELLED ? "the deadline is over" : ares_strerror(received.status);
  return false;
}

// What the target of an alias answered, as the answer to the question about the alias.
void take_over(Answer&& target, Answer& answer) {
  answer.cname_chain.insert(answer.cname_chain.end(), target.cname_chain.begin(), target.cname_chain.end());
  target.cname_chain = std::move(answer.cname_chain);
  target.question = std::move(answer.question);
  target.resolver = std::move(answer.resolver);
  target.time = answer.time;
  if (answer.dnssec != Dnssec::secure) target.dnssec = answer.dnssec;
  answer = std::move(target);
}

void end_chain(Answer& answer, std::string detail) {
  answer.status = Status::servfail;
  answer.detail = std::move(detail);
}

}  // namespace

Result<ServerAddress> ServerAddress::parse(std::string_view text) {
  const auto at = text.find('@');
  const auto address = model::IpAddress::parse(text.substr(0, at));
  unsigned port = 53;
  bool is_port = true;
  if (at != std::string_view::npos) {
    const auto digits = text.substr(at + 1);
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    is_port = error == std::errc{} && rest == digits.data() + digits.size() && port > 0 && port <= 65535;
  }
  if (!address || !is_port)
    return model::failure("resolver-address", "not a resolver: '" + std::string(text.substr(0, 80)) + "'",
                          "write ADDRESS or ADDRESS@PORT, for example 127.0.0.1@53 or ::1@53");
  return ServerAddress{*address, static_cast<std::uint16_t>(port)};
}

std::string ServerAddress::to_string() const { return address.to_string() + "@" + std::to_string(port); }

LiveResolver::LiveResolver(const LiveOptions& options, Clock clock) : options_(options), clock_(std::move(clock)) {}

LiveResolver::~LiveResolver() = default;

Result<std::unique_ptr<LiveResolver>> LiveResolver::open(const LiveOptions& options, Clock clock) {
  std::unique_ptr<LiveResolver> resolver(new LiveResolver(options, std::move(clock)));
  TRY(auto channel, resolver->take());
  resolver->id_ = channel->servers();
  resolver->give_back(std::move(channel));
  return resolver;
}

Result<std::unique_ptr<LiveResolver::Channel>> LiveResolver::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto channel = std::move(idle_.back());
      idle_.pop_back();
      return channel;
    }
  }
  return Channel::open(options_);
}

void LiveResolver::give_back(std::unique_ptr<Channel> channel) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(channel));
}

// The answers to the questions at `positions`; returns the positions of those that ended in SERVFAIL. A channel of its
// own: c-ares gives up EDNS for a whole channel after SERVFAIL.
std::vector<std::size_t> LiveResolver::ask(const Round& round, std::vector<Answer>& answers) {
  auto taken = take();
  if (!taken) {
    for (const auto i : round.positions) answers[i].detail = taken.error().message;
    return {};
  }
  std::vector<Wanted> wanted;
  for (const auto i : round.positions)
    wanted.push_back({*canonical_name(answers[i].question.name), answers[i].question.type, Checking::enabled});
  const auto received = (*taken)->exchange(wanted, options_.max_in_flight, round.deadline);
  std::vector<std::size_t> failed, open;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    auto& answer = answers[round.positions[k]];
    const Answer asked{.question = answer.question, .resolver = answer.resolver, .time = clock_()};
    answer = asked;
    if (read_answer(received[k], answer)) open.push_back(round.positions[k]);
    if (answer.status == Status::servfail && answer.cname_chain.empty()) failed.push_back(round.positions[k]);
  }
  for (const auto i : open) follow(**taken, round, answers[i]);
  if (failed.empty()) give_back(std::move(*taken));
  return failed;
}

// RFC 1034 section 3.6.2: an alias leads to the answer. A server that hands out the alias alone has not answered.
void LiveResolver::follow(Channel& channel, const Round& round, Answer& answer) const {
  for (std::size_t i = 0; i < max_follow_ups; ++i) {
    const auto& chain = answer.cname_chain;
    const auto name = canonical_name(chain.back());
    if (!name || std::find(chain.begin(), chain.end() - 1, chain.back()) != chain.end() - 1 ||
        chain.back() == folded_name(answer.question.name))
      return end_chain(answer, "CNAME loop, or an alias to what is no name");
    Answer target;
    target.question = {*name, answer.question.type};
    const auto received = channel.exchange({{*name, answer.question.type, Checking::enabled}}, 1, round.deadline);
    const bool is_open = read_answer(received.front(), target);
    const auto ttl = answer.ttl;
    take_over(std::move(target), answer);
    if (answer.is_found() && ttl > 0) answer.ttl = std::min(answer.ttl, ttl);
    if (!is_open) return;
  }
  end_chain(answer, "CNAME chain too long, and no server tells its end");
}

// RFC 4035 sections 3.2.2 and 5.5: with CD set a validator hands out what it would not vouch for. Returns the positions
// of the questions that are answered so.
std::vector<std::size_t> LiveResolver::answered_unchecked(const Round& round, const std::vector<Answer>& answers) {
  auto taken = take();
  if (!taken) return {};
  std::vector<Wanted> wanted;
  for (const auto i : round.positions)
    wanted.push_back({*canonical_name(answers[i].question.name), answers[i].question.type, Checking::disabled});
  const auto received = (*taken)->exchange(wanted, options_.max_in_flight, round.deadline);
  std::vector<std::size_t> answered;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    Answer probe;
    probe.question = answers[round.positions[k]].question;
    static_cast<void>(read_answer(received[k], probe));
    if (!probe.is_temporary_error()) answered.push_back(round.positions[k]);
  }
  return answered;
}

// One SERVFAIL is a server in trouble, not a broken signature: it is asked again before, and once more behind the
// question with validation switched off, whose answer may mean no more than that the trouble is over.
void LiveResolver::judge_servfail(Round round, std::vector<Answer>& answers) {
  round.positions = ask(round, answers);
  if (round.positions.empty()) return;
  round.positions = answered_unchecked(round, answers);
  if (round.positions.empty()) return;
  for (const auto i : ask(round, answers)) {
    answers[i].status = Status::bogus;
    answers[i].dnssec = Dnssec::bogus;
    answers[i].detail = "DNSSEC validation failed: the resolver answers only with validation switched off";
  }
}

std::vector<Answer> LiveResolver::query_all(std::span<const Question> questions) {
  Round round{.deadline = std::chrono::steady_clock::now() + options_.deadline};
  std::vector<Answer> answers(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    answers[i].question = questions[i];
    answers[i].resolver = id_;
    answers[i].time = clock_();
    answers[i].status = canonical_name(questions[i].name) ? Status::other : Status::bad_name;
    if (answers[i].status != Status::bad_name) round.positions.push_back(i);
  }
  if (round.positions.empty()) return answers;
  round.positions = ask(round, answers);
  if (!round.positions.empty()) judge_servfail(std::move(round), answers);
  return answers;
}

}  // namespace ruaudit::verify::dns
