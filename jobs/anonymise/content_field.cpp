#include "jobs/anonymise/content_field.hpp"

#include <algorithm>
#include <vector>

#include "jobs/anonymise/harmless.hpp"
#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

using Names = std::string_view;

constexpr std::array<Names, 64> mime_words = {"text",
                                              "image",
                                              "application",
                                              "multipart",
                                              "message",
                                              "audio",
                                              "video",
                                              "font",
                                              "model",
                                              "plain",
                                              "html",
                                              "xml",
                                              "rfc822",
                                              "mixed",
                                              "alternative",
                                              "related",
                                              "report",
                                              "signed",
                                              "encrypted",
                                              "digest",
                                              "parallel",
                                              "zip",
                                              "gzip",
                                              "x-gzip",
                                              "x-zip",
                                              "octet-stream",
                                              "json",
                                              "tlsrpt+gzip",
                                              "tlsrpt+json",
                                              "pdf",
                                              "png",
                                              "jpeg",
                                              "gif",
                                              "partial",
                                              "external-body",
                                              "global",
                                              "csv",
                                              "calendar",
                                              "vcard",
                                              "x-vcard",
                                              "rfc822-headers",
                                              "feedback-report",
                                              "x-compressed",
                                              "x-tar",
                                              "delivery-status",
                                              "pgp-signature",
                                              "pkcs7-signature",
                                              "pkcs7-mime",
                                              "x-pkcs7-signature",
                                              "pgp-encrypted",
                                              "disposition-notification",
                                              "x-zip-compressed",
                                              "7bit",
                                              "8bit",
                                              "binary",
                                              "base64",
                                              "quoted-printable",
                                              "x-uuencode",
                                              "uuencode",
                                              "x-uue",
                                              "inline",
                                              "attachment",
                                              "form-data",
                                              "1.0"};
constexpr std::array<Names, 14> parameter_names = {"boundary", "charset", "name",     "filename", "report-type",
                                                   "type",     "start",   "protocol", "micalg",   "format",
                                                   "delsp",    "size",    "number",   "total"};

// After the comment or quoted string that begins at `at` (RFC 5322 section 3.2.2).
std::size_t behind_enclosed(std::string_view text, std::size_t at) {
  const bool is_quoted = text[at] == '"';
  for (std::size_t depth = 1; ++at < text.size();) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == (is_quoted ? '"' : ')'))
      --depth;
    else if (!is_quoted && text[at] == '(')
      ++depth;
    if (depth == 0) return at + 1;
  }
  return text.size();
}

int hex_value(char c) {
  const auto at = Names("0123456789abcdef").find(ascii::lower(c));
  return at == Names::npos ? -1 : static_cast<int>(at);
}

// The octet that "%70" at `at` stands for; -1: none.
int escaped_octet(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = hex_value(text[at + 1]), low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// RFC 2231: what was escaped stays escaped.
template <class Change>
std::string changed_unescaped(std::string_view text, const Change& change) {
  std::string plain, out;
  std::vector<bool> was_escaped;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int octet = escaped_octet(text, at);
    plain += octet < 0 ? text[at] : static_cast<char>(octet);
    was_escaped.push_back(octet >= 0);
    at += octet < 0 ? 0 : 2;
  }
  const std::string changed = change(plain);
  constexpr Names digits = "0123456789abcdef";
  for (std::size_t i = 0; i < changed.size(); ++i) {
    const auto octet = static_cast<unsigned char>(changed[i]);
    if (i < was_escaped.size() && was_escaped[i])
      (out += '%').append(1, digits[octet >> 4U]).append(1, digits[octet & 15U]);
    else
      out += changed[i];
  }
  return out;
}

// "name", "name*", "name*0*": what stands in front of the first asterisk.
std::string_view base_of(std::string_view name) { return name.substr(0, std::min(name.find('*'), name.size())); }

std::string parameter_value(std::string_view name, std::string_view value, const store::Redactor& redactor) {
  const auto base = base_of(name);
  if (ascii::equal_folded(base, "boundary")) return boundary_words(value, redactor);
  const auto plain = [&](std::string_view text) {
    const bool is_name = ascii::equal_folded(base, "name") || ascii::equal_folded(base, "filename");
    if (is_name) return harmless_file_name(text, redactor);
    if (ascii::equal_folded(base, "charset")) return is_charset_name(text) ? std::string(text) : redactor.words(text);
    return is_listed(base, parameter_names) ? redactor.masked(text) : redactor.words(text);
  };
  if (!name.ends_with('*')) return plain(value);
  // charset'language'text
  std::string head;
  if (const auto mark = value.find('\''), second = value.find('\'', mark == Names::npos ? mark : mark + 1);
      second != Names::npos) {
    const auto charset = value.substr(0, mark);
    head = (is_charset_name(charset) ? std::string(charset) : redactor.words(charset)) + '\'' +
           redactor.words(value.substr(mark + 1, second - mark - 1)) + '\'';
    value.remove_prefix(second + 1);
  }
  return head + changed_unescaped(value, plain);
}

}  // namespace

std::string content_token(std::string_view token, const store::Redactor& redactor) {
  std::string out;
  for (std::size_t at = 0; at < token.size();) {
    std::size_t end = at;
    while (end < token.size() && is_letter_of_name(token[end])) ++end;
    const auto word = token.substr(at, end - at);
    out += is_listed(word, mime_words) ? std::string(word) : redactor.words(word);
    if (end < token.size()) out += token[end++];
    at = end;
  }
  return out;
}

std::string content_value(std::string_view value, const store::Redactor& redactor) {
  std::string out;
  std::string_view name;
  bool is_first = true;
  for (std::size_t at = 0; at < value.size();) {
    const char c = value[at];
    std::size_t end = at + 1;
    if (c == '(') {
      end = behind_enclosed(value, at);
      out += redactor.words(value.substr(at, end - at));
    } else if (c == '"') {
      end = behind_enclosed(value, at);
      out += name.empty() ? redactor.words(value.substr(at, end - at))
                          : '"' + parameter_value(name, value.substr(at + 1, end - at - 1), redactor);
    } else if (c == ';') {
      out += c;
      is_first = false;
      name = {};
    } else if (c == '=' || c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      out += c;
    } else {
      end = std::min(value.find_first_of(is_first ? Names(" \t\r\n;(\"") : Names(" \t\r\n;(\"="), at), value.size());
      const auto word = value.substr(at, end - at);
      const bool is_name =
          !is_first && value.substr(std::min(value.find_first_not_of(" \t\r\n", end), value.size()), 1) == "=";
      if (!name.empty() && !is_name && out.ends_with('='))
        end = std::min(value.find_first_of(" \t\r\n;", at), value.size());
      if (is_name) {
        name = word;
        const auto base = base_of(word);
        out += is_listed(base, parameter_names) ? std::string(word) : redactor.words(word);
      } else if (is_first) {
        out += content_token(word, redactor);
      } else {
        out += name.empty() ? redactor.words(word) : parameter_value(name, value.substr(at, end - at), redactor);
      }
    }
    at = end;
  }
  return out;
}

std::string boundary_words(std::string_view text, const store::Redactor& redactor) {
  constexpr std::size_t short_word = 4;
  std::string out;
  const auto is_word = [](char c) { return is_letter_of_name(c) && c != '-' && c != '_' && c != '+' && c != '.'; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    const auto word = text.substr(at, end - at);
    out += word.size() < short_word || is_digits(word) ? std::string(word) : redactor.words(word);
    if (end < text.size()) out += text[end++];
    at = end;
  }
  return out;
}

}  // namespace ruaudit::jobs
