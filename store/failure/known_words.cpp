// Redactor::known_words(): values that machines write for machines keep the words of their own language, numbers, hosts
// and network addresses; any other word is replaced. Comments and quoted texts go whole (RFC 5322 section 3.2).
#include <algorithm>
#include <array>
#include <string>

#include "model/ascii.hpp"
#include "store/failure/redaction.hpp"

namespace ruaudit::store {
namespace {

// RFC 5322 sections 3.3 and 4.3, RFC 5321 section 4.4, RFC 3848, RFC 5965, RFC 6591, RFC 7208 section 9.1, RFC 8601,
// RFC 9989; lower case.
constexpr std::array<std::string_view, 218> vocabulary = {  // clang-format off
    "7bit", "8bit", "abuse", "action", "adkim", "adsp", "aligned", "alignment", "alternative", "amavis",
    "application", "apr", "arc", "arc.chain", "ascii", "asmtp", "aspf", "attachment", "aug", "auth", "auth-failure",
    "authenticated", "auto-generated", "auto-notified", "auto-replied", "base64", "best", "bestguesspass", "bimi",
    "binary", "bodyhash", "boundary", "bulk", "by", "cest", "cet", "charset", "client-ip", "compauth",
    "content-disposition", "content-transfer-encoding", "content-type", "d", "dec", "delivered", "delivery-status",
    "delsp", "dis", "discard", "disposition-notification", "dkim", "dkim-adsp", "dkim-atps", "dmarc", "dns",
    "domain", "domainkeys", "ed25519-sha256", "edt", "envelope-from", "esmtp", "esmtpa", "esmtps", "esmtpsa", "est",
    "fail", "failed", "false", "feb", "feedback-report", "filename", "flowed", "for", "format", "fraud", "fri",
    "from", "gb2312", "gmt", "guess", "gzip", "hardfail", "header.a", "header.b", "header.d", "header.from",
    "header.i", "header.s", "header.selector", "helo", "html", "http", "https", "i", "id", "identity", "imap",
    "inline", "iprev", "ipv4", "ipv6", "iso-2022-jp", "iso-8859-1", "iso-8859-15", "jan", "json", "jul", "jun",
    "junk", "list", "lmtp", "lmtpa", "lmtps", "local", "mailfrom", "mar", "may", "mechanism", "message", "mfrom",
    "micalg", "mime-version", "mixed", "mon", "multipart", "name", "neutral", "no", "none", "not", "not-spam",
    "nov", "oct", "octet-stream", "ok", "opt-out", "other", "p", "partial", "pass", "passed", "pdt", "permerror",
    "plain", "policy", "policy.dmarc", "policy.from", "policy.iprev", "pop3", "protocol", "pst", "quarantine",
    "quoted-printable", "receiver", "reject", "rejected", "related", "relaxed", "remote-ip", "report",
    "report-type", "result", "results", "revoked", "rfc822", "rfc822-headers", "rsa-sha1", "rsa-sha256", "s", "sat",
    "sep", "sha1", "sha256", "signature", "simple", "skipped", "smtp", "smtp.auth", "smtp.helo", "smtp.mail",
    "smtp.mailfrom", "smtp.rcptto", "smtp.remote-ip", "softfail", "sp", "spam", "spf", "strict", "sun", "temperror",
    "text", "thu", "tls-report", "tlsrpt", "true", "tue", "txt", "type", "unaligned", "unknown", "unverified",
    "us-ascii", "utc", "utf-16", "utf-16be", "utf-16le", "utf-8", "verified", "version", "virus", "wed",
    "windows-1252", "with", "x-client-ip", "x-gzip", "x-zip-compressed", "xml", "zip"};
// clang-format on

constexpr std::array<std::string_view, 3> plain_properties = {"header.s=", "header.a=", "header.d="};

bool is_letter(char c) { return ascii::is_letter(c) || static_cast<unsigned char>(c) >= 0x80; }
bool is_word_octet(char c) { return is_letter(c) || ascii::is_digit(c) || c == '-' || c == '_' || c == '.'; }

// Labels of letters, digits and hyphens with a point between them, the last of letters.
bool is_host(std::string_view word) {
  const auto point = word.rfind('.');
  if (point == std::string_view::npos || point == 0 || word.size() - point < 3) return false;
  const auto last = word.substr(point + 1);
  return std::all_of(last.begin(), last.end(), is_letter) && word.find("..") == std::string_view::npos;
}

// What stands in front of "=" names something, and is no host.
bool is_known(std::string_view word, bool may_be_host) {
  if (std::none_of(word.begin(), word.end(), is_letter) || (may_be_host && is_host(word))) return true;
  const std::string folded = ascii::lower(word);
  return std::find(vocabulary.begin(), vocabulary.end(), folded) != vocabulary.end();
}

// The length of an IPv6 address at the beginning: groups of hexadecimal digits and at least two colons.
std::size_t ipv6_length(std::string_view text) {
  std::size_t at = 0, colons = 0, group = 0;
  for (; at < text.size() && (ascii::is_hex_digit(text[at]) || text[at] == ':' || text[at] == '.'); ++at) {
    group = text[at] == ':' ? 0 : group + 1;
    if (text[at] == ':') ++colons;
    if (group > 4 && text.substr(at + 1 - group, group).find('.') == std::string_view::npos) return 0;
  }
  return colons >= 2 && (at == text.size() || !is_word_octet(text[at])) ? at : 0;
}

// After a comment or quoted text that begins at `at`.
std::size_t skip_enclosed(std::string_view text, std::size_t at) {
  const bool is_quoted = text[at] == '"';
  std::size_t depth = 1;
  for (++at; at < text.size() && depth > 0; ++at) {
    if (text[at] == '\\')
      ++at;
    else if (is_quoted ? text[at] == '"' : text[at] == ')')
      --depth;
    else if (!is_quoted && text[at] == '(')
      ++depth;
  }
  return std::min(at, text.size());
}

// A comment that tells the address of a host keeps that alone: "(mail.example [192.0.2.1])".
std::string address_in(std::string_view comment) {
  const auto open = comment.find('[');
  const auto close = comment.find(']', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  const auto inside = comment.substr(open + 1, close - open - 1);
  const bool is_address = std::all_of(inside.begin(), inside.end(),
                                      [](char c) { return ascii::is_hex_digit(c) || c == '.' || c == ':'; }) ||
                          ascii::lower(inside.substr(0, 5)) == "ipv6:";
  return is_address ? "([" + std::string(inside.substr(0, 50)) + "])" : std::string();
}

// What a local part may hold beside letters and digits (RFC 5322 section 3.2.3), and the "@" itself.
bool stands_before_domain(std::string_view text, std::size_t end) {
  constexpr std::size_t longest = 64;  // RFC 5321 section 4.5.3.1.1
  for (const char c : text.substr(end, longest)) {
    if (c == '@') return true;
    if (!is_word_octet(c) && std::string_view("!#$%&'*+?^`{|}~").find(c) == std::string_view::npos) return false;
  }
  return false;
}

bool is_number(std::string_view word) {
  const auto letters = std::count_if(word.begin(), word.end(), is_letter);
  return letters <= 3 && std::any_of(word.begin(), word.end(), ascii::is_digit);
}

}  // namespace

// Where a word or network address that begins at `at` ends.
std::size_t Redactor::one_word(std::string_view text, std::size_t at, Unknown unknown, std::string& out) const {
  const bool is_start = at == 0 || !is_word_octet(text[at - 1]);
  if (const auto length = is_start ? ipv6_length(text.substr(at, 64)) : 0; length > 0) {
    out += text.substr(at, length);
    return at + length;
  }
  std::size_t end = at;
  while (end < text.size() && is_word_octet(text[end])) ++end;
  if (end == at) {
    out += text[at];
    return at + 1;
  }
  const auto word = text.substr(at, end - at);
  const bool is_domain = at > 0 && text[at - 1] == '@';
  const bool is_value = std::any_of(plain_properties.begin(), plain_properties.end(),
                                    [&](std::string_view property) { return out.ends_with(property); });
  const bool is_name = end < text.size() && text[end] == '=';
  const bool is_plain = is_known(word, !is_name && is_below_known(word)) || is_domain || is_value ||
                        (unknown == Unknown::same_length && is_number(word));
  if (is_plain && !stands_before_domain(text, end))
    out += word;
  else
    out += unknown == Unknown::same_length && !text.substr(end).starts_with('@') ? words(word) : token(word);
  return end;
}

bool Redactor::is_below_known(std::string_view host) const {
  if (!is_top_level_) return true;
  while (host.ends_with('.')) host.remove_suffix(1);
  return is_top_level_(ascii::lower(host.substr(host.rfind('.') + 1)));
}

std::string Redactor::known_words(std::string_view text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '(' && text[at] != '"') {
      at = one_word(text, at, Unknown::token, out);
      continue;
    }
    const auto end = skip_enclosed(text, at);
    const auto whole = text.substr(at, end - at);
    if (whole.front() == '(') out += address_in(whole);
    if (whole.front() == '"' && end < text.size() && text[end] == '@') out += token(whole);
    at = end;
  }
  return out;
}

