#include "ingest/mailbox/endpoint.hpp"

namespace ruaudit::ingest::mailbox {

std::uint16_t default_port(Protocol protocol, Security security) {
  if (protocol == Protocol::imap) return security == Security::tls ? 993 : 143;
  return security == Security::tls ? 995 : 110;
}

bool is_loopback_address(std::string_view address) {
  if (address == "::1") return true;
  return address.starts_with("127.") && address.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string describe(const Endpoint& endpoint) {
  const std::string scheme = endpoint.protocol == Protocol::imap ? "imap" : "pop3";
  const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
  const auto port = endpoint.port != 0 ? endpoint.port : default_port(endpoint.protocol, endpoint.security);
  return scheme + (endpoint.security == Security::tls ? "s://" : "://") + (is_ipv6 ? "[" : "") + endpoint.host +
         (is_ipv6 ? "]:" : ":") + std::to_string(port);
}

model::Error at_endpoint(const Endpoint& endpoint, const model::Error& error) {
  const auto place = describe(endpoint);
  return error.message.starts_with(place) ? error : error.in(place);
}

}  // namespace ruaudit::ingest::mailbox
