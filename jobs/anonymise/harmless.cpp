#include "jobs/anonymise/harmless.hpp"

#include <algorithm>

#include "mail/header_field.hpp"
#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

using Names = std::string_view;

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

bool is_letter_of_name(char c) {
  return ascii::is_letter_or_digit(c) || c == '-' || c == '_' || c == '+' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

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
           return ascii::is_letter_or_digit(c) || std::string_view("-_.:").find(c) != std::string_view::npos;
         });
}

bool is_charset_name(std::string_view text) {
  return text.size() <= 20 &&
         std::any_of(charset_beginnings.begin(), charset_beginnings.end(),
                     [&](Names one) { return ascii::equal_folded(text.substr(0, one.size()), one); }) &&
         std::count_if(text.begin(), text.end(), ascii::is_letter) <= 10;
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
