#include "ingest/mailbox/connection.hpp"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

struct FreeCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, FreeCurl>;

// Only STARTTLS needs libcurl's mail engines, which end after the TLS handshake because they are given no user. The
// other two connect as raw streams, so that our own reader sees the server's first octet.
std::string url_of(const Endpoint& endpoint) {
  std::string scheme = endpoint.security == Security::tls ? "https" : "http";
  if (endpoint.security == Security::starttls) scheme = endpoint.protocol == Protocol::imap ? "imap" : "pop3";
  const auto described = describe(endpoint);
  return scheme + described.substr(described.find(':')) + "/";
}

int stop_connecting(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Stop*>(stop)->requested() ? 1 : 0;
}

void prepare(CURL* handle, const Endpoint& endpoint, const Stop& stop) {
  curl_easy_setopt(handle, CURLOPT_URL, url_of(endpoint).c_str());
  curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // no proxy from the environment
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_CERTINFO, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 65536L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(endpoint.timeouts.connect.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(endpoint.timeouts.connect.count()));
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, stop_connecting);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &stop);
  // RFC 3501 section 6.2.1, RFC 2595 section 4: without TLS nothing is said
  if (endpoint.security == Security::starttls)
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!endpoint.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, endpoint.ca_file.c_str());
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);  // these authorities and no others
  }
}

struct Explanation {
  CURLcode code;
  std::string_view name;
  std::string_view hint;
};

constexpr std::array explanations{
    Explanation{CURLE_COULDNT_RESOLVE_HOST, "mailbox-name", "check the host name and the system's DNS resolver"},
    Explanation{CURLE_COULDNT_CONNECT, "mailbox-connect", "check the port, the firewall and that the server runs"},
    Explanation{CURLE_OPERATION_TIMEDOUT, "mailbox-timeout", "check the port and the firewall"},
    Explanation{CURLE_ABORTED_BY_CALLBACK, "mailbox-stopped", ""},
    Explanation{CURLE_PEER_FAILED_VERIFICATION, "mailbox-certificate",
                "use the host name that the certificate is for, or name the authority that signed it as CA file"},
    Explanation{CURLE_SSL_CACERT_BADFILE, "mailbox-ca-file", "check the CA file: PEM, readable"},
    Explanation{CURLE_SSL_CONNECT_ERROR, "mailbox-tls",
                "the port may not speak TLS from the first octet: try the other port, or STARTTLS"},
    Explanation{CURLE_USE_SSL_FAILED, "mailbox-starttls",
                "the server does not offer STARTTLS on this port: use the port for TLS (993, 995)"},
    Explanation{CURLE_WEIRD_SERVER_REPLY, "mailbox-starttls", "the server violates the protocol before TLS"},
};

model::Error explain(CURLcode code, std::string_view detail, const Endpoint& endpoint) {
  const auto* const known =
      std::find_if(explanations.begin(), explanations.end(), [&](const Explanation& one) { return one.code == code; });
  std::string message = describe(endpoint) + ": " + (detail.empty() ? curl_easy_strerror(code) : std::string(detail));
  if (known == explanations.end()) return {"mailbox-connect", std::move(message), ""};
  return {std::string(known->name), std::move(message), std::string(known->hint)};
}

std::string* field_of(Certificate& certificate, std::string_view name) {
  if (name == "Subject") return &certificate.subject;
  if (name == "Issuer") return &certificate.issuer;
  if (name == "Start date") return &certificate.not_before;
  if (name == "Expire date") return &certificate.not_after;
  if (name == "X509v3 Subject Alternative Name") return &certificate.names;
  return nullptr;
}

Certificate certificate_of(const curl_slist* line) {
  Certificate certificate;
  for (; line != nullptr; line = line->next) {
    const std::string_view text(line->data);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) continue;
    if (auto* field = field_of(certificate, text.substr(0, colon))) *field = text.substr(colon + 1);
  }
  return certificate;
}

ConnectionFacts facts_of(CURL* handle) {
  ConnectionFacts facts;
  char* address = nullptr;
  long port = 0;
  if (curl_easy_getinfo(handle, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != nullptr)
    facts.address = address;
  if (curl_easy_getinfo(handle, CURLINFO_PRIMARY_PORT, &port) == CURLE_OK)
    facts.port = static_cast<std::uint16_t>(port);
  curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(handle, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr) return facts;
  for (int i = 0; i < chain->num_of_certs; ++i) facts.chain.push_back(certificate_of(chain->certinfo[i]));
  return facts;
}

model::Error lost(CURLcode code) {
  const bool is_closed = code == CURLE_OK || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_GOT_NOTHING;
  return {"mailbox-connection-lost",
          is_closed ? "the server closed the connection" : std::string("connection lost: ") + curl_easy_strerror(code),
          "try again later"};
}

}  // namespace

