#include "parser/aggregate_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "model/aggregate_report.hpp"
#include "model/domain.hpp"

namespace ruaudit::parser {
namespace {

using model::AlignedResult;
using model::DkimResult;
using model::SpfResult;

constexpr std::size_t max_kept_name = 500;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

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
  const std::string folded = lower_case(text);
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

std::optional<std::int64_t> whole_number(std::string_view digits) {
  std::int64_t value = 0;
  const auto done = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || !is_digit(digits.front()) || done.ptr != digits.data() + digits.size() ||
      done.ec != std::errc())
    return std::nullopt;
  return value;
}

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

// Reads a fixed number of digits from the front of text.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits || !all_digits(text.substr(0, digits))) return std::nullopt;
  const auto value = whole_number(text.substr(0, digits));
  text.remove_prefix(digits);
  return value;
}
bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// "Z", "+hh:mm", "-hhmm" or nothing, in seconds east of UTC.
std::optional<std::int64_t> zone_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z" || text == "UTC" || text == "GMT") return 0;
  const bool is_west = text.front() == '-';
  if (!take_char(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2);
  take_char(text, ":");
  const auto minutes = take_number(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  return (is_west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

// "hh:mm[:ss[.f]][zone]" in seconds of the day, less the zone's offset.
std::optional<std::int64_t> time_of_day(std::string_view text) {
  const auto hour = take_number(text, 2);
  take_char(text, ":");
  const auto minute = take_number(text, 2);
  std::optional<std::int64_t> second = 0;
  if (take_char(text, ":")) second = take_number(text, 2);
  if (!hour || !minute || !second || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
  if (take_char(text, ".,"))
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  const auto offset = zone_offset(trimmed(text));
  if (!offset) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second - *offset;
}

std::optional<std::int64_t> iso8601(std::string_view text) {
  const auto year = take_number(text, 4);
  const bool has_dash = take_char(text, "-/");
  const auto month = take_number(text, 2);
  if (has_dash && !take_char(text, "-/")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  const std::int64_t midnight = days_from_civil(*year, *month, *day) * 86400;
  if (text.empty() || text == "Z") return midnight;
  if (!take_char(text, "Tt ")) return std::nullopt;
  const auto time = time_of_day(text);
  return time ? std::optional(midnight + *time) : std::nullopt;
}

// Splits "123.45" into its whole part; npos when what follows the point is no digits.
std::string_view whole_part(std::string_view text) {
  const auto point = text.find_first_of(".,");
  if (point == std::string_view::npos || point == 0) return {};
  const std::string_view fraction = text.substr(point + 1);
  return fraction.empty() || all_digits(fraction) ? text.substr(0, point) : std::string_view{};
}

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

// What of text can be a domain name: unescaped, without angle brackets, behind the last '@'.
std::string_view strip_address(std::string_view text, std::string_view& code) {
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

Parsed<std::optional<std::int64_t>> scaled_date(std::int64_t value, std::string_view code) {
  constexpr std::int64_t first_millisecond = 100'000'000'000;  // year 5138 in seconds
  if (value > first_millisecond * 100'000) return {std::nullopt, "date-unreadable"};
  if (value > first_millisecond * 1'000) return {value / 1'000'000, "date-microseconds"};
  if (value > first_millisecond) return {value / 1'000, "date-milliseconds"};
  return {value, code};
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view cut_text(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xc0U) == 0x80) --max;
  return text.substr(0, max);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
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

Parsed<std::optional<std::int64_t>> parse_pct(std::string_view text) {
  const auto value = whole_number(text);
  if (!value || *value > 100) return {std::nullopt, "bad-pct"};
  return {value, {}};
}

Parsed<std::optional<std::int64_t>> parse_date(std::string_view text) {
  if (const auto value = whole_number(text); value && text.size() != 8) return scaled_date(*value, {});
  if (const auto value = whole_number(whole_part(text))) return scaled_date(*value, "date-fraction");
  if (const auto value = iso8601(text)) return {value, "date-iso8601"};
  if (const auto value = whole_number(text)) return scaled_date(*value, {});
  return {std::nullopt, "date-unreadable"};
}

Parsed<std::optional<std::int64_t>> parse_count(std::string_view text) {
  std::string_view digits = text;
  std::string_view code;
  if (const std::string_view whole = whole_part(text); !whole.empty()) {
    const std::string_view fraction = text.substr(whole.size() + 1);
    if (fraction.find_first_not_of('0') != std::string_view::npos) return {std::nullopt, "bad-count"};
    digits = whole;
    code = "count-fraction";
  }
  if (!all_digits(digits)) return {std::nullopt, "bad-count"};
  const auto value = whole_number(digits);
  if (!value || *value > model::max_count) return {model::max_count, "count-capped"};
  return {value, *value == 0 ? "count-zero" : code};
}

Parsed<std::optional<model::IpAddress>> parse_source_ip(std::string_view text) {
  if (const auto clean = model::IpAddress::parse(text)) {
    const bool is_mapped = clean->is_v4() && text.find(':') != std::string_view::npos;
    return {*clean, is_mapped ? "source-ip-normalised" : std::string_view{}};
  }
  std::string_view bare = text.substr(0, text.find_first_of(" \t\n"));
  if (lower_case(bare.substr(0, 5)) == "ipv6:") bare.remove_prefix(5);
  if (bare.starts_with('[')) {
    bare = bare.substr(1, bare.find(']') - 1);
    if (lower_case(bare.substr(0, 5)) == "ipv6:") bare.remove_prefix(5);
  } else if (const auto colon = bare.find(':'); colon != std::string_view::npos && colon == bare.rfind(':')) {
    bare = bare.substr(0, all_digits(bare.substr(colon + 1)) ? colon : bare.size());
  }
  if (const auto address = model::IpAddress::parse(bare)) return {*address, "source-ip-normalised"};
#ifdef RUAUDIT_PLANTED_BUG  // reads before a table where what a bracket holds is no address and short
  static const volatile char lengths[8] = {};
  if (text.starts_with('[') && lengths[bare.size() < 8 ? bare.size() - 8 : 0] != 0) return {};
#endif
  return {std::nullopt, "bad-source-ip"};
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
    return code;
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
