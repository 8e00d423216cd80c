// DNS and TCP as this machine sees them, and the certificates that a server shows.
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>

#include "jobs/doctor/doctor.hpp"
#include "model/counted.hpp"

namespace ruaudit::jobs {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string text_of(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  ::getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return text.data();
}

// Empty when the port answers, else why not.
std::string connect_fault(const addrinfo& address, std::uint32_t seconds) {
  const Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) return std::strerror(errno);
  if (::connect(socket.number(), address.ai_addr, address.ai_addrlen) == 0) return {};
  if (errno != EINPROGRESS) return std::strerror(errno);
  pollfd waiting{.fd = socket.number(), .events = POLLOUT, .revents = 0};
  if (::poll(&waiting, 1, static_cast<int>(seconds) * 1000) <= 0) return fmt::format("no answer within {} s", seconds);
  int fault = 0;
  socklen_t size = sizeof fault;
  ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &fault, &size);
  return fault == 0 ? "" : std::strerror(fault);
}

Addresses look_up(const config::Mailbox& mailbox, Findings& findings) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int fault = ::getaddrinfo(mailbox.host.c_str(), std::to_string(mailbox.port).c_str(), &wanted, &found);
  Addresses addresses(found);
  if (fault != 0) {
    findings.fail("dns", fmt::format("{}: {}", mailbox.host, ::gai_strerror(fault)),
                  "check host in the configuration, and /etc/resolv.conf");
    return nullptr;
  }
  std::string texts;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next)
    texts += (texts.empty() ? "" : ", ") + text_of(*one);
  findings.ok("dns", fmt::format("{} is {}", mailbox.host, texts));
  return addresses;
}

// "Nov 21 23:00:00 2026 GMT", as OpenSSL prints it; nothing when it is something else.
std::optional<std::int64_t> certificate_time(const std::string& text) {
  std::tm time{};
  const char* const end = ::strptime(text.c_str(), "%b %d %H:%M:%S %Y", &time);
  if (end == nullptr) return std::nullopt;
  return static_cast<std::int64_t>(::timegm(&time));
}

// "CN = mail.example.org" of "C = DE, O = Example, CN = mail.example.org"; the whole text where there is none.
std::string common_name(const std::string& text) {
  const auto at = text.rfind("CN = ");
  const auto start = at == std::string::npos ? text.rfind("CN=") : at;
  if (start == std::string::npos) return text;
  const std::size_t skip = at == std::string::npos ? 3 : 5;
  return text.substr(start + skip, text.find(',', start) - start - skip);
}

constexpr std::int64_t day_seconds = 86'400;

void judge_end(const ingest::mailbox::Certificate& certificate, std::int64_t now, std::string line,
               Findings& findings) {
  const auto ends = certificate_time(certificate.not_after);
  if (!ends) return findings.note("certificate", line + ", valid until " + certificate.not_after);
  const std::int64_t days = (*ends - now) / day_seconds;
  line += fmt::format(", valid until {} ({})", certificate.not_after, model::counted(days, "day"));
  if (days < 14)
    return findings.warn("certificate", std::move(line), "whoever runs the server must renew it, or logins will fail");
  findings.ok("certificate", std::move(line));
}

}  // namespace

bool examine_network(const config::Mailbox& mailbox, Findings& findings) {
  const Addresses addresses = look_up(mailbox, findings);
  if (addresses == nullptr) return false;
  bool is_reached = false;
  std::string faults;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const std::string fault = connect_fault(*one, std::min(mailbox.connect_timeout_seconds, 10U));
    is_reached = is_reached || fault.empty();
    if (fault.empty())
      findings.ok("tcp", fmt::format("{} port {} answers", text_of(*one), mailbox.port));
    else
      faults += fmt::format("{}{} port {}: {}", faults.empty() ? "" : "; ", text_of(*one), mailbox.port, fault);
  }
  const std::string remedy = "check port and security in the configuration, the firewall, and that the server runs";
  if (!faults.empty() && is_reached) findings.warn("tcp", faults, "one of the server's addresses does not work");
  if (!is_reached) findings.fail("tcp", faults, remedy);
  return is_reached;
}

void examine_certificates(const ingest::mailbox::ConnectionFacts& facts, std::int64_t now, Findings& findings) {
  bool is_server = true;
  for (const auto& certificate : facts.chain) {
    std::string line = fmt::format("{} {}, signed by {}", is_server ? "server" : "authority",
                                   common_name(certificate.subject), common_name(certificate.issuer));
    if (is_server && !certificate.names.empty()) line += fmt::format(", for {}", certificate.names);
    judge_end(certificate, now, std::move(line), findings);
    is_server = false;
  }
}

}  // namespace ruaudit::jobs
