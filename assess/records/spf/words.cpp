#include "assess/records/spf/words.hpp"

#include <algorithm>
#include <bit>

#include "assess/records/network.hpp"
#include "assess/records/spf/terms.hpp"
#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

using model::IpAddress;

constexpr std::string_view mechanisms[] = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"};
constexpr std::string_view long_names[] = {"include", "exists", "redirect", "ip4", "ip6", "all", "ptr"};

bool is_qualifier(char c) { return c == '+' || c == '-' || c == '~' || c == '?'; }

// Typographic characters as what they stand for; quotation marks and separators of other formats as blanks.
std::string plain(std::string_view text) {
  struct Change {
    std::string_view from, to;
  };
  static constexpr Change changes[] = {
      {"\xC2\xA0", " "},    {"\xE2\x80\x93", "-"}, {"\xE2\x80\x94", "-"}, {"\xE2\x88\x92", "-"}, {"\xE2\x80\x9C", ""},
      {"\xE2\x80\x9D", ""}, {"\xE2\x80\x9E", ""},  {"\xE2\x80\x98", ""},  {"\xE2\x80\x99", ""},  {"\xE2\x80\x8B", ""},
      {"\xEF\xBB\xBF", ""}, {"\xC2\xAB", ""},      {"\xC2\xBB", ""}};
  std::string out(text);
  for (const auto& change : changes) out = replaced(out, change.from, change.to);
  std::string spaced;
  bool is_macro = false;
  for (const char c : out) {
    is_macro = c == '{' || (is_macro && c != '}' && c != ' ');
    const bool is_separator =
        (!is_macro && (c == ';' || c == ',')) || c == '"' || c == '\'' || c == '\\' || (c > 0 && c < ' ');
    spaced += is_separator ? ' ' : c;
  }
  return spaced;
}

bool is_host_word(std::string_view text) {
  return text.find('.') != std::string_view::npos && text.find_first_of("=/") == std::string_view::npos &&
         !is_qualifier(text.front());
}

// "include:" and its name, "-" and "all", which a blank has separated.
std::vector<std::string> joined(const std::vector<std::string_view>& parts) {
  std::vector<std::string> out;
  for (const auto part : parts) {
    const bool is_open = !out.empty() && (out.back().ends_with(':') || out.back().ends_with('='));
    const bool is_sign = !out.empty() && out.back().size() == 1 && is_qualifier(out.back().front());
    const bool is_term = is_spf_mechanism(ascii::lower(part.substr(0, part.find_first_of(":/="))));
    const bool is_tail =
        part.starts_with(':') && part.size() > 1 && !out.empty() && is_spf_mechanism(ascii::lower(out.back()));
    // "192.0.2.0 /24", "192.0.2.0/ 24"
    const bool is_length =
        !out.empty() && ((part.starts_with('/') && out.back().find('/') == std::string::npos &&
                          is_digits(part.substr(1)) && out.back().find_first_of(".:") != std::string::npos) ||
                         (out.back().ends_with('/') && is_digits(part)));
    if (is_length || (is_open && !is_term && !is_qualifier(part.front())) || (is_sign && is_term) || is_tail)
      out.back() += part;
    else
      out.emplace_back(part);
  }
  return out;
}

// ---- addresses

// "255.255.255.0" as 24; nothing: no netmask.
std::optional<unsigned> mask_bits(std::string_view text) {
  const auto mask = IpAddress::parse(text);
  if (!mask || !mask->is_v4()) return std::nullopt;
  const auto ones = static_cast<unsigned>(std::countl_one(mask->v4_bits()));
  return std::popcount(mask->v4_bits()) == static_cast<int>(ones) ? std::optional(ones) : std::nullopt;
}

std::string without_leading_zeros(std::string_view text) {
  std::string out;
  for (const auto& octet : split(text, '.')) {
    const auto first = std::min(octet.text.find_first_not_of('0'), octet.text.size());
    const auto rest = octet.text.substr(first);
    out += (out.empty() ? "" : ".") + std::string(rest.empty() && !octet.text.empty() ? "0" : rest);
  }
  return out;
}

unsigned usual_bits(const IpAddress& address) {
  if (!address.is_v4()) return 128;
  if ((address.v4_bits() & 0xFFFFU) == 0) return 16;
  return (address.v4_bits() & 0xFFU) == 0 ? 24 : 32;
}

