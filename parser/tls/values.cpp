#include "parser/tls/values.hpp"

#include <algorithm>

#include "model/ascii.hpp"

namespace ruaudit::parser::tls {
namespace {

// Letters of tokens in lower case, words joined by '-' whatever joined them.
std::string token_of(std::string_view text) {
  std::string token = ascii::lower(trimmed(text));
  std::replace_if(
      token.begin(), token.end(), [](char c) { return c == '_' || c == ' '; }, '-');
  return token;
}

template <class E>
Parsed<E> parse_token(std::string_view text, std::string_view unknown_code) {
  const auto exact = model::parse_enum<E>(text);
  if (exact && *exact != E::unknown) return {*exact, {}};
  const auto folded = model::parse_enum<E>(token_of(text));
  if (folded && *folded != E::unknown) return {*folded, "letter-case"};
  return {E::unknown, unknown_code};
}

}  // namespace

Parsed<model::TlsPolicyType> parse_policy_type(std::string_view text) {
  if (trimmed(text).empty()) return {model::TlsPolicyType::unknown, "tls-no-policy-type"};
  const std::string token = token_of(text);
  // RFC 8460 section 4.4 names the types by these words too.
  if (token == "dane") return {model::TlsPolicyType::tlsa, "letter-case"};
  if (token == "mta-sts") return {model::TlsPolicyType::sts, "letter-case"};
  if (token == "no-policy") return {model::TlsPolicyType::no_policy_found, "letter-case"};
  return parse_token<model::TlsPolicyType>(text, "tls-policy-type-unknown");
}

Parsed<model::TlsResultType> parse_result_type(std::string_view text) {
  if (trimmed(text).empty()) return {model::TlsResultType::unknown, "tls-no-result-type"};
  return parse_token<model::TlsResultType>(text, "tls-result-type-unknown");
}

Parsed<std::optional<std::int64_t>> parse_sessions(std::string_view text) {
  auto count = parse_count(trimmed(text));
  if (count.defect == "count-zero") count.defect = {};
  return count;
}

bool is_date_time(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  const auto fits = [](char have, char want) {
    return want == '0' ? have >= '0' && have <= '9' : have == want || (want == 'T' && have == 't');
  };
  if (text.size() <= form.size() ||
      !std::equal(form.begin(), form.end(), text.begin(), [&](char want, char have) { return fits(have, want); }))
    return false;
  text.remove_prefix(form.size());
  if (text.front() == '.') text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
  if (text == "Z" || text == "z") return true;
  constexpr std::string_view offset = "+00:00";
  return text.size() == offset.size() && (text[0] == '+' || text[0] == '-') &&
         std::equal(text.begin() + 1, text.end(), offset.begin() + 1, fits);
}

Parsed<std::string> parse_address(std::string_view text) {
  const std::string_view clean = trimmed(text);
  if (clean.empty()) return {{}, {}};
  if (const auto exact = model::IpAddress::parse(clean)) return {exact->to_string(), {}};
  const auto read = parse_source_ip(clean);
  if (read.value) return {read.value->to_string(), "tls-address-notation"};
  return {{}, "tls-bad-address"};
}

Parsed<std::string> parse_host(std::string_view text) {
  std::string_view clean = trimmed(text);
  const std::string_view pattern = clean.starts_with("*.") ? "*." : clean.starts_with('.') ? "." : "";
  Parsed<std::string> host;
  host.defect = parse_domain(clean.substr(pattern.size()), host.value);
  host.value.insert(0, pattern);
  return host;
}

}  // namespace ruaudit::parser::tls
