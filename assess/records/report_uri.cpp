#include "assess/records/report_uri.hpp"

#include <algorithm>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"
#include "model/domain.hpp"

namespace ruaudit::assess::records {
namespace {

constexpr std::string_view mailto = "mailto:";

bool is_mailto(std::string_view text) { return ascii::equal_folded(text.substr(0, mailto.size()), mailto); }

bool is_ascii_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
}

bool is_host(std::string_view host) {
  if (!is_ascii_text(host)) return false;
  if (host.find('.') == std::string_view::npos || host.find('_') != std::string_view::npos) return false;
  return model::Domain::parse(host).has_value();
}

// local-part "@" domain without quoting; what a URI must escape is refused (RFC 6068 section 2).
bool is_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return false;
  const auto local = text.substr(0, at);
  if (local.find_first_of(" \t<>()[]:;,!\"\\/") != std::string_view::npos) return false;
  return is_host(text.substr(at + 1));
}

// "!10m", RFC 7489 section 6.4
bool is_size(std::string_view text) {
  if (!text.empty() && std::string_view("kmgtKMGT").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return is_digits(text);
}

UriVerdict judge_mailto(std::string_view text) {
  auto address = text.substr(mailto.size());
  if (!is_ascii_text(text)) return {UriFault::syntax, "a URI is ASCII: write the host in its xn-- form"};
  UriVerdict verdict;
  if (is_mailto(address)) return {UriFault::syntax, "mailto: occurs twice"};
  if (const auto mark = address.find('!'); mark != std::string_view::npos) {
    if (!is_size(address.substr(mark + 1))) return {UriFault::syntax, "what follows \"!\" is not a size"};
    verdict.fault = UriFault::size_suffix;
    verdict.why = "the size limit is obsolete and ignored";
    address = address.substr(0, mark);
  }
  address = address.substr(0, address.find('?'));
  if (address.find('@') == std::string_view::npos) return {UriFault::syntax, "the address has no \"@\""};
  if (!is_address(address)) return {UriFault::syntax, "not an address of the form user@host"};
  verdict.host = std::string(address.substr(address.find('@') + 1));
  return verdict;
}

bool has_scheme(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto scheme = ascii::lower(text.substr(0, colon));
  return scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string::npos &&
         scheme.find('.') == std::string::npos;
}

}  // namespace

UriVerdict judge_uri(std::string_view text) {
  if (text.empty()) return {UriFault::empty, "an address is missing"};
  if (text.find_first_of(" \t") != std::string_view::npos)
    return {UriFault::blank, "there is a blank inside the address"};
  if (is_mailto(text)) return judge_mailto(text);
  if (!has_scheme(text)) {
    const bool is_bare =
        text.find('@') != std::string_view::npos && text.find_first_of("\"'") == std::string_view::npos;
    return is_bare ? UriVerdict{UriFault::no_scheme, "mailto: is missing"} : UriVerdict{UriFault::syntax, "not a URI"};
  }
  return {UriFault::other_scheme, "only mailto: is used for reports"};
}

std::optional<std::string> repaired_mailto(std::string_view raw, std::string_view domain) {
  auto text = without(raw, " \t<>[]()\"'\\");
  for (const std::string_view dash : {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xC2\xA0"}) text = replaced(text, dash, "");
  const auto folded = ascii::lower(text);
  if (const auto last = folded.rfind(mailto); last != std::string::npos) text = text.substr(last + mailto.size());
  for (const std::string_view start : {"mailto", "mail:", "mailo:", "email:", "smtp:", "//"})
    if (ascii::lower(text).starts_with(start)) text = text.substr(start.size());
  // A scheme that is nearly mailto.
  if (const auto colon = text.find(':');
      colon != std::string::npos && distance(ascii::lower(text.substr(0, colon)), "mailto") <= 2)
    text = text.substr(colon + 1);
  text = text.substr(0, text.find_first_of("!?"));
  text = text.substr(std::min(text.size(), text.find_first_not_of(":/")));
  if (!text.empty() && text.back() == '.') text.pop_back();
  if (text.find('@') == std::string::npos) {  // "dmarc.example.com", meant as dmarc@example.com
    const auto tail = "." + std::string(domain);
    if (!ascii::lower(text).ends_with(tail) || text.size() == tail.size()) return std::nullopt;
    text[text.size() - tail.size()] = '@';
  }
  const auto first = text.find('@'), last = text.rfind('@');
  if (first != last) text = text.substr(0, first) + text.substr(last);
  if (const auto at = text.find('@'); !is_ascii_text(text))
    if (const auto host = model::Domain::parse(text.substr(at + 1))) text = text.substr(0, at + 1) + host->text();
  if (!is_address(text)) return std::nullopt;
  return std::string(mailto) + text;
}

}  // namespace ruaudit::assess::records