std::string Redactor::masked(std::string_view text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) at = one_word(text, at, Unknown::same_length, out);
  return out;
}

// ---- signatures

namespace {

enum class TagValue { digits, base64, words, identity, names };

struct TagRule {
  std::string_view name;
  TagValue value;
};
// RFC 6376 section 3.5, RFC 8617 section 4.1. z= copies fields of the mail; what is not known may copy anything.
constexpr std::array tag_table = {
    TagRule{"v", TagValue::digits},  TagRule{"a", TagValue::words}, TagRule{"b", TagValue::base64},
    TagRule{"bh", TagValue::base64}, TagRule{"c", TagValue::words}, TagRule{"cv", TagValue::words},
    TagRule{"d", TagValue::words},   TagRule{"h", TagValue::names}, TagRule{"i", TagValue::identity},
    TagRule{"l", TagValue::digits},  TagRule{"q", TagValue::words}, TagRule{"s", TagValue::names},
    TagRule{"t", TagValue::digits},  TagRule{"x", TagValue::digits}};

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

bool is_base64(std::string_view text) {
  const auto end = std::min(text.find('='), text.size());
  const auto is_inside = [](char c) {
    return (is_letter(c) && static_cast<unsigned char>(c) < 0x80) || ascii::is_digit(c) || c == '+' || c == '/' ||
           c == ' ' || c == '\t' || c == '\r' || c == '\n';
  };
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), is_inside) &&
         text.find_first_not_of("= \t\r\n", end) == std::string_view::npos;
}

