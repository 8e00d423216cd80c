#include "parser/aggregate_values.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "model/aggregate_report.hpp"
#include "model/ascii.hpp"
#include "model/domain.hpp"

namespace ruaudit::parser {
namespace {

using model::AlignedResult;
using model::DkimResult;
using model::SpfResult;

constexpr std::size_t max_kept_name = 500;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

template <class E>
struct Mapping {  // a word outside the vocabulary whose meaning is agreed
  std::string_view text;
  E value;
};

template <class E>
std::optional<E> known(std::string_view text) {
  if (text.empty()) return std::nullopt;
  // The first octet decides almost always, without a call of memcmp.
  for (const auto& row : model::enum_table<E>)
    if (row.text.size() == text.size() && row.text.front() == text.front() && row.value != E::unknown &&
        row.text == text)
      return row.value;
  return std::nullopt;
}

struct Codes {
  std::string_view mapped;
  std::string_view unknown;
};

template <class E>
Parsed<E> parse_token(std::string_view text, std::span<const Mapping<E>> mappings, Codes codes) {
  if (const auto value = known<E>(text)) return {*value, {}};
  if (text.size() > 64) return {E::unknown, codes.unknown};
  const std::string folded = ascii::lower(text);
  if (const auto value = known<E>(folded)) return {*value, "letter-case"};
  for (const auto& mapping : mappings)
    if (mapping.text == folded) return {mapping.value, codes.mapped};
  return {E::unknown, codes.unknown};
}

// RFC 7489 appendix C: "unknown" is an older word for temperror, "error" for permerror.
constexpr std::array<Mapping<SpfResult>, 7> spf_words{{{"hardfail", SpfResult::fail},
                                                       {"unknown", SpfResult::temperror},
                                                       {"error", SpfResult::permerror},
                                                       {"invalid", SpfResult::permerror},
                                                       {"soft_fail", SpfResult::softfail},
                                                       {"temp_error", SpfResult::temperror},
                                                       {"perm_error", SpfResult::permerror}}};
constexpr std::array<Mapping<DkimResult>, 5> dkim_words{{{"invalid", DkimResult::permerror},
                                                         {"error", DkimResult::permerror},
                                                         {"hardfail", DkimResult::fail},
                                                         {"temp_error", DkimResult::temperror},
                                                         {"perm_error", DkimResult::permerror}}};
// A DMARC result is pass or fail: what is known not to be a pass is a fail. `unknown` is not known.
constexpr std::array<Mapping<AlignedResult>, 9> aligned_words{{{"none", AlignedResult::fail},
                                                               {"softfail", AlignedResult::fail},
                                                               {"hardfail", AlignedResult::fail},
                                                               {"neutral", AlignedResult::fail},
                                                               {"policy", AlignedResult::fail},
                                                               {"invalid", AlignedResult::fail},
                                                               {"temperror", AlignedResult::fail},
                                                               {"permerror", AlignedResult::fail},
                                                               {"error", AlignedResult::fail}}};

constexpr std::array<bool, 256> make_clean_name_bytes() {
  std::array<bool, 256> clean{};
  for (unsigned c = 'a'; c <= 'z'; ++c) clean[c] = true;
  for (unsigned c = '0'; c <= '9'; ++c) clean[c] = true;
  clean['-'] = clean['_'] = true;
  return clean;
}
constexpr std::array<bool, 256> clean_name_byte = make_clean_name_bytes();

// True for what model::Domain would leave as it is; the usual case, without an allocation.
bool is_clean_domain(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (clean_name_byte[static_cast<unsigned char>(c)]) {
      ++label;
    } else if (c == '.' && label != 0 && label <= 63) {
      label = 0;
    } else {
      return false;
    }
  }
  return label != 0 && label <= 63;
}

// What of text can be a domain name: unescaped, without angle brackets, after the last '@'.
std::string_view strip_address(std::string_view text, std::string_view& code) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = trimmed(text.substr(1, text.size() - 2));
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') {
    text = trimmed(text.substr(1, text.size() - 2));
    code = "address-for-domain";
  }
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    text.remove_prefix(at + 1);
    while (!text.empty() && (text.back() == '>' || is_blank(text.back()))) text.remove_suffix(1);
    code = "address-for-domain";
  }
  return text;
}

struct Unescaped {
  std::string_view name;
  char value;
};
constexpr std::array<Unescaped, 3> escapes{{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};

std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto* hit =
        std::find_if(escapes.begin(), escapes.end(), [&](const Unescaped& e) { return text.starts_with(e.name); });
    out += hit == escapes.end() ? text.front() : hit->value;
    text.remove_prefix(hit == escapes.end() ? 1 : hit->name.size());
  }
  return out;
}

// Blanks beyond ASCII and marks that no one sees (Unicode White_Space, zero width and direction marks), in UTF-8.
constexpr std::string_view odd_blanks[] = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
    "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9",
    "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe2\x81\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"};

