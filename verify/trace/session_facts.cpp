#include "verify/trace/session_facts.hpp"

#include <algorithm>
#include <utility>

#include "verify/authres/authres.hpp"
#include "verify/trace/received.hpp"

namespace ruaudit::verify::trace {
namespace {

using message::equal_without_case;
using message::HeaderField;

constexpr std::size_t max_fields = 200;  // trace fields looked at; real mails have under 50

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// name is host or below it, letters without case, one trailing dot apart.
bool is_covered(std::string_view name, std::string_view host) {
  const auto strip = [](std::string_view text) { return text.substr(0, text.size() - (text.ends_with('.') ? 1 : 0)); };
  name = strip(name);
  host = strip(host);
  if (host.empty() || name.size() < host.size()) return false;
  const auto tail = name.substr(name.size() - host.size());
  if (!std::equal(tail.begin(), tail.end(), host.begin(), [](char a, char b) { return lower(a) == lower(b); }))
    return false;
  return name.size() == host.size() || name[name.size() - host.size() - 1] == '.';
}

bool is_trusted(std::string_view name, const Trust& trust) {
  return std::any_of(trust.hosts.begin(), trust.hosts.end(),
                     [name](const std::string& host) { return is_covered(name, host); });
}

struct Hop {
  std::size_t position;  // among all fields
  Received received;
};

class Reader {
 public:
  Reader(std::span<const HeaderField> fields, const Trust& trust) : fields_(fields), trust_(trust) {}

  SessionFacts read() {
    find_border();
    take_return_path();
    if (border_ != nullptr) take_border();
    for_each("Received-SPF", [this](std::size_t at) { take_received_spf(at); });
    for_each("Authentication-Results", [this](std::size_t at) { take_authentication_results(at); });
    tell_lower_hops();
    return std::move(out_);
  }

 private:
  void note(std::string text) {
    if (out_.notes.size() < max_notes) out_.notes.push_back(std::move(text));
  }

  template <class Function>
  void for_each(std::string_view name, Function function) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < fields_.size() && seen < max_fields; ++i)
      if (equal_without_case(fields_[i].name, name)) {
        ++seen;
        function(i);
      }
  }

  [[nodiscard]] Source source(std::string_view field, std::size_t at, std::string detail) const {
    return {std::string(field), fields_[at].line, std::move(detail)};
  }
  [[nodiscard]] std::string place(std::size_t at) const {
    return std::string(fields_[at].name) + " in line " + std::to_string(fields_[at].line);
  }

  // The last Received of the unbroken row of believed ones. The topmost is believed in any case.
  void find_border() {
    for_each("Received", [this](std::size_t at) { hops_.push_back({at, parse_received(fields_[at].value)}); });
    for (const auto& hop : hops_) {
      const bool is_top = border_ == nullptr;
      if (!is_top && !(is_trusted(border_->received.by, trust_) && is_trusted(hop.received.by, trust_))) break;
      border_ = &hop;
    }
    if (border_ == nullptr) note("the mail has no Received field: nothing tells who brought it");
  }

  [[nodiscard]] bool is_above_border(std::size_t at) const { return border_ != nullptr && at < border_->position; }

  template <class T>
  void take(std::optional<Taken<T>>& slot, T value, Source from) {
    if (!slot)
      slot = Taken<T>{std::move(value), std::move(from)};
    else if (slot->value != value)
      note(from.field + " in line " + std::to_string(from.line) + " says otherwise (" + from.detail +
           "); the value of " + slot->source.field + " in line " + std::to_string(slot->source.line) + " is used");
  }

  void take_return_path() {
    bool is_first = true;
    for_each("Return-Path", [&](std::size_t at) {
      if (!std::exchange(is_first, false)) return;
      const auto address = parse_return_path(fields_[at].value);
      if (!address)
        note(place(at) + " holds no address");
      else if (is_above_border(at))
        take(out_.mail_from, *address, source("Return-Path", at, ""));
      else
        note(place(at) + " stands below the trusted Received fields and was not believed");
    });
  }

