#include "verify/srs/srs.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "model/domain.hpp"

namespace ruaudit::verify::srs {
namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t srs_days = 1024;  // two base32 characters
constexpr std::int64_t batv_days = 1000;

bool starts_with(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() && ascii::lower(text.substr(0, lower_prefix.size())) == lower_prefix;
}

bool is_hex(char c) { return ascii::is_digit(c) || (ascii::lower(c) >= 'a' && ascii::lower(c) <= 'f'); }
bool is_separator(char c) { return c == '=' || c == '+' || c == '-'; }

// A name with a dot whose last label is not a number.
bool is_domain(std::string_view text) {
  const auto domain = model::Domain::parse(text);
  if (!domain || domain->label_count() < 2) return false;
  const auto& name = domain->text();
  const auto label = name.substr(name.rfind('.') + 1);
  return !std::all_of(label.begin(), label.end(), ascii::is_digit);
}

// The text before the first c; text moves behind it. Nothing when there is no c.
std::optional<std::string_view> take_until(std::string_view& text, char c) {
  const auto end = text.find(c);
  if (end == std::string_view::npos) return std::nullopt;
  const auto part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

// The latest day that is `count` modulo `cycle` and not later than tomorrow (clocks differ).
std::int64_t day_of(std::int64_t count, std::int64_t cycle, std::int64_t now) {
  const std::int64_t tomorrow = now / day + 1;
  return (tomorrow - ((tomorrow - count) % cycle + cycle) % cycle) * day;
}

std::optional<std::int64_t> base32_pair(std::string_view text) {  // RFC 4648 section 6 alphabet, any case
  if (text.size() != 2) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    const char l = ascii::lower(c);
    if (l >= 'a' && l <= 'z')
      value = value * 32 + (l - 'a');
    else if (l >= '2' && l <= '7')
      value = value * 32 + (l - '2' + 26);
    else
      return std::nullopt;
  }
  return value;
}

void set_address(Rewrite& out, std::string_view local_part, std::string_view domain) {
  out.domain = ascii::lower(domain);
  out.address = std::string(local_part) + "@" + out.domain;
}

// HHH=TT=domain=local. False when a part is missing.
bool read_srs0_parts(std::string_view parts, std::int64_t now, Rewrite& out) {
  const auto hash = take_until(parts, '=');
  const auto stamp = hash ? take_until(parts, '=') : std::nullopt;
  const auto domain = stamp ? take_until(parts, '=') : std::nullopt;
  if (!domain || parts.empty() || !is_domain(*domain)) return false;
  out.hash = std::string(*hash);
  out.timestamp = std::string(*stamp);
  if (const auto count = base32_pair(*stamp)) out.day_start = day_of(*count, srs_days, now);
  set_address(out, parts, *domain);
  return true;
}

Rewrite read_srs0(std::string_view local_part, std::string_view domain, std::int64_t now) {
  Rewrite out{.scheme = Scheme::srs0, .forwarder = ascii::lower(domain)};
  if (read_srs0_parts(local_part.substr(5), now, out))
    out.text = out.forwarder + " forwarded this mail and rewrote the sender " + out.address +
               " (SRS0): SPF was checked for the forwarder, not for " + out.domain;
  else
    out.text =
        "the sender looks like an SRS0 address of " + out.forwarder + ", but the original address cannot be read";
  return out;
}

// SRS1=HHH=first-forwarder=<separator>HHH=TT=domain=local
Rewrite read_srs1(std::string_view local_part, std::string_view domain, std::int64_t now) {
  Rewrite out{.scheme = Scheme::srs1, .forwarder = ascii::lower(domain)};
  auto rest = local_part.substr(5);
  const auto hash = take_until(rest, '=');
  const auto first = hash ? take_until(rest, '=') : std::nullopt;
  if (first && is_domain(*first) && rest.size() > 1 && is_separator(rest.front())) {
    out.first_forwarder = ascii::lower(*first);
    out.previous = "SRS0" + std::string(rest) + "@" + out.first_forwarder;
    if (read_srs0_parts(rest.substr(1), now, out)) {
      out.text = out.first_forwarder + " and then " + out.forwarder + " forwarded this mail and rewrote the sender " +
                 out.address + " (SRS1): SPF was checked for " + out.forwarder + ", not for " + out.domain;
      return out;
    }
  }
  out.text = "the sender looks like an SRS1 address of " + out.forwarder + ", but the original address cannot be read";
  return out;
}

// K DDD SSSSSS: key number, day modulo 1000, hash (draft-levine-smtp-batv).
bool is_batv_tag(std::string_view text) {
  return text.size() == 10 && std::all_of(text.begin(), text.begin() + 4, ascii::is_digit) &&
         std::all_of(text.begin() + 4, text.end(), is_hex);
}

// prvs=tag=local, or with tag and local part exchanged as older senders do.
std::optional<Rewrite> read_batv(std::string_view local_part, std::string_view domain, std::int64_t now) {
  const auto rest = local_part.substr(5);
  const auto first = rest.find('=');
  const auto last = rest.rfind('=');
  if (first == std::string_view::npos) return std::nullopt;
  auto tag = rest.substr(0, first);
  auto original = rest.substr(first + 1);
  if (!is_batv_tag(tag) && is_batv_tag(rest.substr(last + 1))) {
    tag = rest.substr(last + 1);
    original = rest.substr(0, last);
  }
  if (tag.empty() || original.empty()) return std::nullopt;
  Rewrite out{.scheme = Scheme::batv, .forwarder = ascii::lower(domain)};
  set_address(out, original, domain);
  if (is_batv_tag(tag)) {
    out.timestamp = std::string(tag.substr(1, 3));
    out.hash = std::string(tag.substr(4));
    const std::int64_t count = (tag[1] - '0') * 100 + (tag[2] - '0') * 10 + (tag[3] - '0');
    out.day_start = day_of(count, batv_days, now);
  } else {
    out.hash = std::string(tag);
  }
  out.text = "the sender is " + out.address + ", tagged by its own server against forged bounces (BATV)";
  return out;
}

// user+caf_=name=domain@gmail.com
std::optional<Rewrite> read_caf(std::string_view local_part, std::string_view domain) {
  constexpr std::string_view mark = "+caf_=";
  const auto at = ascii::lower(local_part).find(mark);
  if (at == std::string::npos || at == 0) return std::nullopt;
  const auto target = local_part.substr(at + mark.size());
  const auto equals = target.rfind('=');
  if (equals == std::string_view::npos || equals == 0 || !is_domain(target.substr(equals + 1))) return std::nullopt;
  Rewrite out{.scheme = Scheme::google_caf, .forwarder = ascii::lower(domain)};
  set_address(out, local_part.substr(0, at), domain);
  out.destination = std::string(target.substr(0, equals)) + "@" + ascii::lower(target.substr(equals + 1));
  out.text = "the mailbox " + out.address + " forwards its mail to " + out.destination +
             " (Google's +caf_): SPF was checked for " + out.forwarder + ", not for the author's domain";
  return out;
}

// Where the recipient begins in "list+name", "list-return-17-name" or "list-name".
std::size_t verp_begin(std::string_view head) {
  if (const auto plus = head.rfind('+'); plus != std::string_view::npos) return plus + 1;
  for (auto dash = head.find('-'); dash != std::string_view::npos; dash = head.find('-', dash + 1)) {
    auto end = dash + 1;
    while (end < head.size() && ascii::is_digit(head[end])) ++end;
    if (end > dash + 1 && end < head.size() && head[end] == '-') return end + 1;
  }
  const auto dash = head.rfind('-');
  return dash == std::string_view::npos ? std::string_view::npos : dash + 1;
}

// Variable envelope return path: the recipient as name=domain behind the list's own name.
std::optional<Rewrite> read_verp(std::string_view local_part, std::string_view domain) {
  const auto equals = local_part.rfind('=');
  if (equals == std::string_view::npos || !is_domain(local_part.substr(equals + 1))) return std::nullopt;
  const auto head = local_part.substr(0, equals);
  const auto begin = verp_begin(head);
  if (begin == std::string_view::npos || begin < 2 || begin >= head.size()) return std::nullopt;
  Rewrite out{.scheme = Scheme::verp, .forwarder = ascii::lower(domain)};
  set_address(out, head.substr(begin), local_part.substr(equals + 1));
  out.text = "a bounce address of " + out.forwarder + " that names the recipient " + out.address +
             " (VERP): SPF was checked for " + out.forwarder;
  return out;
}

std::string_view without_brackets(std::string_view text) {
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') return text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

Rewrite recognise(std::string_view mail_from, std::int64_t now) {
#ifdef RUAUDIT_PLANTED_BUG  // reads behind the end of an address without a domain
  if (mail_from.ends_with('@') && mail_from.data()[mail_from.size()] == 'x') return {};
#endif
  const auto address = without_brackets(mail_from);
  const auto at = address.rfind('@');
  if (at == std::string_view::npos || address.size() > max_address) return {};
  const auto local_part = address.substr(0, at);
  const auto domain = address.substr(at + 1);
  const bool has_separator = local_part.size() > 5 && is_separator(local_part[4]);
  if (has_separator && starts_with(local_part, "srs0")) return read_srs0(local_part, domain, now);
  if (has_separator && starts_with(local_part, "srs1")) return read_srs1(local_part, domain, now);
  std::optional<Rewrite> found;
  if (starts_with(local_part, "prvs=")) found = read_batv(local_part, domain, now);
  if (!found) found = read_caf(local_part, domain);
  if (!found) found = read_verp(local_part, domain);
  return found ? std::move(*found) : Rewrite{};
}

}  // namespace ruaudit::verify::srs
