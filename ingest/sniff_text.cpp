// Texts: XML and HTML by their root, JSON by its keys, mail by its header lines, base64 by what it decodes to, and
// reports that stand somewhere inside a text.
#include <algorithm>
#include <array>

#include "ingest/sniff_detail.hpp"
#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"
#include "model/ascii.hpp"
#include "model/mbox_line.hpp"

namespace ruaudit::ingest {

namespace {

using namespace std::string_view_literals;

constexpr auto npos = std::string_view::npos;
constexpr std::size_t base64_probe = 1024;  // characters decoded to see what base64 holds
constexpr std::size_t prose_octets = 8192;  // of a text that are searched for sentences
constexpr std::size_t base64_line = 16;     // characters a line needs to count as base64

Sniffed undecided() { return {PayloadKind::not_a_report, 0, false}; }

bool has_report_elements(std::string_view text) {
  return text.find("<report_metadata") != npos || text.find("<policy_published") != npos ||
         (text.find("<record>") != npos && text.find("<source_ip>") != npos);
}

bool is_html_element(std::string_view name) {
  static constexpr std::array names = {"html"sv, "head"sv, "body"sv,  "div"sv, "p"sv,      "br"sv, "table"sv, "span"sv,
                                       "font"sv, "meta"sv, "style"sv, "pre"sv, "center"sv, "a"sv,  "title"sv, "b"sv,
                                       "i"sv,    "h1"sv,   "h2"sv,    "h3"sv,  "img"sv,    "ul"sv, "ol"sv,    "hr"sv};
  return std::any_of(names.begin(), names.end(), [&](auto one) { return ascii::equal_folded(one, name); });
}

// Roots of vocabularies that come as attachments and images and that nobody mistakes for a report.
bool is_other_vocabulary(std::string_view name) {
  static constexpr std::array names = {"svg"sv, "schema"sv, "stylesheet"sv, "rss"sv, "feed"sv, "plist"sv, "xmpmeta"sv};
  return std::any_of(names.begin(), names.end(), [&](auto one) { return ascii::equal_folded(one, name); });
}

// Whether what follows '<' can be an element at all: "<someone@example.com> wrote" and "<https://..." are text.
bool is_element_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           c == '-' || c == '.';
  });
}

// The name of the root element, "!html" and the like for a document type; empty when it lies beyond text.
std::string_view root_name(std::string_view text) {
  while (true) {
    const auto open = text.find('<');
    if (open == npos) return {};
    text.remove_prefix(open);
    const auto skip_past = [&](std::string_view mark) {
      const auto end = text.find(mark);
      text.remove_prefix(end == npos ? text.size() : end + mark.size());
    };
    if (text.substr(0, 2) == "<?") {
      skip_past("?>");
    } else if (text.substr(0, 4) == "<!--") {
      skip_past("-->");
    } else if (ascii::starts_folded(text, "<!doctype")) {
      const auto name = trimmed(text.substr(9, 40));
      return ascii::starts_folded(name, "html")       ? "html"sv
             : ascii::starts_folded(name, "feedback") ? "feedback"sv
                                                      : "!"sv;
    } else {
      const auto end = text.find_first_of(" \t\r\n>/", 1);
      return end == npos ? std::string_view() : text.substr(1, end - 1);
    }
  }
}

Sniffed find_inside(std::string_view text);

Sniffed sniff_markup(std::string_view text, Prefix extent) {
  const auto name = root_name(text);
  const auto colon = name.find(':');
  const auto local = colon == npos ? name : name.substr(colon + 1);
  if (ascii::equal_folded(local, "feedback")) return {PayloadKind::aggregate_xml, 0, true};
  const bool html = is_html_element(local);
  // In another vocabulary a report is a text that the other one carries: what is one of its elements is none.
  const auto found = find_report(text, extent);
  const bool is_carried = found.at != npos && (html || found.is_escaped || is_in_cdata(text, found.at));
  if (is_carried) return {found.kind, found.at, true};
  if (found.at != npos || (!html && has_report_elements(text))) return {PayloadKind::aggregate_xml, 0, true};
  if (extent == Prefix::partial) return undecided();
  if (html) {
    if (const auto tls = find_tls_report(text); tls.at != npos) return {tls.kind, tls.at, true};
    const auto inside = find_inside(text);
    return inside.kind == PayloadKind::text ? Sniffed{PayloadKind::html, 0, true} : inside;
  }
  if (is_other_vocabulary(local)) return {PayloadKind::not_a_report, 0, true};
  // A declaration or a comment without any root in sight is XML, too: the parser says what it misses.
  const bool begins_as_xml = name.empty() && (text.starts_with("<?xml") || text.starts_with("<!--"));
  const bool is_xml = begins_as_xml || is_element_name(local) || name == "!";
  return {is_xml ? PayloadKind::other_xml : PayloadKind::text, 0, true};
}

