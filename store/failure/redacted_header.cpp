// Redactor::header(): what of each field may stay. A field that the table does not know is replaced whole.
#include <algorithm>
#include <array>
#include <string>

#include "model/ascii.hpp"
#include "store/failure/redaction.hpp"

namespace ruaudit::store {
namespace {

enum class Treatment { known_words, mailboxes, signature, content_type, list_id, replace };

struct FieldRule {
  std::string_view name;
  Treatment treatment;
};

// RFC 5322 section 3.6, RFC 2045, RFC 6376, RFC 8601, RFC 8617, RFC 2919.
constexpr std::array rule_table = {
    FieldRule{"date", Treatment::known_words},
    FieldRule{"resent-date", Treatment::known_words},
    FieldRule{"mime-version", Treatment::known_words},
    FieldRule{"content-transfer-encoding", Treatment::known_words},
    FieldRule{"content-type", Treatment::content_type},
    FieldRule{"precedence", Treatment::known_words},
    FieldRule{"auto-submitted", Treatment::known_words},
    FieldRule{"from", Treatment::mailboxes},
    FieldRule{"sender", Treatment::mailboxes},
    FieldRule{"reply-to", Treatment::mailboxes},
    FieldRule{"to", Treatment::mailboxes},
    FieldRule{"cc", Treatment::mailboxes},
    FieldRule{"bcc", Treatment::mailboxes},
    FieldRule{"resent-from", Treatment::mailboxes},
    FieldRule{"resent-sender", Treatment::mailboxes},
    FieldRule{"resent-to", Treatment::mailboxes},
    FieldRule{"resent-cc", Treatment::mailboxes},
    FieldRule{"return-path", Treatment::mailboxes},
    FieldRule{"errors-to", Treatment::mailboxes},
    FieldRule{"delivered-to", Treatment::mailboxes},
    FieldRule{"envelope-to", Treatment::mailboxes},
    FieldRule{"x-original-to", Treatment::mailboxes},
    FieldRule{"x-original-from", Treatment::mailboxes},
    FieldRule{"x-envelope-from", Treatment::mailboxes},
    FieldRule{"message-id", Treatment::mailboxes},
    FieldRule{"resent-message-id", Treatment::mailboxes},
    FieldRule{"in-reply-to", Treatment::mailboxes},
    FieldRule{"references", Treatment::mailboxes},
    FieldRule{"received", Treatment::known_words},
    FieldRule{"x-received", Treatment::known_words},
    FieldRule{"received-spf", Treatment::known_words},
    FieldRule{"authentication-results", Treatment::known_words},
    FieldRule{"arc-authentication-results", Treatment::known_words},
    FieldRule{"dkim-signature", Treatment::signature},
    FieldRule{"x-google-dkim-signature", Treatment::signature},
    FieldRule{"domainkey-signature", Treatment::signature},
    FieldRule{"arc-message-signature", Treatment::signature},
    FieldRule{"arc-seal", Treatment::signature},
    FieldRule{"list-id", Treatment::list_id},
};

Treatment treatment_of(std::string_view name) {
  std::string folded(name);
  ascii::lower_in_place(folded);
  while (!folded.empty() && (folded.back() == ' ' || folded.back() == '\t')) folded.pop_back();
  const auto* rule =
      std::find_if(rule_table.begin(), rule_table.end(), [&](const FieldRule& one) { return one.name == folded; });
  return rule == rule_table.end() ? Treatment::replace : rule->treatment;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Where a comment or quoted string that begins at `at` ends; the size of the text where it does not.
std::size_t end_of_enclosed(std::string_view text, std::size_t at) {
  const bool is_quoted = text[at] == '"';
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
      continue;
    }
    const bool closes = is_quoted ? text[at] == '"' && depth++ > 0 : text[at] == ')' && --depth == 0;
    if (closes) return at + 1;
    if (!is_quoted && text[at] == '(') ++depth;
  }
  return text.size();
}

// An address in a display name or a comment is no author's; a quoted local part is one. RFC 5322 sections 3.2.2, 3.2.4.
std::string without_names(const Redactor& redactor, std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    if (value[at] != '"' && value[at] != '(') {
      out += value[at++];
      continue;
    }
    const auto end = end_of_enclosed(value, at);
    if (value[at] == '"' && end < value.size() && value[end] == '@')
      out += redactor.token(value.substr(at, end - at));
    else
      out += ' ';
    at = end;
  }
  return out;
}