// "2001:db8::1::2": only one "::" may stand for zeros; the second one is read as one group of them.
std::string with_one_gap(std::string_view text) {
  const auto first = text.find("::"), last = text.rfind("::");
  if (first == last) return std::string(text);
  return std::string(text.substr(0, last)) + ":0:" + std::string(text.substr(last + 2));
}

std::optional<IpAddress> address_of(std::string_view text) {
  auto address = IpAddress::parse(text);
  if (!address && text.find("::") != text.rfind("::")) address = IpAddress::parse(with_one_gap(text));
  if (!address && text.find(':') == std::string_view::npos) address = IpAddress::parse(without_leading_zeros(text));
  return address ? std::optional(*address) : std::nullopt;
}

// "192.0.2" as 192.0.2.0/24.
std::optional<Network> short_network(std::string_view text) {
  const auto octets = split(text, '.');
  std::string whole(text);
  if (octets.size() < 2 || octets.size() > 3) return std::nullopt;
  for (const auto& octet : octets)
    if (!is_digits(octet.text)) return std::nullopt;
  for (std::size_t i = octets.size(); i < 4; ++i) whole += ".0";
  const auto address = address_of(whole);
  return address ? std::optional(network_of(*address, static_cast<unsigned>(octets.size() * 8))) : std::nullopt;
}

std::optional<Network> with_length(const IpAddress& address, std::string_view length, const WordContext& context) {
  const unsigned width = address.is_v4() ? 32 : 128;
  if (length.empty()) return network_of(address, usual_bits(address));
  if (const auto bits = mask_bits(length)) return network_of(address, *bits);
  const auto digits = length.substr(0, length.find_first_not_of("0123456789"));
  if (!is_digits(digits) || digits.size() > 4) return std::nullopt;
  const auto bits = static_cast<unsigned>(std::stoi(std::string(digits)));
  if (bits <= width) return network_of(address, bits);
  return context.is_only_fault ? std::optional(network_of(address, width)) : std::nullopt;
}

std::vector<std::string> terms_of(const std::vector<Network>& networks) {
  std::vector<std::string> out;
  for (const auto& network : networks) out.push_back(network.spf_term());
  return out;
}

// "192.0.2.10-192.0.2.20", "192.0.2.10-20"
std::vector<std::string> range_terms(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = address_of(text.substr(0, dash));
  auto end = std::string(text.substr(dash + 1));
  if (first && is_digits(end)) end = std::string(text.substr(0, text.rfind('.', dash) + 1)) + end;
  const auto last = address_of(end);
  const bool is_range = first && last && first->is_v4() && last->is_v4() && first->v4_bits() <= last->v4_bits();
  return is_range ? terms_of(range(first->v4_bits(), last->v4_bits())) : std::vector<std::string>();
}

// An address with whatever was glued to it.
std::vector<std::string> network_terms(std::string_view raw, const WordContext& context) {
  auto text = without(raw, "[]()<> ");
  if (auto terms = range_terms(text); !terms.empty()) return terms;
  for (const std::string_view scheme : {"ip4:", "ip6:", "ipv4:", "ipv6:", "ip:"})
    if (ascii::lower(text).starts_with(scheme)) text = text.substr(scheme.size());
  const auto slash = text.find('/');
  const auto head = text.substr(0, slash);
  const auto length = slash == std::string::npos ? std::string() : text.substr(slash + 1);
  auto address = address_of(head);
  const auto colon = head.find(':');
  if (!address && colon != std::string::npos && colon == head.rfind(':'))
    address = address_of(head.substr(0, colon));  // a port
  if (!address) {
    const auto network = slash == std::string::npos ? short_network(head) : std::nullopt;
    return network ? terms_of({*network}) : std::vector<std::string>();
  }
  if (slash == std::string::npos) return {Network{*address, address->is_v4() ? 32U : 128U}.spf_term()};
  const auto network = with_length(*address, length, context);
  return network ? terms_of({*network}) : std::vector<std::string>();
}

// ---- macros