// "name" with a colon behind it.
bool has_key(std::string_view text, const std::string& name) {
  const std::string quoted = '"' + name + '"';
  for (auto at = text.find(quoted); at != npos; at = text.find(quoted, at + 1)) {
    const auto next = text.find_first_not_of(" \t\r\n", at + quoted.size());
    if (next != npos && text[next] == ':') return true;
  }
  return false;
}

Sniffed sniff_json(std::string_view text, Prefix extent) {
  const auto has = [&](std::string_view key) { return contains_folded(text, key); };
  const bool has_policies =
      has("\"policies\"") && (has("\"summary\"") || has("\"policy-type\"") || has("\"report-id\""));
  if (has("\"organization-name\"") || has_policies) return {PayloadKind::tls_report, 0, true};
  if (extent == Prefix::partial) return undecided();
  // As keys or as markup: a text about reports names the elements, too.
  const auto holds = [&](const std::string& element) {
    return has_key(text, element) || has("<" + element) || has("&lt;" + element) || has("\\u003c" + element);
  };
  const bool is_report = holds("report_metadata") && holds("policy_published");
  return {is_report ? PayloadKind::wrapped_report : PayloadKind::json, 0, true};
}

bool is_known_field(std::string_view name) {
  static constexpr std::array names = {"from"sv,
                                       "to"sv,
                                       "cc"sv,
                                       "subject"sv,
                                       "date"sv,
                                       "received"sv,
                                       "return-path"sv,
                                       "message-id"sv,
                                       "mime-version"sv,
                                       "content-type"sv,
                                       "delivered-to"sv,
                                       "dkim-signature"sv,
                                       "reply-to"sv,
                                       "sender"sv,
                                       "envelope-to"sv,
                                       "received-spf"sv,
                                       "arc-seal"sv,
                                       "in-reply-to"sv,
                                       "contenttype"sv,
                                       "content-transfer-encoding"sv,
                                       "authentication-results"sv,
                                       "arc-message-signature"sv,
                                       "thread-topic"sv,
                                       "content-disposition"sv,
                                       "arc-authentication-results"sv,
                                       "domainkey-signature"sv};
  return ascii::starts_folded(name, "x-") || ascii::starts_folded(name, "list-") ||
         ascii::starts_folded(name, "resent-") ||
         std::any_of(names.begin(), names.end(), [&](auto one) { return ascii::equal_folded(one, name); });
}

// A field that makes a header of its own.
bool is_mime_field(std::string_view name) {
  return ascii::equal_folded(name, "content-type") || ascii::equal_folded(name, "mime-version") ||
         ascii::equal_folded(name, "received");
}

// "--token" and a "Content-..." line: the inside of a multipart whose header was lost.
bool is_bare_multipart(std::string_view text) {
  if (text.substr(0, 2) != "--") return false;
  const auto end = text.find('\n');
  return end != npos && end > 4 && end < 80 && ascii::starts_folded(text.substr(end + 1), "content");
}

bool is_base64_text(std::string_view text) {
  const auto end = std::min(text.find_first_of("\r\n"), text.size());
  if (end < base64_line) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), base64_probe)),
                     [](char c) { return is_base64_octet(c) || c == '=' || c == '\r' || c == '\n' || c == ' '; });
}

bool is_packed_base64(std::string_view text) {  // of gzip, zip, "<?xml", "<feed", "\xEF\xBB\xBF<", {"
  static constexpr std::array heads = {"H4sI"sv, "UEsDB"sv, "PD94b"sv, "PGZlZ"sv, "77u/P"sv, "eyJ"sv, "ewog"sv};
  return std::any_of(heads.begin(), heads.end(), [&](auto head) { return text.substr(0, head.size()) == head; });
}

bool holds_payload(std::string_view base64) {
  if (!is_base64_text(base64)) return false;
  std::string decoded;
  Base64Decoder decoder;
  decoder.decode(base64.substr(0, base64_probe), decoded);
  if (sniff_magic(decoded) || is_packed_base64(decoded)) return true;
  const auto thin = thinned(decoded);
  const auto text = trimmed(thin.text);
  return !text.empty() && (text.front() == '<' || text.front() == '{');
}

