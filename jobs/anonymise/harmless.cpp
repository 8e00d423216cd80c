#include "jobs/anonymise/harmless.hpp"

#include <algorithm>
#include <vector>

#include "mail/header_field.hpp"
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
constexpr std::array<Names, 24> name_endings = {"xml", "gz",  "zip", "json", "txt", "eml", "html", "htm",
                                                "pdf", "png", "jpg", "jpeg", "gif", "csv", "bz2",  "xz",
                                                "7z",  "tar", "tgz", "msg",  "p7s", "asc", "ics",  "vcf"};
constexpr std::array<Names, 12> charset_beginnings = {"utf-",  "utf8", "us-ascii", "iso-",      "iso8859", "windows-",
                                                      "koi8-", "gb",   "big5",     "shift_jis", "euc-",    "latin1"};
constexpr std::array<Names, 40> field_names = {"from",
                                               "sender",
                                               "reply-to",
                                               "to",
                                               "cc",
                                               "bcc",
                                               "subject",
                                               "date",
                                               "message-id",
                                               "in-reply-to",
                                               "references",
                                               "return-path",
                                               "received",
                                               "received-spf",
                                               "delivered-to",
                                               "dkim-signature",
                                               "arc-seal",
                                               "arc-message-signature",
                                               "arc-authentication-results",
                                               "authentication-results",
                                               "mime-version",
                                               "content-type",
                                               "contenttype",
                                               "content-transfer-encoding",
                                               "content-disposition",
                                               "content-id",
                                               "content-description",
                                               "content-language",
                                               "content-location",
                                               "content-md5",
                                               "list-id",
                                               "list-post",
                                               "list-unsubscribe",
                                               "auto-submitted",
                                               "precedence",
                                               "errors-to",
                                               "tls-report-domain",
                                               "tls-report-submitter",
                                               "x-mailer",
                                               "status"};
// Programs that make failure reports, and "SomeGenerator" of RFC 5965's examples.
constexpr std::array<Names, 18> products = {"opendmarc-filter",
                                            "opendmarc",
                                            "dmarc-filter",
                                            "ntesdmarc",
                                            "opendkim-filter",
                                            "opendkim",
                                            "opendkim-genzone",
                                            "lua",
                                            "rspamd",
                                            "amavisd-new",
                                            "halon",
                                            "exim",
                                            "postfix",
                                            "haraka",
                                            "mail::dmarc",
                                            "authentication-milter",
                                            "somegenerator",
                                            "ruaudit"};
constexpr std::array<Names, 5> subject_labels = {"report", "domain:", "submitter:", "report-id:", "re:"};

bool is_letter_of_name(char c) {
  return ascii::is_letter_or_digit(c) || c == '-' || c == '_' || c == '+' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Behind the comment or quoted string that begins at `at` (RFC 5322 section 3.2.2).
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
  const auto at = Names("0123456789abcdef").find(static_cast<char>(ascii::lower(c)));
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

// receiver!policy-domain!begin!end and more (RFC 9990 section 3.5), receiver and domain without blanks.
bool is_report_name(std::string_view name) {
  std::size_t number = 0;
  for (auto mark = name.find('!'); number < 3; mark = name.find('!')) {
    const auto piece = name.substr(0, mark);
    if (mark == Names::npos || (number == 2 && !is_digits(piece)) ||
        !std::all_of(piece.begin(), piece.end(), is_letter_of_name))
      return false;
    name.remove_prefix(mark + 1);
    ++number;
  }
  return is_digits(name.substr(0, std::min(name.find_first_of("!."), name.size())));
}

}  // namespace

bool is_one_of_words(std::string_view word, const std::string_view* first, std::size_t count) {
  return std::any_of(first, first + count, [&](std::string_view one) { return ascii::equal_folded(one, word); });
}

bool is_host_name(std::string_view text, const store::Redactor& redactor) {
  const auto point = text.find('.');
  return point != Names::npos && point > 0 && text.size() <= 253 &&
         std::all_of(text.begin(), text.end(), is_letter_of_name) && redactor.is_below_known(text);
}