std::string tag_value(const Redactor& redactor, TagValue kind, std::string_view value) {
  switch (kind) {
    case TagValue::digits:
      return value.find_first_not_of("0123456789") == std::string_view::npos ? std::string(value)
                                                                             : redactor.token(value);
    case TagValue::base64:
      return is_base64(value) ? std::string(value) : redactor.token(value);
    case TagValue::words:
      return redactor.known_words(value);
    case TagValue::identity:
      return value.find('@') == std::string_view::npos
                 ? tag_value(redactor, TagValue::digits, value)
                 : redactor.known_words(value.starts_with('@') ? value : redactor.address(value));
    case TagValue::names:
      break;
  }
  return std::string(value);
}

}  // namespace

std::string Redactor::signature(std::string_view value) const {
  std::string out;
  while (true) {
    const auto end = std::min(value.find(';'), value.size());
    const auto tag = value.substr(0, end);
    const auto equals = tag.find('=');
    const auto name = equals == std::string_view::npos ? std::string_view() : without_blanks(tag.substr(0, equals));
    const auto* rule =
        std::find_if(tag_table.begin(), tag_table.end(), [&](const TagRule& one) { return one.name == name; });
    if (rule != tag_table.end())
      out.append(out.empty() ? "" : "; ")
          .append(name)
          .append("=")
          .append(tag_value(*this, rule->value, without_blanks(tag.substr(equals + 1))));
    if (end == value.size()) return out;
    value.remove_prefix(end + 1);
  }
}

}  // namespace ruaudit::store
