#include "verify/trace/session_facts.hpp"

#include <algorithm>
#include <utility>

#include "model/ascii.hpp"
#include "verify/authres/authres.hpp"
#include "verify/trace/received.hpp"

namespace ruaudit::verify::trace {
namespace {

using message::HeaderField;

constexpr std::size_t max_fields = max_hops;  // of each name

class Reader {
 public:
  Reader(std::span<const HeaderField> fields, const Trust& trust) : fields_(fields), trust_(trust) {}

  SessionFacts read() {
    look_for_border();
    take_return_path();
    if (border_) take_border();
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
      if (ascii::equal_folded(fields_[i].name, name)) {
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

  void look_for_border() {
    for_each("Received", [this](std::size_t at) { hops_.push_back({at, parse_received(fields_[at].value)}); });
    border_ = find_border(hops_, trust_);
    if (!border_) return note("the mail has no Received field: nothing tells who brought it");
    out_.border = border().position;
    out_.is_by_inner_client = border_->is_by_inner_client;
    out_.untrusted_host = border_->stopped_at;
    if (border_->hop > 0)
      note(place(border().position) +
           " is the first that another side handed over; what stands above it was written inside");
  }

  [[nodiscard]] const Hop& border() const { return hops_[border_->hop]; }
  [[nodiscard]] bool is_above_border(std::size_t at) const { return border_ && at < border().position; }

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

  [[nodiscard]] std::string why_no_client() const {
    const auto& received = border().received;
    if (!received.ip) return " names no client address";
    const auto address = received.ip->to_string();
    const auto side = "'" + received.by.substr(0, 253) + "'";
    if (is_internal(*received.ip)) return " names an internal client, " + address + ", about which SPF says nothing";
    if (border_->why == NoClient::submission)
      return " names " + address + ", which logged in to submit the mail: SPF does not apply to it";
    if (border_->why == NoClient::inside)
      return " names " + address + ", a server inside, about which SPF says nothing";
    if (!received.client_name.empty())
      return " names " + address + ", a server of the side of " + side + ", which had the mail from elsewhere";
    return " names " + address + ", which says that it is of the side of " + side +
           ": it may be a server inside, or anyone";
  }

  void take_border() {
    const auto at = border().position;
    const auto& received = border().received;
    if (border_->has_client)
      take(out_.ip, *received.ip, source("Received", at, "from"));
    else
      note(place(at) + why_no_client());
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
    if (!authres::is_in_order(parsed)) {
      note(place(at) + " is not separated as RFC 8601 says, so that its sender may have written into it: not believed");
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
    if (!border_ || out_.ip) return;
    for (const auto& hop : hops_) {
      if (hop.position <= border().position || !hop.received.ip || is_internal(*hop.received.ip)) continue;
      note(place(hop.position) + " names " + hop.received.ip->to_string() + "; it was not believed, because '" +
           hop.received.by.substr(0, 253) + "' is not known to be on your side: if it is, name it as trusted");
      return;
    }
  }

  std::span<const HeaderField> fields_;
  const Trust& trust_;
  std::vector<Hop> hops_;
  std::optional<Border> border_;
  SessionFacts out_;
};

}  // namespace

SessionFacts session_facts(std::span<const HeaderField> fields, const Trust& trust) {
  return Reader(fields, trust).read();
}

}  // namespace ruaudit::verify::trace