milliseconds WaitBudget::left() const {
  const auto earned = received * 1000 / std::max<std::uint64_t>(min_octets_per_second, 1);
  return base + milliseconds(static_cast<std::int64_t>(std::min<std::uint64_t>(earned, 1'000'000'000))) - waited;
}

struct Connection::State {
  Handle handle;
  curl_socket_t socket = CURL_SOCKET_BAD;
  Stop stop;
  ConnectionFacts facts;
  bool greeting_consumed = false;
  Result<void> wait_for(short events, WaitBudget& budget) const;
  Result<void> in_time() const;
};

// Also of a server that never lets us wait.
Result<void> Connection::State::in_time() const {
  if (const auto left = stop.time_left(); left && left->count() == 0)
    return failure("mailbox-visit-limit", "the time for this visit is over; the rest is left for the next one");
  return {};
}

// Waits for the socket, the stop descriptor or the end of the budget.
Result<void> Connection::State::wait_for(short events, WaitBudget& budget) const {
  const auto left = budget.left();
  if (left <= milliseconds::zero())
    return failure("mailbox-timeout",
                   "the server's answer took longer than " + std::to_string(budget.waited.count() / 1000) + " s (" +
                       std::to_string(budget.received) + " octets received)",
                   "raise the timeout if the connection is that slow");
  std::array<pollfd, 2> entries{pollfd{socket, events, 0}, pollfd{stop.descriptor, POLLIN, 0}};
  TRY_VOID(in_time());
  const auto begin = Clock::now();
  const auto patience = std::min<std::int64_t>({left.count(), 3'600'000, stop.time_left().value_or(left).count() + 1});
  ::poll(entries.data(), entries.size(), static_cast<int>(patience));
  budget.waited += std::chrono::ceil<milliseconds>(Clock::now() - begin);
  if (stop.requested()) return failure("mailbox-stopped", "stopped while waiting for the server");
  return {};
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const Endpoint& endpoint, Stop stop) {
  auto state = std::make_unique<State>();
  state->handle.reset(curl_easy_init());
  state->stop = stop;
  CURL* const handle = state->handle.get();
  if (handle == nullptr) return failure("mailbox-connect", "libcurl cannot be initialised");
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
  prepare(handle, endpoint, state->stop);
  const auto code = curl_easy_perform(handle);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  if (code != CURLE_OK) return failure(explain(code, detail.data(), endpoint));
  state->facts = facts_of(handle);
  state->greeting_consumed = endpoint.security == Security::starttls;
  if (endpoint.security == Security::plaintext && !is_loopback_address(state->facts.address))
    return failure("mailbox-plaintext", describe(endpoint) + ": plain text is only used with a loopback address",
                   "use TLS or STARTTLS");
  if (curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &state->socket) != CURLE_OK || state->socket == CURL_SOCKET_BAD)
    return failure(lost(CURLE_OK).in(describe(endpoint)));
  return Connection(std::move(state));
}

const ConnectionFacts& Connection::facts() const { return state_->facts; }
bool Connection::greeting_consumed() const { return state_->greeting_consumed; }

Result<void> Connection::send(std::string_view octets, WaitBudget& budget) {
  while (!octets.empty()) {
    if (state_->stop.requested()) return failure("mailbox-stopped", "stopped before a command");
    std::size_t sent = 0;
    const auto code = curl_easy_send(state_->handle.get(), octets.data(), octets.size(), &sent);
    if (code == CURLE_AGAIN) {
      TRY_VOID(state_->wait_for(POLLOUT, budget));
      continue;
    }
    if (code != CURLE_OK) return failure(lost(code));
    octets.remove_prefix(sent);
  }
  return {};
}

Result<std::size_t> Connection::receive_ready(std::span<char> room) {
  std::size_t received = 0;
  const auto code = curl_easy_recv(state_->handle.get(), room.data(), room.size(), &received);
  if (code == CURLE_AGAIN) return std::size_t{0};
  if (code != CURLE_OK || received == 0) return failure(lost(code));
  return received;
}

Result<std::size_t> Connection::receive(std::span<char> room, WaitBudget& budget) {
  while (true) {
    // TLS may hold decrypted octets that poll knows nothing of: read first, wait then.
    TRY_VOID(state_->in_time());
    TRY(const auto received, receive_ready(room));
    budget.received += received;
    if (received > 0) return received;
    TRY_VOID(state_->wait_for(POLLIN, budget));
  }
}

Result<Readable> Connection::wait(milliseconds patience, int wake_descriptor) {
  std::array<pollfd, 3> entries{pollfd{state_->socket, POLLIN, 0}, pollfd{state_->stop.descriptor, POLLIN, 0},
                                pollfd{wake_descriptor, POLLIN, 0}};
  const auto limited = std::clamp<std::int64_t>(patience.count(), 0, 3'600'000);
  const int ready = ::poll(entries.data(), entries.size(), static_cast<int>(limited));
  if (state_->stop.requested()) return failure("mailbox-stopped", "stopped while waiting for mail");
  if (ready > 0 && (entries[2].revents != 0)) return Readable::woken;
  if (ready > 0 && (entries[0].revents != 0)) return Readable::data;
  return Readable::deadline;
}

}  // namespace ruaudit::ingest::mailbox
