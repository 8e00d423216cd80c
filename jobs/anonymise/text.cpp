// Feedback reports (RFC 5965, RFC 6591, RFC 9991), the sentences some senders write instead, and free text.
#include <algorithm>
#include <array>

#include "jobs/anonymise/anonymiser.hpp"
#include "jobs/anonymise/harmless.hpp"
#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"
#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

enum class Value { token, record, machine, agent, people, field, words, header_copy, body_copy, uri };

struct FieldRule {
  std::string_view name;
  Value value;
};

constexpr std::array rule_table = {
    FieldRule{"feedback-type", Value::machine},
    FieldRule{"user-agent", Value::agent},
    FieldRule{"version", Value::machine},
    FieldRule{"original-mail-from", Value::people},
    FieldRule{"original-rcpt-to", Value::people},
    FieldRule{"arrival-date", Value::machine},
    FieldRule{"received-date", Value::machine},
    FieldRule{"reporting-mta", Value::machine},
    FieldRule{"source-ip", Value::machine},
    FieldRule{"source-port", Value::machine},
    FieldRule{"reported-domain", Value::machine},
    FieldRule{"authentication-results", Value::field},
    FieldRule{"auth-failure", Value::machine},
    FieldRule{"delivery-result", Value::machine},
    FieldRule{"identity-alignment", Value::machine},
    FieldRule{"dkim-domain", Value::machine},
    FieldRule{"dkim-identity", Value::people},
    FieldRule{"dkim-selector", Value::token},
    FieldRule{"dkim-selector-dns", Value::record},
    FieldRule{"dkim-adsp-dns", Value::record},
    FieldRule{"spf-dns", Value::record},
    FieldRule{"incidents", Value::machine},
    FieldRule{"message-id", Value::people},
    FieldRule{"dkim-canonicalized-header", Value::header_copy},
    FieldRule{"dkim-canonicalized-body", Value::body_copy},
    FieldRule{"reported-uri", Value::uri},
    // Of a delivery status notification, RFC 3464.
    FieldRule{"remote-mta", Value::machine},
    FieldRule{"received-from-mta", Value::machine},
    FieldRule{"action", Value::machine},
    FieldRule{"status", Value::machine},
    FieldRule{"final-recipient", Value::machine},
    FieldRule{"original-recipient", Value::machine},
    FieldRule{"last-attempt-date", Value::machine},
};

// Labels and sentences of the text dialects.
constexpr std::array<std::string_view, 10> label_table = {
    "sender domain", "sender ip address", "received date", "spf alignment",  "dkim alignment",
    "dmarc results", "from domain",       "dmarc policy",  "source address", "date"};
constexpr std::array<std::string_view, 4> sentence_table = {"claiming to be from you", "dmarc policy",
                                                            "authentication-failure report", "received from"};
// What those sentences, the lines of dashes and the values of the labels are made of.
constexpr std::array<std::string_view, 51> sentence_words = {"a",
                                                             "accept",
                                                             "an",
                                                             "authentication",
                                                             "authentication-failure",
                                                             "be",
                                                             "before",
                                                             "begin",
                                                             "body",
                                                             "check",
                                                             "checks",
                                                             "claiming",
                                                             "copy",
                                                             "detected",
                                                             "did",
                                                             "domain",
                                                             "email",
                                                             "end",
                                                             "error",
                                                             "failure",
                                                             "forwarded",
                                                             "from",
                                                             "has",
                                                             "headers",
                                                             "including",
                                                             "ip",
                                                             "is",
                                                             "it",
                                                             "mail",
                                                             "meet",
                                                             "of",
                                                             "on",
                                                             "original",
                                                             "pgp",
                                                             "public",
                                                             "key",
                                                             "block",
                                                             "published",
                                                             "received",
                                                             "sender",
                                                             "sending",
                                                             "that",
                                                             "the",
                                                             "this",
                                                             "to",
                                                             "was",
                                                             "were",
                                                             "yes",
                                                             "you",
                                                             "your",
                                                             "address"};
