#include "parser/failure/values.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"

namespace ruaudit::parser {
namespace {

constexpr auto npos = std::string_view::npos;

std::string leading_word(std::string_view text) {
  const std::string plain = without_comments(text);
  return ascii::lower(std::string_view(plain).substr(0, plain.find_first_of(" \t;,(")));
}

// Everything inside quotes; a backslash takes the next octet as it is. RFC 5322 section 3.2.4.
std::string quoted_content(std::string_view text) {
  std::string out;
  bool is_inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      is_inside = !is_inside;
    } else if (is_inside) {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      out += text[i];
    }
  }
  return out;
}

// The next word before a colon; rest moves behind it. Without a colon all of rest.
std::string_view take_word(std::string_view& rest) {
  const auto colon = rest.find(':');
  const auto word = trimmed(rest.substr(0, colon));
  rest = colon == npos ? std::string_view() : trimmed(rest.substr(colon + 1));
  return word;
}

bool is_record_type(std::string_view word) {
  const std::string folded = ascii::lower(word);
  return folded == "txt" || folded == "spf";
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

model::FailureKind parse_feedback_type(std::string_view text) {
  const auto kind = model::parse_enum<model::FailureKind>(leading_word(text));
  const bool is_wire_token = kind && *kind != model::FailureKind::bounce && *kind != model::FailureKind::auto_reply;
  return is_wire_token ? *kind : model::FailureKind::unknown;
}

model::AuthFailure parse_auth_failure(std::string_view text) {
  return model::parse_enum<model::AuthFailure>(leading_word(text)).value_or(model::AuthFailure::unknown);
}

model::DeliveryResult parse_delivery_result(std::string_view text) {
  return model::parse_enum<model::DeliveryResult>(leading_word(text)).value_or(model::DeliveryResult::unknown);
}

model::ClaimedRecord parse_claimed_record(std::string_view text) {
  model::ClaimedRecord record{.raw = std::string(text), .type = {}, .domain = {}, .content = {}};
  const auto quote = text.find('"');
  if (quote != npos) record.content = quoted_content(text.substr(quote));
  const std::string head = quote == npos ? std::string(text) : without_comments(text.substr(0, quote));
  auto rest = trimmed(head);
  if (quote == npos && rest.starts_with("v=")) {  // the record alone, its quotes forgotten
    record.content = rest;
    return record;
  }
  auto word = take_word(rest);
  if (is_record_type(word)) {
    record.type = ascii::lower(word);
    word = take_word(rest);
  }
  record.domain = word;
  if (quote == npos) record.content = rest;
  return record;
}

// RFC 5322 section 3.2.2
std::string without_comments(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && (is_quoted || depth > 0) && i + 1 < text.size();
    if (!is_quoted && text[i] == '(') ++depth;
    if (depth == 0) out.append(text.substr(i, is_escape ? 2 : 1));
    if (is_escape) {
      ++i;
    } else if (depth > 0 && text[i] == ')') {
      --depth;
    } else if (depth == 0 && text[i] == '"') {
      is_quoted = !is_quoted;
    }
  }
  const auto rest = trimmed(out);
  return std::string(rest.empty() ? trimmed(text) : rest);
}

std::optional<model::IpAddress> address_in(std::string_view text) {
  constexpr std::string_view dividers = " \t,;()<>[]\"'";
  constexpr int max_words = 20;
  for (int i = 0; i < max_words; ++i) {
    const auto begin = text.find_first_not_of(dividers);
    if (begin == npos) break;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(dividers));
    if (const auto found = parse_source_ip(word).value) return found;
    text.remove_prefix(word.size());
  }
  return std::nullopt;
}

Base64Text decode_base64(std::string_view text) {
  Base64Text out{std::string(), false};
  out.octets->reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned have = 0;
  std::size_t digits = 0;  // of the quantum
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == '=') {  // padding ends a quantum
      have = 0;
      digits = 0;
      continue;
    }
    const int value = base64_value(c);
    if (value < 0) {
      out.has_others = true;
      continue;
    }
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xFFFFFFU;
    have += 6;
    ++digits;
    if (have < 8) continue;
    have -= 8;
    *out.octets += static_cast<char>(bits >> have & 0xFFU);
  }
  // What has foreign octets and does not end as base64 does is prose; else padding may be missing.
  if (digits % 4 == 1 || (out.has_others && digits % 4 != 0)) out.octets.reset();
  return out;
}

std::optional<std::int64_t> parse_number(std::string_view text, std::int64_t max) {
  const bool is_number =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    value = value * 10 + (c - '0');
    if (value > max) return std::nullopt;
  }
  return value;
}

std::string first_address(std::string_view from) {
  if (const auto open = from.rfind('<'); open != npos) {
    const auto inside = trimmed(from.substr(open + 1, from.find('>', open) - open - 1));
    if (inside.find('@') != npos) return ascii::lower(inside);
  }
  const auto at = from.find('@');
  if (at == npos) return {};
  constexpr std::string_view dividers = " \t,;<>()\"";
  const auto before = from.find_last_of(dividers, at);
  const auto begin = before == npos ? 0 : before + 1;
  return ascii::lower(from.substr(begin, std::min(from.find_first_of(dividers, at), from.size()) - begin));
}

}  // namespace ruaudit::parser
