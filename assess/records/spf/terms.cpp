#include "assess/records/spf/terms.hpp"

#include <algorithm>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

namespace spf = verify::spf;

constexpr std::string_view version = "v=spf1";
constexpr std::string_view odd_characters = ";,\"'\\";

bool is_visible(char c) { return c > ' ' && c < 0x7F; }
bool is_qualifier(char c) { return c == '+' || c == '-' || c == '~' || c == '?'; }

// Without "%{...}": inside of a macro commas are delimiters.
std::string outside_macros(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto close = text.substr(i).starts_with("%{") ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos)
      out += text[i];
    else
      i = close;
  }
  return out;
}

bool has_odd_character(std::string_view text) {
  return outside_macros(text).find_first_of(odd_characters) != std::string::npos;
}

bool has_bad_macro(std::string_view text, spf::MacroUse use) {
  const auto parsed = spf::parse_macro_string(text, use);
  // A domain must end in a top label, which is no matter of macros.
  return !parsed && !spf::parse_macro_string(std::string(text) + ".example", use);
}

// Which mistake a domain-spec has.
std::string_view domain_fault(std::string_view text) {
  if (text.empty()) return "spf-bad-domain";
  if (has_bad_macro(text, spf::MacroUse::domain_spec)) return "spf-bad-macro";
  return has_odd_character(text) ? "spf-bad-character" : "spf-bad-domain";
}

std::string_view modifier_fault(std::string_view name, std::string_view value) {
  if (is_spf_mechanism(name)) return "spf-mechanism-as-modifier";
  return name == "redirect" || name == "exp" ? domain_fault(value) : "spf-bad-macro";
}

std::string_view network_fault(std::string_view rest) {
  if (rest.empty() || rest[0] == ':' || rest[0] == '/')
    return has_odd_character(rest) ? "spf-bad-character" : "spf-bad-address";
  return has_odd_character(rest) ? "spf-bad-character" : "spf-unknown-mechanism";
}

// "/24" or "/24//64" at the end that no prefix length may be.
bool has_bad_length(std::string_view rest) {
  const auto plain = outside_macros(rest);
  const auto slash = plain.find('/');
  return slash != std::string::npos && plain.find_first_not_of("0123456789/", slash) == std::string::npos;
}

std::string_view mechanism_fault(std::string_view name, std::string_view rest) {
  if (name == "ip4" || name == "ip6") return network_fault(rest);
  const bool takes_nothing = name == "all" || (!rest.empty() && rest[0] != ':' && rest[0] != '/');
  if (takes_nothing) return has_odd_character(rest.substr(0, 1)) ? "spf-bad-character" : "spf-unknown-mechanism";
  if ((name == "a" || name == "mx") && has_bad_length(rest)) return "spf-bad-address";
  return domain_fault(rest.empty() ? rest : rest.substr(1));
}

// Of a term that the parser refuses. RFC 7208 section 4.6.1
std::string_view fault_code(std::string_view term) {
  if (!std::all_of(term.begin(), term.end(), is_visible)) return "spf-bad-character";
  const auto equals = term.find('=');
  const auto name_end = static_cast<std::size_t>(
      std::find_if_not(term.begin(), term.end(),
                       [](char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; }) -
      term.begin());
  if (equals != std::string_view::npos && equals == name_end && ascii::is_letter(term.front()))
    return modifier_fault(ascii::lower(term.substr(0, equals)), term.substr(equals + 1));
  if (is_qualifier(term.front())) term.remove_prefix(1);
  const auto end = static_cast<std::size_t>(
      std::find_if_not(term.begin(), term.end(), [](char c) { return ascii::is_letter_or_digit(c); }) - term.begin());
  const auto name = ascii::lower(term.substr(0, end));
  if (is_spf_mechanism(name)) return mechanism_fault(name, term.substr(end));
  return has_odd_character(term) ? "spf-bad-character" : "spf-unknown-mechanism";
}

// Grammatical, but not what its writer meant.
void judge_meaning(SpfPart& part) {
  const auto equals = part.text.find('=');
  const bool is_modifier = !part.directive && equals != std::string::npos;
  if (is_modifier && is_spf_mechanism(ascii::lower(part.text.substr(0, equals)))) {
    part.fault = "spf-mechanism-as-modifier";
    part.why = "write \"" + part.text.substr(0, equals) + ":\"";
  } else if (!is_modifier && part.directive && part.directive->domain_spec && has_odd_character(part.text)) {
    part.fault = "spf-bad-character";
    part.why = "host names have no such character";
  }
}

bool begins_term(std::string_view right) {
  return !right.empty() && (is_qualifier(right.front()) || right.find_first_of(":=") != std::string_view::npos);
}