// "%(i)" and "%{i" as "%{i}"; letters that mean nothing in a name go, with their dot.
std::string meant_macros(std::string_view text) {
  std::string out = replaced(replaced(std::string(text), "%(", "%{"), ")", "}");
  for (std::size_t at = 0; (at = out.find("%{", at)) != std::string::npos;) {
    auto end = out.find_first_not_of("slodiphvSLODIPHVcrtCRT0123456789", at + 2);
    if (end != std::string::npos && out[end] != '}' && out.find('}', at) != std::string::npos &&
        out.find('}', at) < out.find("%{", at + 2))
      end = out.find('}', at);
    if (end == std::string::npos) end = out.size();
    if (end == out.size() || out[end] != '}') out.insert(end, "}");
    const auto macro = out.substr(at, end + 1 - at);
    const char letter = macro.size() > 3 ? ascii::lower(macro.substr(2, 1))[0] : '?';
    std::string meant;
    if (verify::spf::parse_macro_string("x." + macro + ".x.example", verify::spf::MacroUse::domain_spec))
      meant = macro;
    else if (letter == 'c' || letter == 'i')
      meant = macro.find('r', 3) != std::string::npos || macro.find('x', 3) != std::string::npos ? "%{ir}" : "%{i}";
    else if (std::string_view("slodhv").find(letter) != std::string_view::npos)
      meant = std::string("%{") + letter + "}";
    auto length = macro.size();
    if (meant.empty() && out.substr(at + length, 1) == ".") ++length;
    out.replace(at, length, meant);
    at += meant.size();
  }
  return out;
}

// ---- names

std::string meant_host(std::string_view raw) {
  std::string text(raw);
  for (const std::string_view scheme : {"https://", "http://", "mailto:", "smtp://"})
    if (ascii::lower(text).starts_with(scheme)) text = text.substr(scheme.size());
  if (text.find('%') != std::string::npos) return meant_macros(text);
  text = text.substr(0, text.find_first_of("?#"));
  if (const auto at = text.rfind('@'); at != std::string::npos) text = text.substr(at + 1);
  const auto slash = text.find('/');
  const bool is_path = slash != std::string::npos && text.find_first_not_of("0123456789/", slash) != std::string::npos;
  if (is_path || (slash != std::string::npos && slash + 1 == text.size())) text = text.substr(0, slash);
  if (const auto colon = text.find(':'); colon != std::string::npos && is_digits(text.substr(colon + 1)))
    text = text.substr(0, colon);
  return without(text, "[]()<>");
}

// Mechanism or modifier name that a misspelt one was meant to be.
std::optional<std::string> meant_name(const std::string& name) {
  if (is_spf_mechanism(name) || name == "redirect" || name == "exp") return name;
  if (is_any_of(name, {"ipv4", "ip-4", "ip", "ip4s"})) return "ip4";
  if (is_any_of(name, {"ipv6", "ip-6"})) return "ip6";
  if (is_any_of(name, {"aaaa", "host"})) return "a";
  if (is_any_of(name, {"mxs", "mx1"})) return "mx";
  if (is_any_of(name, {"al", "al1", "alll", "all-"})) return "all";
  return name.size() < 3 ? std::nullopt : nearest_word(name, long_names, name.size() > 4 ? 2 : 1);
}

std::vector<std::string> one_if_right(const std::string& term) {
  return spf_part(term).fault.empty() ? std::vector{term} : std::vector<std::string>();
}

std::vector<std::string> prefixed(const std::string& sign, std::vector<std::string> terms) {
  if (sign == "+") return terms;
  for (auto& term : terms) term = sign + term;
  return terms;
}

// "a/33", "mx/24/64", "mx:host/": prefix lengths that cannot be go, those that can be stay.
std::string with_right_lengths(const std::string& name, const std::string& host) {
  const auto slash = host.find('/');
  const auto head = name + (slash == 0 || host.empty() ? "" : ":" + host.substr(0, slash));
  if (slash == std::string::npos) return head;
  std::string four, six;
  const auto lengths = host.substr(slash);
  const auto second = lengths.find_last_of('/');
  if (second == 0) {
    four = lengths;
  } else {
    four = lengths.substr(0, lengths.find('/', 1));
    six = "/" + lengths.substr(second);
  }
  if (four == "/" || !spf_part(head + four).fault.empty()) four.clear();
  if (six.size() < 3 || !spf_part(head + six).fault.empty()) six.clear();
  return head + four + six;
}

