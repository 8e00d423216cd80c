#include "verify/spf/record.hpp"

#include <algorithm>

#include "model/ascii.hpp"

namespace ruaudit::verify::spf {
namespace {

using model::SpfResult;
using Fault = std::optional<std::string>;

constexpr std::string_view version = "v=spf1";

bool is_name_char(char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; }

// What may follow a mechanism's name (RFC 7208 sections 5.1 to 5.7).
enum class DomainSpec : std::uint8_t { forbidden, optional, required };
enum class Cidr : std::uint8_t { forbidden, dual };
struct Shape {
  DomainSpec domain;
  Cidr cidr;
};
Shape shape_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::include:
    case Mechanism::exists:
      return {DomainSpec::required, Cidr::forbidden};
    case Mechanism::a:
    case Mechanism::mx:
      return {DomainSpec::optional, Cidr::dual};
    case Mechanism::ptr:
      return {DomainSpec::optional, Cidr::forbidden};
    default:
      return {DomainSpec::forbidden, Cidr::forbidden};
  }
}

// "0" or digits without a leading zero, up to limit. RFC 7208 section 5.6, ip4-cidr-length and ip6-cidr-length.
std::optional<unsigned> parse_prefix(std::string_view digits, unsigned limit) {
  if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  unsigned value = 0;
  for (const char c : digits) {
    if (!ascii::is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value <= limit ? std::optional(value) : std::nullopt;
}

// Takes "/digits" (or "//digits" when slashes is 2) off the end of rest.
std::optional<std::string_view> take_cidr(std::string_view& rest, std::size_t slashes) {
  std::size_t digits = 0;
  while (digits < rest.size() && ascii::is_digit(rest[rest.size() - 1 - digits])) ++digits;
  const std::size_t length = digits + slashes;
  if (digits == 0 || length > rest.size()) return std::nullopt;
  const auto begin = rest.size() - length;
  if (rest.substr(begin, slashes) != std::string_view("//").substr(0, slashes)) return std::nullopt;
  const auto found = rest.substr(begin + slashes);
  rest.remove_suffix(length);
  return found;
}

// dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ], at the end of an "a" or "mx".
Fault parse_dual_cidr(std::string_view& rest, Directive& directive) {
  if (const auto six = take_cidr(rest, 2)) {
    const auto bits = parse_prefix(*six, 128);
    if (!bits) return "an IPv6 prefix length must be 0 to 128 without leading zero";
    directive.ip6_bits = *bits;
  }
  if (const auto four = take_cidr(rest, 1)) {
    const auto bits = parse_prefix(*four, 32);
    if (!bits) return "an IPv4 prefix length must be 0 to 32 without leading zero";
    directive.ip4_bits = *bits;
  }
  return std::nullopt;
}

Fault parse_domain_spec(std::string_view text, MacroString& into) {
  if (text.empty()) return "a domain is missing";
  auto parsed = parse_macro_string(text, MacroUse::domain_spec);
  if (!parsed) return parsed.error().message;
  into = std::move(*parsed);
  return std::nullopt;
}

// ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ], ip6 likewise (section 5.6).
Fault parse_network(std::string_view rest, Directive& directive) {
  if (rest.empty() || rest[0] != ':') return "an address is missing";
  rest.remove_prefix(1);
  const bool is_ip4 = directive.mechanism == Mechanism::ip4;
  const auto slash = rest.find('/');
  const auto address = rest.substr(0, slash);
  if ((address.find(':') == std::string_view::npos) != is_ip4) return "not an address of this family";
  auto parsed = model::IpAddress::parse(address);
  if (!parsed) return is_ip4 ? "not an IPv4 address of four parts" : "not an IPv6 address";
  directive.network = *parsed;
  if (slash == std::string_view::npos) return std::nullopt;
  const auto bits = parse_prefix(rest.substr(slash + 1), is_ip4 ? 32 : 128);
  if (!bits) return is_ip4 ? "a prefix length must be 0 to 32" : "a prefix length must be 0 to 128";
  (is_ip4 ? directive.ip4_bits : directive.ip6_bits) = *bits;
  return std::nullopt;
}

// Everything after the mechanism's name.
Fault parse_arguments(std::string_view rest, Directive& directive) {
  if (directive.mechanism == Mechanism::ip4 || directive.mechanism == Mechanism::ip6)
    return parse_network(rest, directive);
  const auto shape = shape_of(directive.mechanism);
  if (shape.cidr == Cidr::dual)
    if (auto fault = parse_dual_cidr(rest, directive)) return fault;
  if (rest.empty()) return shape.domain == DomainSpec::required ? Fault("a domain is missing") : std::nullopt;
  if (rest[0] != ':' || shape.domain == DomainSpec::forbidden) return "this mechanism takes no such argument";
  return parse_domain_spec(rest.substr(1), directive.domain_spec.emplace());
}

std::optional<SpfResult> qualifier(char c) {  // RFC 7208 section 4.6.2
  switch (c) {
    case '+':
      return SpfResult::pass;
    case '-':
      return SpfResult::fail;
    case '~':
      return SpfResult::softfail;
    case '?':
      return SpfResult::neutral;
    default:
      return std::nullopt;
  }
}

Fault parse_directive(std::string_view term, Record& record) {
  Directive directive{.text = std::string(term)};
  if (const auto result = qualifier(term.front())) {
    directive.result = *result;
    term.remove_prefix(1);
  }
  const auto end = std::min(term.size(), term.find_first_of(":/"));
  const auto mechanism = model::parse_enum<Mechanism>(ascii::lower(term.substr(0, end)));
  if (!mechanism) return "unknown mechanism";
  directive.mechanism = *mechanism;
  if (auto fault = parse_arguments(term.substr(end), directive)) return fault;
  record.has_all = record.has_all || *mechanism == Mechanism::all;
  record.directives.push_back(std::move(directive));
  return std::nullopt;
}

Fault parse_single(std::string_view term, std::string_view value, std::optional<Modifier>& slot) {
  if (slot) return "this modifier may appear only once";  // RFC 7208 section 6
  return parse_domain_spec(value, slot.emplace(Modifier{std::string(term), {}}).domain_spec);
}

Fault parse_modifier(std::string_view term, std::size_t equals, Record& record) {
  const auto name = ascii::lower(term.substr(0, equals));
  const auto value = term.substr(equals + 1);
  if (name == "redirect") return parse_single(term, value, record.redirect);
  if (name == "exp") return parse_single(term, value, record.exp);
  // RFC 7208 sections 4.6.1 and 4.6.3: unknown-modifier = name "=" macro-string; ignored, but its syntax counts.
  auto parsed = parse_macro_string(value, MacroUse::unknown_modifier);
  if (!parsed) return parsed.error().message;
  record.unknown_modifiers.emplace_back(term);
  return std::nullopt;
}

// Position of the '=' when term is name "=" ..., else npos (section 4.6.1).
std::size_t modifier_equals(std::string_view term) {
  if (!ascii::is_letter(term.front())) return std::string_view::npos;
  std::size_t i = 1;
  while (i < term.size() && is_name_char(term[i])) ++i;
  return i < term.size() && term[i] == '=' ? i : std::string_view::npos;
}

enum class Terms : std::uint8_t { all_terms, mechanisms_only };

// terms = *( 1*SP ( directive / modifier ) ): only a blank separates; a tab is part of a term, and wrong there.
ParsedRecord parse_terms(std::string_view rest, Terms allowed) {
  ParsedRecord out;
  std::size_t number = 0;
  for (std::size_t begin = 0; (begin = rest.find_first_not_of(' ', begin)) != std::string_view::npos;) {
    const auto end = std::min(rest.size(), rest.find(' ', begin));
    const auto term = rest.substr(begin, end - begin);
    begin = end;
    ++number;
    const auto equals = modifier_equals(term);
    Fault fault;
    if (equals == std::string_view::npos)
      fault = parse_directive(term, out.record);
    else if (allowed == Terms::mechanisms_only)
      fault = "a local policy consists of mechanisms only";
    else
      fault = parse_modifier(term, equals, out.record);
    if (!fault) continue;
    out.fault = SyntaxFault{std::string(term), number, std::move(*fault)};
    break;
  }
  return out;
}

}  // namespace

bool is_spf_record(std::string_view text) {
  return ascii::lower(text.substr(0, version.size())) == version &&
         (text.size() == version.size() || text[version.size()] == ' ');
}

ParsedRecord parse_record(std::string_view text) {
  return parse_terms(text.substr(std::min(text.size(), version.size())), Terms::all_terms);
}

ParsedRecord parse_local_policy(std::string_view text) { return parse_terms(text, Terms::mechanisms_only); }

std::shared_ptr<const ParsedRecord> RecordCache::get(const std::string& text) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = entries_.find(text); found != entries_.end()) return found->second;
  }
  auto parsed = std::make_shared<const ParsedRecord>(parse_record(text));
  if (text.size() > max_kept) return parsed;
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= max_entries_) entries_.clear();
  return entries_.emplace(text, std::move(parsed)).first->second;
}

}  // namespace ruaudit::verify::spf