std::size_t odd_blank_before(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80) return 0;
  for (const std::string_view blank : odd_blanks)
    if (text.starts_with(blank)) return blank.size();
  return 0;
}
std::size_t odd_blank_behind(std::string_view text) {
  if (static_cast<unsigned char>(text.back()) < 0x80) return 0;
  for (const std::string_view blank : odd_blanks)
    if (text.ends_with(blank)) return blank.size();
  return 0;
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = is_blank(text.front()) ? 1 : odd_blank_before(text);
    if (size == 0) break;
    text.remove_prefix(size);
  }
  while (!text.empty()) {
    const std::size_t size = is_blank(text.back()) ? 1 : odd_blank_behind(text);
    if (size == 0) break;
    text.remove_suffix(size);
  }
  return text;
}

bool has_odd_blanks(std::string_view text, std::string_view trimmed_text) {
  const auto is_odd = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  const auto begin = static_cast<std::size_t>(trimmed_text.data() - text.data());
  const std::string_view before = text.substr(0, begin), behind = text.substr(begin + trimmed_text.size());
  return std::any_of(before.begin(), before.end(), is_odd) || std::any_of(behind.begin(), behind.end(), is_odd);
}

std::string_view cut_text(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xc0U) == 0x80) --max;
  return text.substr(0, max);
}

Parsed<model::Disposition> parse_disposition(std::string_view text) {
  return parse_token<model::Disposition>(text, {}, {{}, "disposition-unknown"});
}
Parsed<DkimResult> parse_dkim_result(std::string_view text) {
  return parse_token<DkimResult>(text, dkim_words, {"dkim-result-mapped", "dkim-result-unknown"});
}
Parsed<SpfResult> parse_spf_result(std::string_view text) {
  return parse_token<SpfResult>(text, spf_words, {"spf-result-mapped", "spf-result-unknown"});
}
Parsed<model::SpfScope> parse_spf_scope(std::string_view text) {
  return parse_token<model::SpfScope>(text, {}, {{}, "spf-scope-unknown"});
}
Parsed<AlignedResult> parse_evaluated_dkim(std::string_view text) {
  return parse_token<AlignedResult>(text, aligned_words, {"dkim-evaluated-mapped", "dkim-evaluated-unknown"});
}
Parsed<AlignedResult> parse_evaluated_spf(std::string_view text) {
  return parse_token<AlignedResult>(text, aligned_words, {"spf-evaluated-mapped", "spf-evaluated-unknown"});
}
Parsed<model::OverrideType> parse_override_type(std::string_view text) {
  return parse_token<model::OverrideType>(text, {}, {{}, "unknown-reason"});
}
Parsed<model::Policy> parse_policy(std::string_view text) {
  return parse_token<model::Policy>(text, {}, {{}, "unknown-policy"});
}
Parsed<model::AlignmentMode> parse_alignment_mode(std::string_view text) {
  return parse_token<model::AlignmentMode>(text, {}, {{}, "unknown-alignment-mode"});
}
Parsed<model::DiscoveryMethod> parse_discovery_method(std::string_view text) {
  return parse_token<model::DiscoveryMethod>(text, {}, {{}, "unknown-discovery-method"});
}

Parsed<std::optional<bool>> parse_testing(std::string_view text) {
  if (text == "y" || text == "n") return {text == "y", {}};
  if (text == "Y" || text == "N") return {text == "Y", "letter-case"};
  return {std::nullopt, "unknown-testing"};
}

bool assign_clean_domain(std::string_view text, std::string& out) {
  if (!is_clean_domain(text)) return false;
  out.assign(text);
  return true;
}

std::string_view parse_domain(std::string_view text, std::string& out) {
  if (assign_clean_domain(text, out)) return {};
  if (text.empty()) {
    out.clear();
    return {};
  }
  std::string_view code = "domain-normalised";
  std::string unescaped;
  std::string_view name = text.substr(0, 4096);
  if (name.find("&lt;") != std::string_view::npos || name.find("&gt;") != std::string_view::npos) {
    unescaped = unescape(name);
    name = unescaped;
    code = "html-in-value";
  }
  name = strip_address(name, code);
  if (name.empty() && (text == "<>" || unescaped == "<>")) {
    out.clear();
    return unescaped.empty() ? "null-sender" : "html-in-value";
  }
  if (const auto domain = model::Domain::parse(name)) {
    out.assign(domain->text());
    // Octets that DNS permits, but no domain of a mail has: nothing was normalised.
    return out == text ? "bad-domain" : code;
  }
  out.assign(cut_text(text, max_kept_name));
  return "bad-domain";
}

std::string_view choose_from_list(std::string_view list, std::string_view policy_domain) {
  std::string_view first;
  const auto wanted = model::Domain::parse(policy_domain);
  for (std::string_view rest = list; !rest.empty();) {
    const auto comma = rest.find_first_of(",;");
    const std::string_view entry = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    if (entry.empty()) continue;
    if (first.empty()) first = entry;
    std::string name;
    parse_domain(entry, name);
    const auto domain = model::Domain::parse(name);
    if (wanted && domain && domain->is_at_or_below(*wanted)) return entry;
  }
  return first;
}

}  // namespace ruaudit::parser