constexpr std::array<std::string_view, 8> spf_words = {"all", "-all", "~all", "?all", "+all", "a", "mx", "ptr"};

bool is_feedback_field(std::string_view name) {
  return std::any_of(rule_table.begin(), rule_table.end(),
                     [&](const FieldRule& one) { return ascii::equal_folded(one.name, ingest::trimmed(name)); });
}

std::string from_base64(std::string_view text) {
  ingest::Base64Decoder decoder;
  std::string out;
  decoder.decode(text, out);
  decoder.finish(out);
  return out;
}

// The words of the dialects stay, and between them what machines write.
std::string dialect_words(std::string_view line, const store::Redactor& redactor) {
  const auto is_word = [](char c) { return ascii::is_letter(c) || c == '-'; };
  std::string out;
  std::size_t kept = 0;  // up to here `out` tells the line
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_word(line[end])) ++end;
    auto word = line.substr(at, end - at);
    word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
    word = word.substr(0, word.find_last_not_of('-') + 1);
    const bool is_in_host =
        (at > 0 && line[at - 1] == '.') || (end + 1 < line.size() && line[end] == '.' && is_word(line[end + 1]));
    if (!is_in_host && is_listed(word, sentence_words)) {
      (out += redactor.masked(line.substr(kept, at - kept))) += line.substr(at, end - at);
      kept = end;
    }
    at = std::max(end, at + 1);
  }
  return out += redactor.masked(line.substr(kept));
}

// "txt : example.com : "v=spf1 a -all"": tags, terms and hosts stay; what a note says does not.
std::string record_words(std::string_view value, const store::Redactor& redactor) {
  constexpr std::string_view ends = " \t\r\n;\"";
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    const auto end = std::min(value.find_first_of(ends, at), value.size());
    const auto word = value.substr(at, end - at);
    const auto mark = std::min(word.find_first_of("=:"), word.size());
    constexpr std::size_t longest_name = 8;  // "redirect"
    const bool is_term =
        mark > 0 && mark < word.size() && mark <= longest_name + 1 && !ascii::equal_folded(word.substr(0, mark), "n");
    out += is_term || is_listed(word, spf_words) ? redactor.addresses(word) : redactor.masked(word);
    if (end < value.size()) out += value[end];
    at = end + 1;
  }
  return out;
}

// Scheme and host stay; who is named in front of the host, and what is asked of it, do not.
std::string uri(std::string_view value, const store::Redactor& redactor) {
  constexpr std::string_view mail_scheme = "mailto:", mark = "://";
  const auto begin = std::min(value.find_first_not_of(" \t"), value.size());
  const auto bare = value.substr(begin);
  if (ascii::equal_folded(bare.substr(0, mail_scheme.size()), mail_scheme)) {
    const auto address = bare.substr(mail_scheme.size(), bare.find('?') - mail_scheme.size());
    return std::string(value.substr(0, begin + mail_scheme.size())) + people(address, redactor) +
           redactor.words(bare.substr(mail_scheme.size() + address.size()));
  }
  const auto scheme = value.find(mark);
  if (scheme == std::string_view::npos) return redactor.words(value);
  const auto first = scheme + mark.size();
  const auto path = std::min(value.find_first_of("/?#", first), value.size());
  const auto authority = value.substr(first, path - first);
  const auto host = authority.rfind('@') + 1;  // 0: nobody is named
  return std::string(value.substr(0, first)) + redactor.words(authority.substr(0, host)) +
         redactor.masked(authority.substr(host)) + redactor.words(value.substr(path));
}

bool is_label(std::string_view line) {
  const auto name = ingest::trimmed(line.substr(0, std::min(line.find(':'), line.size())));
  return line.find(':') != std::string_view::npos &&
         std::any_of(label_table.begin(), label_table.end(),
                     [&](std::string_view one) { return ascii::equal_folded(one, name); });
}

bool is_sentence(std::string_view line) {
  return std::any_of(sentence_table.begin(), sentence_table.end(),
                     [&](std::string_view one) { return ingest::contains_folded(line, one); });
}

}  // namespace