// include, exists and redirect have no prefix length.
std::string without_length(const std::string& host) {
  return host.find('%') == std::string::npos ? host.substr(0, host.find('/')) : host;
}

std::vector<std::string> named_terms(const std::string& name, std::string_view argument, const WordContext& context) {
  if (name == "all") return {"all"};
  if (name == "ip4" || name == "ip6") {
    auto terms = network_terms(argument, context);
    const auto host = meant_host(argument);
    return terms.empty() && !host.empty() && is_host_word(host) ? one_if_right("a:" + host) : terms;
  }
  if (name == "redirect" || name == "exp") return one_if_right(name + "=" + without_length(meant_host(argument)));
  const auto host = meant_host(argument);
  if (auto terms = network_terms(host, context); !terms.empty() && is_any_of(name, {"a", "mx", "include"}))
    return terms;
  if (host.empty()) return is_any_of(name, {"a", "mx", "ptr"}) ? std::vector{name} : std::vector<std::string>();
  if (name == "a" || name == "mx") return one_if_right(with_right_lengths(name, host));
  return one_if_right(name + ":" + without_length(host));
}

// "ip4:192.0.2.1-all": all grew to the term before it.
std::vector<std::string> without_grown_all(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const auto& word : words) {
    const auto at = word.size() < 5 ? 0 : word.size() - 4;
    const bool is_grown = at != 0 && is_qualifier(word[at]) && ascii::lower(word.substr(at + 1)) == "all" &&
                          !is_qualifier(word[at - 1]) && !spf_part(word).fault.empty();
    out.push_back(is_grown ? word.substr(0, at) : word);
    if (is_grown) out.push_back(word.substr(at));
  }
  return out;
}

}  // namespace

std::vector<std::string> meant_words(std::string_view record, std::span<const std::size_t> joints) {
  std::string text;
  const auto parts = spf_parts(record, joints);
  std::size_t at = meant_spf_version(record).value_or(0);
  for (const auto& part : parts) {
    if (part.fault != "spf-split-join") continue;
    for (const auto joint : joints)
      if (joint > part.begin && joint < part.begin + part.text.size() && joint > at) {
        text += std::string(record.substr(at, joint - at)) + " ";
        at = joint;
      }
  }
  text = plain(text + std::string(record.substr(at)));
  if (text.starts_with('.') || text.starts_with(':')) text = text.substr(1);
  auto out = without_grown_all(joined(words(text)));
  std::erase_if(
      out, [](const std::string& word) { return ascii::lower(word) == "v=spf1" || ascii::lower(word) == "v=spf"; });
  return out;
}

std::vector<std::string> meant_terms(std::string_view word, const WordContext& context) {
  if (const auto part = spf_part(word); part.fault.empty()) return {std::string(word)};
  std::string sign = "+";
  auto rest = word;
  while (!rest.empty() && is_qualifier(rest.front())) {
    if (sign == "+") sign = std::string(rest.substr(0, 1));
    rest.remove_prefix(1);
  }
  if (rest.empty()) return {};
  if (auto terms = network_terms(rest, context); !terms.empty()) return prefixed(sign, terms);
  const auto end = std::min(rest.size(), rest.find_first_of(":=/"));
  auto name = ascii::lower(rest.substr(0, end));
  auto argument = std::string(rest.substr(std::min(rest.size(), end + 1)));
  if (end < rest.size() && rest[end] == '/') argument = std::string(rest.substr(end));
  for (const std::string_view start : {"include.", "a.", "mx.", "exists."}) {  // a dot for the colon
    const bool is_dot = end == rest.size() && name.starts_with(start) && (start == "include." || start == "exists.");
    if (!is_dot) continue;
    argument = std::string(rest.substr(start.size()));
    name = std::string(start.substr(0, start.size() - 1));
  }
  const auto meant = meant_name(name);
  if (meant) return prefixed(sign, named_terms(*meant, argument, context));
  if (!is_host_word(rest)) return {};
  const auto host = meant_host(rest);
  const bool is_policy = ascii::lower(host).find("spf") != std::string::npos && host.starts_with('_');
  return prefixed(sign, one_if_right((is_policy ? "include:" : "a:") + host));
}

}  // namespace ruaudit::assess::records
