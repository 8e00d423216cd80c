// mailbox_fetch floor|session PORT CA-FILE USER PASSWORD: fetches every mail of the INBOX of an IMAP server on this
// machine over TLS, and prints mails, octets and seconds as JSON.
//   floor    nothing but the wire: the commands for all batches are sent ahead, the answer is read and thrown away
//   session  the program's own ImapSession, whose mails are thrown away
// Both use libcurl's bare connection with the same TLS, and batches of the same number of mails.
#include <curl/curl.h>
#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "ingest/mailbox/imap/session.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace ruaudit::ingest::mailbox;

constexpr std::uint32_t batch_mails = 100;
constexpr std::size_t tail_octets = 4096;  // longer than the last line of any answer

struct Options {
  std::string way, port, ca_file, user, password;
};

struct Outcome {
  std::uint64_t mails = 0;
  std::uint64_t octets = 0;
  double seconds = 0;
};

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "mailbox_fetch: {}\n", why);
  std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}

class Wire {
 public:
  explicit Wire(const Options& options) : handle_(curl_easy_init(), curl_easy_cleanup), room_(64 * 1024) {
    curl_easy_setopt(handle_.get(), CURLOPT_URL, ("https://localhost:" + options.port).c_str());
    curl_easy_setopt(handle_.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(handle_.get(), CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl_easy_setopt(handle_.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(handle_.get(), CURLOPT_BUFFERSIZE, 65536L);
    curl_easy_setopt(handle_.get(), CURLOPT_CAINFO, options.ca_file.c_str());
    if (curl_easy_perform(handle_.get()) != CURLE_OK) give_up("no connection");
    curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket_);
  }

  void send(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      std::size_t sent = 0;
      const auto code = curl_easy_send(handle_.get(), text.data() + at, text.size() - at, &sent);
      if (code == CURLE_AGAIN) {
        wait(POLLOUT);
      } else if (code != CURLE_OK) {
        give_up("connection lost");
      }
      at += sent;
    }
  }

  // Reads until a line "TAG OK ..." ends what has come; only the tail is looked at. The octets read.
  std::uint64_t read_to(const std::string& tag) {
    std::uint64_t octets = 0;
    std::string tail;
    while (true) {
      const auto got = receive();
      octets += got.size();
      tail = (tail + got).substr(std::max<std::size_t>(tail.size() + got.size(), tail_octets) - tail_octets);
      const auto line = tail.rfind("\r\n", tail.size() - std::min<std::size_t>(tail.size(), 3));
      if (tail.ends_with("\r\n") && tail.compare(line == std::string::npos ? 0 : line + 2, tag.size(), tag) == 0)
        return octets;
      last_ = tail;
    }
  }

  std::string receive() {
    while (true) {
      std::size_t received = 0;
      const auto code = curl_easy_recv(handle_.get(), room_.data(), room_.size(), &received);
      if (code == CURLE_OK && received > 0) return {room_.data(), received};
      if (code != CURLE_AGAIN) give_up("connection lost after: " + last_);
      wait(POLLIN);
    }
  }

 private:
  void wait(short events) const {
    pollfd entry{socket_, events, 0};
    ::poll(&entry, 1, 30'000);
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
  std::vector<char> room_;
  std::string last_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
};

// UIDs are taken to be 1 to the number of mails, as in a mailbox made for the measurement.
Outcome fetch_floor(const Options& options) {
  Wire wire(options);
  wire.receive();
  wire.send("L LOGIN " + options.user + " " + options.password + "\r\n");
  wire.read_to("L ");
  wire.send("S EXAMINE INBOX\r\n");
  const auto selected = wire.receive();
  const auto exists = selected.find(" EXISTS");
  if (exists == std::string::npos) give_up("no EXISTS in: " + selected);
  const auto mails = std::strtoul(selected.c_str() + selected.rfind('*', exists) + 2, nullptr, 10);
  const auto begin = Clock::now();
  std::string commands;
  for (std::uint64_t first = 1; first <= mails; first += batch_mails)
    commands += fmt::format("F{0} UID FETCH {0}:{1} (UID BODY.PEEK[])\r\n", first,
                            std::min<std::uint64_t>(first + batch_mails - 1, mails));
  wire.send(commands);
  const auto octets = wire.read_to(fmt::format("F{} ", (mails - 1) / batch_mails * batch_mails + 1));
  return {mails, octets, std::chrono::duration<double>(Clock::now() - begin).count()};
}

class Thrown : public MailReceiver {
 public:
  Reception begin(std::uint64_t) override { return Reception::go_on; }
  Reception chunk(std::string_view chunk) override {
    octets += chunk.size();
    return Reception::go_on;
  }
  Reception end(std::uint32_t) override { return Reception::go_on; }
  void discard() override {}
  std::uint64_t octets = 0;
};

Outcome fetch_session(const Options& options) {
  Endpoint endpoint;
  endpoint.host = "localhost";
  endpoint.port = static_cast<std::uint16_t>(std::strtoul(options.port.c_str(), nullptr, 10));
  endpoint.ca_file = options.ca_file;
  endpoint.batch.mails = batch_mails;
  auto session = ImapSession::open(endpoint, [&](Freshness) -> ruaudit::model::Result<Credentials> {
    return Password{options.user, options.password};
  });
  if (!session) give_up(session.error().message);
  if (const auto selected = session->select("INBOX", Access::read_only); !selected) give_up(selected.error().message);
  const auto begin = Clock::now();
  const auto uids = session->search_uids();
  if (!uids) give_up(uids.error().message);
  const auto facts = session->fetch_facts(*uids);
  if (!facts) give_up(facts.error().message);
  std::vector<WantedMail> wanted;
  for (const auto& one : facts->facts) wanted.push_back({one.uid, one.octets});
  Thrown thrown;
  const auto outcome = session->fetch(wanted, thrown);
  if (!outcome) give_up(outcome.error().message);
  return {outcome->received.size(), thrown.octets, std::chrono::duration<double>(Clock::now() - begin).count()};
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) give_up("usage: mailbox_fetch floor|session PORT CA-FILE USER PASSWORD");
  const Options options{words[1], words[2], words[3], words[4], words[5]};
  const auto outcome = options.way == "floor" ? fetch_floor(options) : fetch_session(options);
  fmt::print("{{\"way\": \"{}\", \"mails\": {}, \"octets\": {}, \"seconds\": {:.3f}, \"mails_per_second\": {:.0f}}}\n",
             options.way, outcome.mails, outcome.octets, outcome.seconds,
             static_cast<double>(outcome.mails) / outcome.seconds);
  return 0;
}
