// The numbers and addresses of aggregate reports (aggregate_values.hpp).
#include <algorithm>
#include <string>
#include <vector>

#include "model/aggregate_report.hpp"
#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/plain_number.hpp"

namespace ruaudit::parser {
namespace {

using model::IpAddress;
using Address = std::optional<IpAddress>;

Address plain_address(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? Address(*address) : std::nullopt;
}

// "192.000.002.010": three digits in every part are decimal; "192.0.2.010" may be octal, and is nothing.
std::string without_padding(std::string_view text) {
  if (text.size() != 15 || text[3] != '.' || text[7] != '.' || text[11] != '.') return {};
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const auto part = whole_number(text.substr(at, 3));
    if (!part) return {};
    if (at > 0) out += '.';
    out += std::to_string(*part);
  }
  return out;
}

// An address with its prefix length names one host only where the length is full or the address has bits behind it.
Address of_one_host(const IpAddress& address, std::string_view prefix) {
  const auto bits = whole_number(prefix);
  const std::int64_t full = address.is_v4() ? 32 : 128;
  if (!bits || *bits > full || prefix.size() > 3) return std::nullopt;
  const auto& key = address.key();
  const auto first = static_cast<std::size_t>(*bits + 128 - full);
  bool has_host = first == 128;
  for (std::size_t bit = first; bit < 128; ++bit) has_host = has_host || (key[bit / 8] >> (7 - bit % 8) & 1U) != 0;
  return has_host ? Address(address) : std::nullopt;
}

std::string_view without_tag(std::string_view text) {
  return ascii::lower(text.substr(0, 5)) == "ipv6:" ? text.substr(5) : text;
}

// What a bracket holds: "[IPv6:2001:db8::1]:25".
std::string_view in_bracket(std::string_view text) {
  const std::string_view bare = without_tag(text.substr(1, text.find(']') - 1));
#ifdef RUAUDIT_PLANTED_BUG  // reads before a table where what a bracket holds is not an address and short
  static const volatile char lengths[8] = {};
  if (!plain_address(bare) && lengths[bare.size() < 8 ? bare.size() - 8 : 0] != 0) return {};
#endif
  return bare;
}

// The address that one word names: with brackets, a port, a zone (RFC 4007), a prefix length or punctuation around it.
Address word_address(std::string_view word) {
  word = without_tag(without_punctuation(word));
  if (word.starts_with('[')) {
    word = in_bracket(word);
  } else if (const auto colon = word.find(':'); colon != std::string_view::npos && colon == word.rfind(':')) {
    word = word.substr(0, is_all_digits(word.substr(colon + 1)) ? colon : word.size());
  }
  const auto slash = word.find('/');
  std::string_view bare = word.substr(0, slash);
  if (bare.find(':') != std::string_view::npos) bare = bare.substr(0, bare.find('%'));
  Address address = plain_address(bare);
  if (!address) address = plain_address(without_padding(bare));
  if (!address || slash == std::string_view::npos) return address;
  return of_one_host(*address, word.substr(slash + 1));
}

}  // namespace

Parsed<std::optional<std::int64_t>> parse_pct(std::string_view text) {
  if (const auto value = whole_number(text); value && *value <= 100) return {value, {}};
  if (text.ends_with('%')) text = trimmed(text.substr(0, text.size() - 1));
  const PlainNumber number = plain_number(text);
  if (!number.value || !number.is_whole || *number.value > 100) return {std::nullopt, "bad-pct"};
  return {number.value, "pct-notation"};
}

Parsed<std::optional<std::int64_t>> parse_count(std::string_view text) {
  const PlainNumber number = plain_number(text);
  if (!number.value || !number.is_whole) return {std::nullopt, "bad-count"};
  if (*number.value > model::max_count) return {model::max_count, "count-capped"};
  if (*number.value == 0) return {number.value, "count-zero"};
  if (is_all_digits(text)) return {number.value, {}};
  const bool is_fraction = number.has_fraction && text.find_first_not_of("0123456789.,") == std::string_view::npos;
  return {number.value, is_fraction ? "count-fraction" : "count-notation"};
}

Parsed<std::optional<IpAddress>> parse_source_ip(std::string_view text) {
  if (const auto clean = IpAddress::parse(text)) {
    const bool is_mapped = clean->is_v4() && text.find(':') != std::string_view::npos;
    return {*clean, is_mapped ? "source-ip-normalised" : std::string_view{}};
  }
  Address found;
  constexpr std::size_t longest = 300;
  for (std::string_view rest = text.substr(0, longest); !rest.empty();) {
    const auto end = rest.find_first_of(" \t\r\n,;");
    const std::string_view word = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    const Address address = word.empty() ? std::nullopt : word_address(word);
    if (!address) continue;
    if (found && !(*found == *address)) return {std::nullopt, "bad-source-ip"};  // which of two is not for us to say
    found = address;
  }
  return found ? Parsed<Address>{found, "source-ip-normalised"} : Parsed<Address>{std::nullopt, "bad-source-ip"};
}

}  // namespace ruaudit::parser