std::string Anonymiser::words(std::string_view text) {
  ++counts_.texts;
  return redactor_.words(text);
}

std::string Anonymiser::feedback_value(std::string_view name, std::string_view value) {
  const auto* rule = std::find_if(rule_table.begin(), rule_table.end(),
                                  [&](const FieldRule& one) { return ascii::equal_folded(one.name, name); });
  switch (rule == rule_table.end() ? Value::words : rule->value) {
    case Value::token:
      return is_token(ingest::trimmed(value)) ? std::string(value) : redactor_.words(value);
    case Value::record:
      return record_words(value, redactor_);
    case Value::machine:
      return redactor_.masked(value);
    case Value::agent: {
      const auto end =
          std::min(value.find_first_of(" (", std::min(value.find_first_not_of(' '), value.size())), value.size());
      const auto product = value.substr(0, end);
      return (is_known_product(ingest::trimmed(product)) ? std::string(product) : redactor_.words(product)) +
             redactor_.words(value.substr(end));
    }
    case Value::people:
      return people(value, redactor_);
    case Value::field: {
      const std::string whole = redactor_.header("Authentication-Results:" + std::string(value));
      return whole.substr(std::min(whole.find(':') + 1, whole.size()));
    }
    case Value::header_copy:
      return " " + to_base64_lines(redactor_.header(from_base64(value)), "\r\n ");
    case Value::body_copy:
      return " " + to_base64_lines(redactor_.words(from_base64(value)), "\r\n ");
    case Value::uri:
      return uri(value, redactor_);
    case Value::words:
      break;
  }
  return redactor_.words(value);
}

std::string Anonymiser::feedback(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    do {
      const auto line = text.find('\n', end);
      end = line == std::string_view::npos ? text.size() : line + 1;
    } while (end < text.size() && (text[end] == ' ' || text[end] == '\t'));
    auto raw = text.substr(at, end - at);
    at = end;
    const auto line_end = raw.ends_with("\r\n") ? raw.substr(raw.size() - 2)
                          : raw.ends_with("\n") ? raw.substr(raw.size() - 1)
                                                : std::string_view();
    raw.remove_suffix(line_end.size());
    const bool is_field = ingest::field_name_length(raw) > 0;
    const auto colon = is_field ? raw.find(':') + 1 : 0;
    const auto name = raw.substr(0, std::max<std::size_t>(colon, 1) - 1);
    std::string cleaned =
        !is_field ? std::string() : (is_feedback_field(name) ? std::string(name) : field_name(name, redactor_)) + ":";
    cleaned +=
        is_field ? feedback_value(ingest::trimmed(raw.substr(0, colon - 1)), raw.substr(colon)) : redactor_.words(raw);
    counts_.fields += cleaned == raw ? 0 : 1;
    out += cleaned;
    out += line_end;
  }
  return out;
}

// The copy of a header after a line of dashes is cleaned as the header it is.
std::string Anonymiser::prose(std::string_view text) {
  ++counts_.texts;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto line = text.find('\n', at);
    const auto end = line == std::string_view::npos ? text.size() : line + 1;
    const auto whole = text.substr(at, end - at);
    const bool is_marker = ingest::trimmed(whole).starts_with("-----");
    at = end;
    const auto label = is_label(whole) ? whole.find(':') + 1 : 0;
    out += whole.substr(0, label);
    out += is_marker || label > 0 || is_sentence(whole) ? dialect_words(whole.substr(label), redactor_)
                                                        : redactor_.words(whole);
    if (!is_marker) continue;
    const auto first = std::min(text.find_first_not_of("\r\n", at), text.size());
    out += text.substr(at, first - at);
    const auto rest = text.substr(first);
    const auto header_end = std::min({rest.find("\n\n"), rest.find("\n\r\n"), rest.size()});
    return out + mail_header(rest.substr(0, header_end)) + redactor_.words(rest.substr(header_end));
  }
  return out;
}

}  // namespace ruaudit::jobs
