#include "verify/trace/border.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"
#include "model/domain.hpp"
#include "verify/message/message.hpp"

namespace ruaudit::verify::trace {
namespace {

std::string_view without_dot(std::string_view name) {
  return name.substr(0, name.size() - (name.ends_with('.') ? 1 : 0));
}

// name is host or below it, letters without case, one trailing dot apart.
bool is_covered(std::string_view name, std::string_view host) {
  name = without_dot(name);
  host = without_dot(host);
  if (host.empty() || name.size() < host.size()) return false;
  if (!ascii::equal_folded(name.substr(name.size() - host.size()), host)) return false;
  return name.size() == host.size() || name[name.size() - host.size() - 1] == '.';
}

// Not "localhost", "0" (qmail) or "mailserver", which only their own network knows, and no address.
bool is_domain_name(std::string_view name) {
  return name.find('.') != std::string_view::npos && !parse_client_ip(name);
}

// The last two labels, for want of a list of suffixes.
std::string_view last_labels(std::string_view name) {
  const auto last = name.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  const auto before = name.rfind('.', last - 1);
  return before == std::string_view::npos ? name : name.substr(before + 1);
}

bool is_same_organization(std::string_view a, std::string_view b, const suffix::PublicSuffixList* list) {
  a = without_dot(a);
  b = without_dot(b);
  if (!is_domain_name(a) || !is_domain_name(b)) return false;
  if (list == nullptr) return !last_labels(a).empty() && ascii::equal_folded(last_labels(a), last_labels(b));
  const auto one = model::Domain::parse(a), other = model::Domain::parse(b);
  return one && other && list->organizational_domain(*one) == list->organizational_domain(*other);
}

// Services whose servers name each other below several domains. Microsoft 365: its published list of URLs and
// addresses.
constexpr std::array service_domains = {"outlook.com",  "office365.com", "exchangelabs.com",
                                        "office365.us", "outlook.cn",    "outlook.de"};

bool is_same_side(std::string_view a, std::string_view b, const suffix::PublicSuffixList* list) {
  const auto is_service = [](std::string_view name) {
    return std::any_of(service_domains.begin(), service_domains.end(),
                       [name](std::string_view domain) { return is_covered(name, domain); });
  };
  return is_same_organization(a, b, list) || (is_service(a) && is_service(b));
}

// What hands a mail over inside, or takes it out of a mailbox: RFC 2033, RFC 3848; Exim's
// names for what a program or a filter hands in; fetchmail's for where it fetched. HTTP is no SMTP session.
constexpr std::array inner_protocols = {
    "lmtp",       "lmtpa",     "lmtps",    "lmtpsa",      "utf8lmtp",     "utf8lmtpa",  "imap",        "imaps",
    "imap4",      "pop3",      "pop3s",    "apop",        "pop",          "local",      "local-esmtp", "local-smtp",
    "local-lmtp", "utf8local", "bsmtp",    "local-bsmtp", "spam-scanned", "scanned-ok", "odmr",        "mapi",
    "http",       "https",     "httprest", "pop3-ssl",    "imap-ssl",     "imap4-ssl"};

bool is_inner_protocol(std::string_view with) {
  const auto word = with.substr(0, with.find_first_of(" ("));
  return std::any_of(inner_protocols.begin(), inner_protocols.end(),
                     [word](std::string_view known) { return ascii::equal_folded(word, known); });
}

bool names_client(const Received& received) { return received.ip.has_value() && !is_internal(*received.ip); }

// The mail came from no client elsewhere. A from clause that names no address tells of a client that is not known.
bool is_inside(const Received& received) {
  if (is_inner_protocol(received.with)) return true;
  if (received.ip) return is_internal(*received.ip);
  return received.from.empty() || ascii::equal_folded(received.from, "localhost") ||
         ascii::equal_folded(received.from, received.by);
}

// RFC 3848 and RFC 6531 section 4.3: with authentication, a user of the server submitted the mail. "asmtp": Exim's.
bool is_submission(const Received& received) {
  constexpr std::array words = {"esmtpa", "esmtpsa", "utf8smtpa", "utf8smtpsa", "asmtp"};
  const auto word = std::string_view(received.with).substr(0, received.with.find_first_of(" ("));
  const auto is_word = [word](std::string_view known) { return ascii::equal_folded(word, known); };
  return !is_inside(received) && (received.is_authenticated || std::any_of(words.begin(), words.end(), is_word));
}

// The client's name as the server found it, else the one the client gave; "unknown" is a name that was not found.
std::string_view client_name(const Received& received) {
  return received.client_name.empty() ? std::string_view(received.from) : std::string_view(received.client_name);
}

bool has_trusted_client(const Received& received, const Trust& trust) {
  if (received.ip && is_trusted(received.ip->to_string(), trust)) return true;
  return is_trusted(client_name(received), trust);
}

bool is_exchange(const Received& received) {
  constexpr std::string_view name = "Microsoft SMTP Server";
  return ascii::equal_folded(std::string_view(received.with).substr(0, name.size()), name);
}

bool is_of_exchange(const Received& received) {
  const auto word = std::string_view(received.with).substr(0, received.with.find(' '));
  return is_exchange(received) || ascii::equal_folded(word, "mapi") || ascii::starts_folded(word, "http");
}

class Walk {
 public:
  Walk(std::span<const Hop> hops, const Trust& trust) : hops_(hops), trust_(trust) {}