// "begin 644 report.xml.gz", and a line of 45 octets, or a shorter one that is the last but two.
bool is_uuencoded(std::string_view text) {
  if (!text.starts_with("begin ") || text.size() < 12 || text[9] != ' ') return false;
  const bool has_mode = std::all_of(text.begin() + 6, text.begin() + 9, [](char c) { return c >= '0' && c <= '7'; });
  const auto end = text.find('\n');
  if (!has_mode || end == npos) return false;
  const auto line = text.substr(end + 1, text.find('\n', end + 1) - end - 1);
  const auto octets = line.empty() ? 0U : (static_cast<unsigned char>(line.front()) - unsigned{' '}) & 63U;
  return octets > 0 && trimmed(line).size() >= 1 + (octets + 2) / 3 * 4;
}

// A link that is the file itself. Pictures come so, too: only archives are looked at.
std::size_t packed_link(std::string_view line) {
  for (const auto head : {";base64,H4sI"sv, ";base64,UEsDB"sv})
    if (const auto at = line.find(head); at != npos) return at + ";base64,"sv.size();
  return npos;
}

// Lines of base64 or uuencode, or the inside of a multipart, somewhere in a text or a page; quoted by a mail program
// as well.
Sniffed find_inside(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto line = text.substr(at);
    if (is_packed_base64(line) && is_base64_text(line.substr(0, std::min(line.find('\n'), line.size()))))
      return {PayloadKind::base64, at, true};
    if (is_bare_multipart(line)) return {PayloadKind::mail, at, true};
    if (is_uuencoded(line)) return {PayloadKind::uuencode, at, true};
    const auto end = line.find('\n');
    const auto first = line.substr(0, end);
    if (const auto marks = std::min(first.find_first_not_of("> \t"), first.size()); first.starts_with('>'))
      if (is_packed_base64(first.substr(marks)) && is_base64_text(first.substr(marks)))
        return {PayloadKind::quoted_lines, at, true};
    if (const auto link = packed_link(first); link != npos) return {PayloadKind::base64, at + link, true};
    if (end == npos) break;
    at += end + 1;
  }
  return {PayloadKind::text, 0, true};
}

bool is_mbox(std::string_view text) {
  if (!model::starts_with_mbox_line(text)) return false;
  const auto end = text.find('\n');
  return end != npos && field_name_length(text.substr(end + 1)) > 0;
}

// Mailing lists wrap and quote sentences: any blanks and quoting marks between the words are as good as one blank.
std::string flattened(std::string_view text) {
  std::string flat;
  for (const char c : text) {
    const bool blank = " \t\r\n>"sv.find(c) != npos;
    if (!blank || (!flat.empty() && flat.back() != ' ')) flat += blank ? ' ' : c;
  }
  return flat;
}

// A block of a feedback report's fields that does not start the text: Feedback-Type with two others in front or behind.
Feedback feedback_behind_text(std::string_view text) {
  static constexpr std::array others = {"user-agent"sv,   "version"sv,         "auth-failure"sv,
                                        "arrival-date"sv, "reported-domain"sv, "original-mail-from"sv,
                                        "source-ip"sv,    "received-date"sv};
  int known = 0;
  auto found = Feedback::none;
  FieldReader reader(text);
  while (const auto field = reader.next()) {
    if (ascii::equal_folded(field->name, "feedback-type"))
      found = contains_folded(field->value, "auth-failure") ? Feedback::auth_failure : Feedback::other;
    known += std::any_of(others.begin(), others.end(), [&](auto one) { return ascii::equal_folded(one, field->name); })
                 ? 1
                 : 0;
  }
  return known >= 2 ? found : Feedback::none;
}

}  // namespace

Feedback feedback_type(std::string_view text) {
  text = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  FieldReader reader(text.substr(0, std::min(text.find("\n\n"), text.find("\n\r\n"))));
  if (field_name_length(text) == 0) return Feedback::none;
  for (int i = 0; i < 64; ++i) {
    const auto field = reader.next();
    if (!field) break;
    if (!ascii::equal_folded(field->name, "feedback-type")) continue;
    return contains_folded(field->value, "auth-failure") ? Feedback::auth_failure : Feedback::other;
  }
  return Feedback::none;
}

Feedback feedback_in_text(std::string_view text) {
  text = text.substr(0, prose_octets);
  if (const auto inside = feedback_behind_text(text); inside != Feedback::none) return inside;
  const auto flat = flattened(text);
  if (contains_folded(flat, "a message claiming to be from you has failed")) return Feedback::auth_failure;
  if (!contains_folded(flat, "report for an email message received from ip")) return Feedback::none;
  static constexpr std::array topics = {"dmarc"sv, "authentication"sv, "dkim"sv, "spf"sv};
  const bool is_about_authentication =
      std::any_of(topics.begin(), topics.end(), [&](auto topic) { return contains_folded(flat, topic); });
  return is_about_authentication ? Feedback::auth_failure : Feedback::other;
}