// "<token@domain>" for each address; names, comments and routes go.
std::string mailboxes(const Redactor& redactor, std::string_view value) {
  const std::string text = redactor.addresses(without_names(redactor, value));
  std::string out;
  for (auto at = text.find('@'), end = at; at != std::string::npos; at = text.find('@', end)) {
    const auto start = text.find_last_not_of("0123456789abcdefh", at == 0 ? 0 : at - 1);
    const auto from = start == std::string::npos ? 0 : start + 1;
    end = std::min(text.find_first_of(" \t\r\n<>(),;:\"", at), text.size());  // more '@' belong to this address
    if (from == at && end < text.size() && (text[end] == ':' || text[end] == ',')) continue;
    out += (out.empty() ? "<" : ", <") + text.substr(from, end - from) + ">";
  }
  if (!out.empty()) return out;
  const auto bare = trimmed(value);
  return bare.empty() || bare == "<>" ? std::string(bare) : redactor.token(bare);
}

// A folded line of blanks alone looks like the end of the header to some readers.
std::string without_blank_lines(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    const auto line = value.find('\n', at);
    const auto end = line == std::string::npos ? value.size() : line + 1;
    const auto whole = value.substr(at, end - at);
    if (at == 0 || !trimmed(whole).empty()) out += whole;
    at = end;
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
  return out;
}

// The type, and parameters that are words of the protocol: no file names, no boundaries.
std::string content_type(const Redactor& redactor, std::string_view value) {
  std::string out = redactor.known_words(trimmed(value.substr(0, value.find(';'))));
  for (auto at = value.find(';'); at != std::string_view::npos; at = value.find(';', at + 1)) {
    const auto parameter = trimmed(value.substr(at + 1, value.find(';', at + 1) - at - 1));
    for (const std::string_view name : {"charset=", "report-type=", "format="})
      if (parameter.starts_with(name))
        out += "; " + std::string(name) + redactor.known_words(parameter.substr(name.size()));
  }
  return out;
}

std::string list_id(const Redactor& redactor, std::string_view value) {
  const auto open = value.rfind('<');
  const auto close = value.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return redactor.known_words(value.substr(open, close - open + 1));
}

std::string treated(const Redactor& redactor, Treatment treatment, std::string_view value) {
  switch (treatment) {
    case Treatment::known_words:
      return redactor.known_words(without_blank_lines(value));
    case Treatment::mailboxes:
      return " " + mailboxes(redactor, value);
    case Treatment::signature:
      return redactor.signature(without_blank_lines(value));
    case Treatment::content_type:
      return " " + content_type(redactor, value);
    case Treatment::list_id:
      return " " + list_id(redactor, value);
    case Treatment::replace:
      break;
  }
  return " " + redactor.token(trimmed(value));
}

// The end of the field that begins at `from`: behind its last folded line.
std::size_t field_end(std::string_view block, std::size_t from) {
  std::size_t end = from;
  do {
    const auto line = block.find('\n', end);
    if (line == std::string_view::npos) return block.size();
    end = line + 1;
  } while (end < block.size() && (block[end] == ' ' || block[end] == '\t'));
  return end;
}

}  // namespace

bool is_common_field(std::string_view name) {
  constexpr std::array<std::string_view, 12> others = {
      "subject",   "comments",  "keywords",    "content-disposition", "content-language", "list-unsubscribe",
      "list-post", "list-help", "feedback-id", "user-agent",          "x-mailer",         "arc-seal"};
  if (treatment_of(name) != Treatment::replace) return true;
  std::string folded(name);
  ascii::lower_in_place(folded);
  return std::find(others.begin(), others.end(), folded) != others.end();
}

std::string Redactor::header(std::string_view block) const {
  std::string out;
  for (std::size_t at = 0; at < block.size();) {
    const auto end = field_end(block, at);
    auto field = block.substr(at, end - at);
    at = end;
    const auto line_end = field.ends_with("\r\n") ? field.substr(field.size() - 2)
                          : field.ends_with("\n") ? field.substr(field.size() - 1)
                                                  : std::string_view();
    field.remove_suffix(line_end.size());
    const auto colon = field.find(':');
    if (colon != std::string_view::npos && field.find_first_of(" \t") >= colon)
      out.append(field.substr(0, colon + 1))
          .append(treated(*this, treatment_of(field.substr(0, colon)), field.substr(colon + 1)));
    else
      out += token(trimmed(field));
    out += line_end;
  }
  return out;
}

}  // namespace ruaudit::store