// RFC 7208 section 3.3: strings are joined without adding spaces.
void judge_joints(SpfPart& part, std::span<const std::size_t> joints) {
  for (const auto joint : joints) {
    if (joint <= part.begin || joint >= part.begin + part.text.size()) continue;
    const auto left = part.text.substr(0, joint - part.begin), right = part.text.substr(joint - part.begin);
    const bool are_terms = spf_part(left).fault.empty() && spf_part(right).fault.empty();
    if (!are_terms || !(begins_term(right) || !part.fault.empty())) continue;
    part.fault = "spf-split-join";
    part.why = "one string ends with \"" + left + "\", the next begins with \"" + right + "\"";
    return;
  }
}

}  // namespace

bool is_spf_mechanism(std::string_view lower_name) {
  return is_any_of(lower_name, {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"});
}

SpfPart spf_part(std::string_view text) {
  SpfPart part{.text = std::string(text)};
  if (text.empty()) {
    part.fault = "spf-unknown-mechanism";
    return part;
  }
  const auto parsed = spf::parse_record(std::string(version) + " " + part.text);
  const bool is_one = text.find(' ') == std::string_view::npos;
  if (parsed.fault || !is_one) {
    part.fault = fault_code(text);
    part.why = parsed.fault ? parsed.fault->what : "";
    return part;
  }
  if (!parsed.record.directives.empty()) part.directive = parsed.record.directives.front();
  part.redirect = parsed.record.redirect;
  part.exp = parsed.record.exp;
  judge_meaning(part);
  return part;
}

std::vector<SpfPart> spf_parts(std::string_view record, std::span<const std::size_t> joints) {
  std::vector<SpfPart> parts;
  bool has_redirect = false, has_exp = false;
  for (std::size_t begin = std::min(record.size(), version.size());
       (begin = record.find_first_not_of(' ', begin)) != std::string_view::npos;) {
    const auto end = std::min(record.size(), record.find(' ', begin));
    auto part = spf_part(record.substr(begin, end - begin));
    part.begin = begin;
    judge_joints(part, joints);
    const bool is_second = (part.redirect && has_redirect) || (part.exp && has_exp);
    has_redirect = has_redirect || part.redirect;
    has_exp = has_exp || part.exp;
    if (is_second && part.fault.empty()) {  // RFC 7208 section 6
      part.fault = "spf-duplicate-modifier";
      part.why = "only the first could count";
    }
    parts.push_back(std::move(part));
    begin = end;
  }
  return parts;
}

// "example.org. IN TXT "v=spf1 ...", "(v=spf1 ...", "spf=v=spf1 ...": what stands in front belongs to the zone file or
// to a form.
static std::optional<std::size_t> version_behind(std::string_view text) {
  const auto folded = ascii::lower(text.substr(0, 300));
  const auto at = folded.find(version);
  if (at == 0 || at == std::string::npos) return std::nullopt;
  const auto front = std::string_view(folded).substr(0, at);
  const bool is_zone_line =
      front.find(" txt ") != std::string_view::npos || front.find("\ttxt") != std::string_view::npos;
  const bool is_name = front.find_first_not_of("abcdefghijklmnopqrstuvwxyz:=(\"' \t") == std::string_view::npos &&
                       is_any_of(trim(without(front, "(\"':= \t")), {"", "txt", "spf", "spfrecord", "value", "record"});
  return is_zone_line || is_name ? std::optional(at + version.size()) : std::nullopt;
}

std::optional<std::size_t> meant_spf_version(std::string_view text) {
  if (const auto end = version_behind(text)) return end;
  const auto start = std::min(text.size(), text.find_first_not_of(" \t\"'\\"));
  auto rest = ascii::lower(text.substr(start, 24));
  if (rest.starts_with("\xE2\x80\x9C")) rest = rest.substr(3);
  if (rest.starts_with("spf2.0")) return std::nullopt;  // Sender ID, RFC 4406
  const auto word_begin = std::min(rest.size(), rest.find_first_not_of("v=: \t-\""));
  const auto word = std::string_view(rest).substr(word_begin);
  const bool is_near = is_any_of(word.substr(0, 3), {"spf", "sfp", "pfs", "psf", "fps"}) || word.starts_with("spp");
  if (!is_near || word_begin > 6) return std::nullopt;
  if (word_begin == 0 && !word.starts_with("spf")) return std::nullopt;
  auto end = std::min(word.size(), word.find_first_not_of("spf"));
  end = std::min(word.size(), word.find_first_not_of("0123456789", end));
  if (word_begin == 0 && end < word.size() && word[end] != ' ' && word[end] != ';' && word[end] != ',')
    return std::nullopt;
  return start + (text.size() > start && ascii::lower(text.substr(start, 3)) == "\xE2\x80\x9C" ? 3 : 0) + word_begin +
         end;
}

std::optional<std::string> static_name(const spf::MacroString& text, std::string_view domain) {
  std::string name;
  for (const auto& piece : text.pieces) {
    if (const auto* const literal = std::get_if<std::string>(&piece)) {
      name += *literal;
      continue;
    }
    const auto& macro = std::get<spf::Macro>(piece);
    if (macro.letter != 'd' || macro.is_transformed()) return std::nullopt;
    name += domain;
  }
  if (name.ends_with('.')) name.pop_back();
  return ascii::lower(name);
}

}  // namespace ruaudit::assess::records