bool is_known_product(std::string_view word) {
  const auto slash = std::min(word.find('/'), word.size());
  const auto version = word.substr(std::min(slash + 1, word.size()));
  return is_listed(word.substr(0, slash), products) &&
         version.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_token(std::string_view text) {
  return text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
           return ascii::is_letter(c)
                      ? true
                      : (c >= '0' && c <= '9') || std::string_view("-_.:").find(c) != std::string_view::npos;
         });
}

bool is_charset_name(std::string_view text) {
  return text.size() <= 20 &&
         std::any_of(charset_beginnings.begin(), charset_beginnings.end(),
                     [&](Names one) { return ascii::equal_folded(text.substr(0, one.size()), one); }) &&
         std::count_if(text.begin(), text.end(), [](char c) { return ascii::is_letter(c); }) <= 10;
}

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

std::string harmless_file_name(std::string_view name, const store::Redactor& redactor) {
  const auto folders = name.rfind('/') + 1;  // 0: there is none
  std::string out = redactor.words(name.substr(0, folders));
  auto rest = name.substr(folders);
  const bool is_report = is_report_name(rest);
  constexpr int known_pieces = 4;
  int number = 0;
  for (auto mark = rest.find('!'); mark != Names::npos; mark = rest.find('!')) {
    const auto piece = rest.substr(0, mark);
    const bool is_plain = (is_report && number++ < known_pieces) || is_host_name(piece, redactor) || is_digits(piece);
    out += (is_plain ? std::string(piece) : redactor.words(piece)) + '!';
    rest.remove_prefix(mark + 1);
  }
  for (bool is_stem = true; !rest.empty(); is_stem = false) {
    const auto end = std::min(rest.find('.'), rest.size());
    const auto piece = rest.substr(0, end);
    const bool is_known =
        is_stem ? is_digits(piece) : is_listed(ingest::trimmed(piece.substr(0, piece.find('"'))), name_endings);
    out += is_known ? std::string(piece) : redactor.words(piece);
    if (end < rest.size()) out += '.';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string field_name(std::string_view name, const store::Redactor& redactor) {
  const auto bare = ingest::trimmed(name);
  if (is_listed(bare, field_names) || store::is_common_field(bare)) return std::string(name);
  const bool is_own = ascii::equal_folded(name.substr(0, 2), "x-");
  return (is_own ? std::string(name.substr(0, 2)) : std::string()) + redactor.words(name.substr(is_own ? 2 : 0));
}

std::string people(std::string_view text, const store::Redactor& redactor) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\r\n,;<>()", at), text.size());
    const auto word = text.substr(at, end - at);
    out += word.find('@') == Names::npos ? redactor.words(word) : redactor.addresses(word);
    if (end < text.size()) out += text[end];
    at = end + 1;
  }
  return out;
}

std::string from_line(std::string_view line, const store::Redactor& redactor) {
  constexpr Names mark = "From ";
  if (!line.starts_with(mark)) return redactor.words(line);
  const auto end = std::min(line.find_first_of(" \t\r\n", mark.size()), line.size());
  return std::string(mark) + people(line.substr(mark.size(), end - mark.size()), redactor) +
         redactor.masked(line.substr(end));
}

std::string report_subject(std::string_view text, const store::Redactor& redactor) {
  std::string out;
  bool is_id = false, is_host = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    const auto word = text.substr(at, end - at);
    const bool is_label = is_listed(word, subject_labels);
    const bool is_plain = is_label || (is_host && is_host_name(word, redactor));
    out += is_plain ? std::string(word) : is_id ? redactor.addresses(word) : redactor.words(word);
    if (!word.empty()) {
      is_id = ascii::equal_folded(word, "report-id:");
      is_host = ascii::equal_folded(word, "domain:") || ascii::equal_folded(word, "submitter:");
    }
    if (end < text.size()) out += text[end];
    at = end + 1;
  }
  return out;
}

}  // namespace ruaudit::jobs
