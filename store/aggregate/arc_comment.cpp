#include "store/aggregate/arc_comment.hpp"

#include <charconv>
#include <functional>
#include <map>

#include "model/ascii.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::store {
namespace {

constexpr int max_instance = 50;  // RFC 8617 section 4.2.1

struct Sealer {
  std::string domain, selector;
};
using Chain = std::map<int, Sealer, std::greater<>>;

// Splits off the next piece that stands between blanks, commas and semicolons.
std::string_view next_token(std::string_view& rest) {
  constexpr std::string_view separators = " \t\r\n,;";
  const auto start = rest.find_first_not_of(separators);
  if (start == std::string_view::npos) {
    rest = {};
    return {};
  }
  const auto end = std::min(rest.find_first_of(separators, start), rest.size());
  const auto token = rest.substr(start, end - start);
  rest.remove_prefix(end);
  return token;
}

// The n of "name[n]" in front of `tail`, or 0.
int instance_of(std::string_view token, std::string_view name, std::string_view tail) {
  if (!token.starts_with(name) || !token.ends_with(tail) || token.size() <= name.size() + tail.size()) return 0;
  const auto digits = token.substr(name.size(), token.size() - name.size() - tail.size());
  int value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return problem == std::errc{} && end == digits.data() + digits.size() && value <= max_instance ? value : 0;
}

std::string quote(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20) {
      quoted += "\\u00";
      quoted += hex[octet >> 4];
      quoted += hex[octet & 15];
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string to_json(const Chain& chain) {
  std::string json = "[";
  for (const auto& [instance, sealer] : chain) {
    if (json.size() > 1) json += ',';
    json += "{\"i\":" + std::to_string(instance) + ",\"d\":" + quote(sealer.domain) +
            ",\"s\":" + quote(sealer.selector) + '}';
  }
  return json + ']';
}

std::string canonical_address(std::string_view text) {
  const auto address = model::IpAddress::parse(text);
  return address ? address->to_string() : std::string(text);
}

}  // namespace

ArcComment parse_arc_comment(std::string_view comment) {
  ArcComment arc;
  Chain chain;
  int lowest = max_instance + 1;
  for (auto token = next_token(comment); !token.empty(); token = next_token(comment)) {
    const auto equals = token.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = token.substr(0, equals);
    const auto value = token.substr(equals + 1);
    if (name == "arc") {
      arc.result = ascii::lower(value);
    } else if (const int domain_of = instance_of(name, "as[", "].d"); domain_of > 0) {
      chain[domain_of].domain = ascii::lower(value);
    } else if (const int selector_of = instance_of(name, "as[", "].s"); selector_of > 0) {
      chain[selector_of].selector = value;
    } else if (const int address_of = instance_of(name, "remote-ip[", "]"); address_of > 0 && address_of < lowest) {
      lowest = address_of;
      arc.remote_ip = canonical_address(value);
    }
  }
  if (!arc.result) return {};
  if (!chain.empty()) arc.chain = to_json(chain);
  return arc;
}

}  // namespace ruaudit::store