  Border run() {
    Border border;
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      const auto& here = hops_[i].received;
      border.hop = i;
      const bool is_last = i + 1 == hops_.size();
      border.why = is_submission(here)                ? NoClient::submission
                   : !is_last && is_perhaps_inside(i) ? NoClient::own_side
                                                      : NoClient::inside;
      border.has_client = names_client(here) && !is_inside(here) && border.why == NoClient::inside;
      if (is_last || !leads_on(here, hops_[i + 1].received)) {
        if (!border.has_client && !is_last) border.stopped_at = hops_[i + 1].received.by;
        break;
      }
      border.is_by_inner_client |= is_inner_client(here);
      remember(here);
    }
    return border;
  }

 private:
  [[nodiscard]] bool is_inner_client(const Received& here) const {
    return here.ip && is_internal(*here.ip) && !is_inner_protocol(here.with) && !has_trusted_client(here, trust_);
  }

  // A client that is of the side of the server that took the mail from it, which the next field bears out: a server
  // inside has handed the mail on, or the side's own sent it. Exchange servers write no name but the one that the
  // client gave, so that such a client may also be anyone. Any other server found the name; where the mail came to that
  // side from elsewhere, the client is no sender.
  [[nodiscard]] bool is_perhaps_inside(std::size_t hop) const {
    const auto& here = hops_[hop].received;
    const auto& next = hops_[hop + 1].received;
    if (is_inside(here) || !is_same_side(client_name(here), here.by, trust_.list)) return false;
    if (is_exchange(here) && here.client_name.empty()) return is_of_exchange(next) && is_of_side(next, here);
    return !here.client_name.empty() && is_of_side(next, here) && comes_from_elsewhere(hop + 1);
  }

  // Whether the next field names the client, or its organization, as the host that wrote it.
  [[nodiscard]] bool is_of_side(const Received& next, const Received& here) const {
    const auto first = [](std::string_view name) { return name.substr(0, name.find('.')); };
    if (is_inside(next) && !is_domain_name(next.by)) return true;
    return is_same_side(next.by, here.by, trust_.list) || is_same_side(next.by_name, here.by, trust_.list) ||
           ascii::equal_folded(first(next.by), first(here.from));
  }

  // Whether the hops that one side wrote, from this one on, end at a client of another.
  [[nodiscard]] bool comes_from_elsewhere(std::size_t hop) const {
    const auto& side = hops_[hop - 1].received.by;
    for (; hop < hops_.size(); ++hop) {
      const auto& here = hops_[hop].received;
      if (is_inside(here) || is_submission(here)) continue;
      if (!is_same_side(here.by, side, trust_.list)) return false;
      if (names_client(here) && !is_same_side(client_name(here), side, trust_.list)) return true;
    }
    return false;
  }

  bool leads_on(const Received& here, const Received& next) {
    const bool is_next_trusted = is_trusted(next.by, trust_) || is_trusted(next.by_name, trust_);
    if (is_submission(here)) return is_next_trusted;
    if (!is_inside(here)) return is_trusted(next.by, trust_) && has_trusted_client(here, trust_);
    if (is_next_trusted) return true;
    // A local program that names no host ("(qmail 12 invoked by uid 89)") has the mail from one beside it.
    if (here.from.empty() && !is_domain_name(here.by) && !parse_client_ip(here.by)) return true;
    // Nothing is taken from a hop inside, and one without a name, or with an address for it, cannot be distinguished.
    if (is_inside(next) && !is_domain_name(next.by)) return true;
    return is_known(here, next) ||
           std::any_of(side_.begin(), side_.end(), [&](const Received* hop) { return is_known(*hop, next); });
  }

  // Whether a hop names the host that wrote the next field, or one of its organization.
  [[nodiscard]] bool is_known(const Received& hop, const Received& next) const {
    for (const std::string_view name :
         {std::string_view(hop.by), std::string_view(hop.by_name), std::string_view(hop.from),
          std::string_view(hop.client_name), std::string_view(hop.helo)}) {
      if (name.empty()) continue;
      for (const std::string_view other : {std::string_view(next.by), std::string_view(next.by_name)})
        if (!other.empty() &&
            (ascii::equal_folded(without_dot(name), without_dot(other)) || is_same_side(name, other, trust_.list)))
          return true;
    }
    return false;
  }

  void remember(const Received& hop) {
    constexpr std::size_t enough = 10;
    if (side_.size() < enough) side_.push_back(&hop);
  }

  std::span<const Hop> hops_;
  const Trust& trust_;
  std::vector<const Received*> side_;
};

}  // namespace

bool is_trusted(std::string_view name, const Trust& trust) {
  return std::any_of(trust.hosts.begin(), trust.hosts.end(),
                     [name](const std::string& host) { return is_covered(name, host); });
}

std::optional<Border> find_border(std::span<const Hop> hops, const Trust& trust) {
  if (hops.empty()) return std::nullopt;
  return Walk(hops.first(std::min(hops.size(), max_hops)), trust).run();
}

bool is_internal(const model::IpAddress& ip) {
  struct Network {
    const char* text;
    unsigned bits;
  };
  constexpr Network networks[] = {{"127.0.0.0", 8},    {"10.0.0.0", 8},     {"172.16.0.0", 12}, {"0.0.0.0", 8},
                                  {"192.168.0.0", 16}, {"169.254.0.0", 16}, {"100.64.0.0", 10}, {"::", 128},
                                  {"::1", 128},        {"fc00::", 7},       {"fe80::", 10}};
  return std::any_of(std::begin(networks), std::end(networks), [&ip](const Network& network) {
    const auto base = model::IpAddress::parse(network.text);
    return base && ip.in_prefix(*base, network.bits);
  });
}

}  // namespace ruaudit::verify::trace