  void take_border() {
    const auto at = border_->position;
    const auto& received = border_->received;
    if (received.ip && is_internal(*received.ip))
      note(place(at) + " names an internal client, " + received.ip->to_string() +
           "; name the receiving hosts as trusted to look further down");
    if (received.ip)
      take(out_.ip, *received.ip, source("Received", at, "from"));
    else
      note(place(at) + " names no client address");
    if (!received.helo.empty()) take(out_.helo, received.helo, source("Received", at, "from"));
    if (!received.by.empty()) take(out_.receiver, received.by, source("Received", at, "by"));
    if (received.time) take(out_.arrival, *received.time, source("Received", at, "date"));
    if (received.envelope_from && !out_.mail_from)  // bounce addresses may be rewritten on delivery: no contradiction
      take(out_.mail_from, *received.envelope_from, source("Received", at, "envelope-from"));
  }

  void take_received_spf(std::size_t at) {
    const auto spf = parse_received_spf(fields_[at].value);
    if (!is_above_border(at) && !is_trusted(spf.receiver, trust_)) {
      note(place(at) + " was not believed: it stands below the trusted Received fields and its receiver '" +
           spf.receiver.substr(0, 253) + "' is not trusted");
      return;
    }
    if (spf.client_ip) take(out_.ip, *spf.client_ip, source("Received-SPF", at, "client-ip"));
    if (!spf.helo.empty()) take(out_.helo, spf.helo, source("Received-SPF", at, "helo"));
    if (spf.envelope_from && !out_.mail_from)
      take(out_.mail_from, *spf.envelope_from, source("Received-SPF", at, "envelope-from"));
  }

  void take_authentication_results(std::size_t at) {
    const auto parsed = authres::parse(fields_[at].value);
    if (!is_above_border(at) && !is_trusted(parsed.authserv_id, trust_)) {
      note(place(at) + " was not believed: it stands below the trusted Received fields and '" +
           parsed.authserv_id.substr(0, 253) + "' is not trusted");
      return;
    }
    for (const auto& result : parsed.results) {
      take_address(result, "smtp", "remote-ip", at);
      take_address(result, "policy", "iprev", at);
      if (result.method != "spf") continue;
      take_text(out_.helo, result, "helo", at);
      take_text(out_.mail_from, result, "mailfrom", at);
    }
  }

  void take_address(const authres::MethodResult& result, const char* ptype, const char* name, std::size_t at) {
    const auto* value = authres::find_property(result, ptype, name);
    if (value == nullptr || result.method == "arc") return;  // arc's smtp.remote-ip is of an earlier hop
    if (const auto ip = parse_client_ip(*value))
      take(out_.ip, *ip, source("Authentication-Results", at, result.method + " " + ptype + "." + name));
  }

  void take_text(std::optional<Taken<std::string>>& slot, const authres::MethodResult& result, const char* name,
                 std::size_t at) {
    const auto* value = authres::find_property(result, "smtp", name);
    if (value == nullptr || slot) return;
    auto text = *value;
    if (text.size() >= 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
    take(slot, std::move(text), source("Authentication-Results", at, std::string("spf smtp.") + name));
  }

  // A lower hop that might be the real entrance is told, so that the reader can decide to trust it.
  void tell_lower_hops() {
    if (border_ == nullptr || (out_.ip && !is_internal(out_.ip->value))) return;
    for (const auto& hop : hops_) {
      if (hop.position <= border_->position || !hop.received.ip || is_internal(*hop.received.ip)) continue;
      note(place(hop.position) + " names " + hop.received.ip->to_string() + "; it was not believed, because '" +
           hop.received.by.substr(0, 253) + "' is not trusted");
      return;
    }
  }

  std::span<const HeaderField> fields_;
  const Trust& trust_;
  std::vector<Hop> hops_;
  const Hop* border_ = nullptr;
  SessionFacts out_;
};

}  // namespace

bool is_internal(const model::IpAddress& ip) {
  struct Network {
    const char* text;
    unsigned bits;
  };
  constexpr Network networks[] = {{"127.0.0.0", 8},    {"10.0.0.0", 8},     {"172.16.0.0", 12},
                                  {"192.168.0.0", 16}, {"169.254.0.0", 16}, {"100.64.0.0", 10},
                                  {"::1", 128},        {"fc00::", 7},       {"fe80::", 10}};
  return std::any_of(std::begin(networks), std::end(networks), [&ip](const Network& network) {
    const auto base = model::IpAddress::parse(network.text);
    return base && ip.in_prefix(*base, network.bits);
  });
}

SessionFacts session_facts(std::span<const HeaderField> fields, const Trust& trust) {
  return Reader(fields, trust).read();
}

}  // namespace ruaudit::verify::trace