std::optional<PayloadKind> sniff_header(std::string_view text) {
  const auto line_end = text.find('\n');
  if (model::starts_with_mbox_line(text) && line_end != npos) text.remove_prefix(line_end + 1);
  if (field_name_length(text) == 0) return std::nullopt;
  switch (feedback_type(text)) {
    case Feedback::auth_failure:
      return PayloadKind::failure_report;
    case Feedback::other:
      return PayloadKind::other_feedback;
    case Feedback::none:
      break;
  }
  FieldReader reader(text.substr(0, std::min(text.find("\n\n"), text.find("\n\r\n"))));
  int known = 0;
  bool mime = false;
  for (int i = 0; i < 64; ++i) {
    const auto field = reader.next();
    if (!field) break;
    if (ascii::equal_folded(field->name, "reporting-mta") || ascii::equal_folded(field->name, "final-recipient"))
      return PayloadKind::delivery_status;
    known += is_known_field(field->name) ? 1 : 0;
    mime = mime || is_mime_field(field->name);
  }
  return known >= 2 || mime ? std::optional(PayloadKind::mail) : std::nullopt;
}

bool has_bare_returns(std::string_view text) {
  constexpr std::size_t enough = 4096;
  if (text.size() > enough) text = text.substr(0, enough);
  if (text.ends_with('\r')) text.remove_suffix(1);  // its LF may be what comes next
  return text.find('\n') == npos && text.find('\r') != npos;
}

namespace {

// A bracket may also begin a word that a mail server puts in front: "[EXTERNAL]".
bool is_json(std::string_view text) {
  if (text.front() == '{') return true;
  if (text.front() != '[') return false;
  const auto next = text.find_first_not_of(" \t\r\n", 1);
  return next == npos || std::string_view("{[\"]-0123456789").find(text[next]) != npos;
}

Sniffed sniff_decoded(std::string_view text, Prefix extent) {
  const auto begin = text.find_first_not_of(" \t\r\n\0"sv);
  if (begin == npos) return extent == Prefix::whole ? Sniffed{PayloadKind::empty, 0, true} : undecided();
  const auto body = text.substr(begin);
  if (extent == Prefix::whole && ascii::equal_folded(trimmed(body.substr(0, 64)), "unused"))
    return {PayloadKind::empty, 0, true};
  if (body.front() == '<') {
    auto markup = sniff_markup(body, extent);
    if (markup.skip > 0) markup.skip += begin;
    return markup;
  }
  if (is_json(body)) return sniff_json(body, extent);
  if (is_mbox(body)) return {PayloadKind::mbox, begin, true};
  if (const auto kind = sniff_header(body)) return {*kind, begin, true};
  if (has_bare_returns(body)) {  // a mail all the same: refused where it is opened
    std::string lines(body);
    std::replace(lines.begin(), lines.end(), '\r', '\n');
    if (sniff_header(lines)) return {PayloadKind::mail, begin, true};
  }
  if (is_bare_multipart(body)) return {PayloadKind::mail, begin, true};
  if (holds_payload(body)) return {PayloadKind::base64, begin, true};
  if (ascii::starts_folded(body, "begin 6")) return {PayloadKind::uuencode, 0, true};
  if (extent == Prefix::partial) return undecided();
  if (const auto feedback = feedback_in_text(body); feedback != Feedback::none)
    return {feedback == Feedback::other ? PayloadKind::other_feedback : PayloadKind::failure_report, 0, true};
  if (const auto found = find_report(body, extent); found.at != npos) return {found.kind, begin + found.at, true};
  if (const auto found = find_tls_report(body); found.at != npos) return {found.kind, begin + found.at, true};
  auto inside = find_inside(body);
  if (inside.skip > 0) inside.skip += begin;
  return inside;
}

}  // namespace

Sniffed sniff_text(std::string_view text, Prefix extent) {
  auto found = sniff_decoded(text, extent);
  const bool is_report = found.kind == PayloadKind::aggregate_xml || found.kind == PayloadKind::tls_report;
  if (found.decided && is_report && is_quoted_printable(text.substr(found.skip)))
    found.kind = PayloadKind::quoted_printable;
  return found;
}

}  // namespace ruaudit::ingest
