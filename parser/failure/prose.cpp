#include "parser/failure/prose.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/failure/arf.hpp"
#include "parser/field_block.hpp"

namespace ruaudit::parser {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view message_claiming = "a message claiming to be from you has failed";
constexpr std::string_view report_for = "report for an email message received from ip";
constexpr std::size_t max_label = 60;
constexpr std::size_t max_fields = 100;

constexpr bool is_gap(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '>'; }

// The end of words when they stand at text[at], else npos.
std::size_t match_words(std::string_view text, std::size_t at, std::string_view words) {
  for (const char want : words) {
    if (want != ' ') {
      if (at >= text.size() || ascii::lower(text[at]) != want) return npos;
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < text.size() && is_gap(text[at])) ++at;
    if (at == begin) return npos;
  }
  return at;
}

// "> > text" -> "text".
std::string_view unquoted(std::string_view line) {
  while (line.starts_with('>')) {
    line.remove_prefix(1);
    if (line.starts_with(' ')) line.remove_prefix(1);
  }
  return line;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}
  std::optional<std::string_view> next() {  // with its line end
    if (rest_.empty()) return std::nullopt;
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end == npos ? npos : end + 1);
    rest_.remove_prefix(line.size());
    return line;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// "SPF Alignment: no", " * SPF Alignment: no" or " 1. SPF-authenticated Identifiers: example.com;": the label, or
// nothing.
struct Labelled {
  std::string_view label, value;
};
std::optional<Labelled> labelled(std::string_view line) {
  line = trimmed(line);
  for (const std::string_view bullet : {"* ", "- ", "+ ", "\xE2\x80\xA2 ", "\xC2\xB7 "})
    if (line.starts_with(bullet)) line = trimmed(line.substr(bullet.size()));
  const auto digits = line.find_first_not_of("0123456789");
  if (digits != npos && digits > 0 && line[digits] == '.') line = trimmed(line.substr(digits + 1));
  const auto colon = line.substr(0, max_label).find(':');
  if (colon == npos || colon == 0) return std::nullopt;
  const auto label = trimmed(line.substr(0, colon));
  const bool is_label = std::all_of(label.begin(), label.end(), [](char c) {
    return ascii::is_letter_or_digit(c) || c == ' ' || c == '-' || c == '_';
  });
  const bool has_letter = std::any_of(label.begin(), label.end(), [](char c) { return ascii::lower(c) >= 'a'; });
  if (!is_label || !has_letter) return std::nullopt;  // "23:16" is a time
  auto value = trimmed(line.substr(colon + 1));
  if (value.ends_with(';')) value.remove_suffix(1);
  return Labelled{label, value};
}

// A field of a mail header as the first line of a sample without a line of dashes before it.
bool is_sample_field(std::string_view label) {
  static constexpr std::array<std::string_view, 8> names = {"received",     "return-path",    "message-id",
                                                            "mime-version", "dkim-signature", "from",
                                                            "delivered-to", "content-type"};
  return std::any_of(names.begin(), names.end(), [&](auto name) { return ascii::equal_folded(name, label); });
}

bool is_dashes(std::string_view line) { return trimmed(line).starts_with("----"); }

std::string sample_text(std::string_view text, bool is_quoted) {
  LineReader lines(text);
  std::string out;
  bool has_begun = false;
  while (const auto line = lines.next()) {
    const auto shown = is_quoted ? unquoted(*line) : *line;
    has_begun = has_begun || !trimmed(shown).empty();
    if (has_begun) out += shown;
  }
  return out;
}

// After the line of dashes: its own words may be wrapped, up to the next empty line.
std::string_view behind_marker(LineReader lines, bool is_quoted) {
  auto rest = lines.rest();
  while (const auto line = lines.next()) {
    const auto shown = trimmed(is_quoted ? unquoted(*line) : *line);
    if (shown.empty()) return lines.rest();
    if (field_name_size(shown) > 0) return rest;  // no empty line in between
    rest = lines.rest();
  }
  return rest;
}

void add_field(Prose& prose, const Labelled& field, FailureNotes& notes) {
  const FieldText value = field_text(field.value, 2000);
  if (value.is_invalid) notes.add("failure-field-not-text", field.label);
  if (value.is_cut) notes.add("failure-field-too-long", field.label);
  if (prose.fields.size() < max_fields)
    prose.fields.push_back({std::string(field.label), value.text});
  else
    notes.add("failure-too-many-fields", field.label);
}

// The "Name: value" lines of text up to the sample.
void read_lines(std::string_view text, Prose& prose, FailureNotes& notes) {
  LineReader lines(text);
  bool is_open = false;  // the line before was a field, which a wrapped line continues
  while (true) {
    const auto before = lines.rest();
    const auto line = lines.next();
    if (!line) return;
    const auto shown = without_line_end(prose.is_quoted ? unquoted(*line) : *line);
    if (is_dashes(shown)) {
      prose.sample = sample_text(behind_marker(lines, prose.is_quoted), prose.is_quoted);
      return;
    }
    const auto field = labelled(shown);
    if (field && is_sample_field(field->label)) {
      prose.sample = sample_text(before, prose.is_quoted);
      return;
    }
    const bool is_continuation = is_open && !field && !trimmed(shown).empty() && !prose.fields.empty();
    if (is_continuation && prose.fields.back().value.size() < 2000)
      prose.fields.back().value += (prose.fields.back().value.empty() ? "" : " ") + field_text(shown, 200).text;
    if (field) add_field(prose, *field, notes);
    is_open = field || is_continuation;
  }
}

// "192.0.2.1 on Thu, 1 Jan 2026 10:00:00 +0000." after the sentence.
void read_source(std::string_view rest, Prose& prose) {
  const auto begin = std::min(rest.find_first_not_of(" \t\r\n>"), rest.size());
  rest = rest.substr(begin, 400);
  const auto end = std::min(rest.find_first_of(" \t\r\n"), rest.size());
  auto address = rest.substr(0, end);
  while (address.ends_with('.') || address.ends_with(',')) address.remove_suffix(1);
  prose.source_ip = field_text(address, 100).text;
  const auto on = find_words(rest.substr(end), " on ");
  if (!on || on->begin > 200) return;
  auto date = rest.substr(end + on->end);
  date = date.substr(0, std::min(date.find('.'), date.find("\n\n")));
  date = date.substr(0, std::min(date.find("\r\n\r\n"), date.size()));
  std::string flat;
  for (const char c : date.substr(0, 100)) flat += is_gap(c) ? ' ' : c;
  prose.arrival_date = field_text(flat, 100).text;
}

// True when the line in which text[at] stands begins with ">".
bool is_quoted_at(std::string_view text, std::size_t at) {
  const auto line = text.rfind('\n', at);
  const auto begin = line == npos ? 0 : line + 1;
  return trimmed(text.substr(begin, at - begin + 1)).starts_with('>');
}

bool says_authentication(std::string_view text) {
  static constexpr std::array<std::string_view, 4> words = {"dmarc", "authentication", "dkim", "spf"};
  return std::any_of(words.begin(), words.end(), [&](auto word) { return find_folded(text, word) != npos; });
}

}  // namespace

std::optional<WordsAt> find_words(std::string_view text, std::string_view words) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool may_begin = words.front() == ' ' ? is_gap(text[at]) : ascii::lower(text[at]) == words.front();
    if (!may_begin) continue;
    if (const auto end = match_words(text, at, words); end != npos) return WordsAt{at, end};
    // A run of blanks is looked through once, or many of them would be looked through again and again.
    while (is_gap(text[at]) && at + 1 < text.size() && is_gap(text[at + 1])) ++at;
  }
  return std::nullopt;
}

std::string text_of_html(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    const auto open = html.find('<');
    out += html.substr(0, open);
    if (open == npos) break;
    const auto close = html.find('>', open);
    if (close == npos) break;
    const auto tag = ascii::lower(html.substr(open + 1, 3));
    const bool is_line = tag.starts_with("br") || tag.starts_with("p") || tag.starts_with("/p") ||
                         tag.starts_with("di") || tag.starts_with("/tr") || tag.starts_with("li");
    if (is_line) out += '\n';
    html.remove_prefix(close + 1);
  }
  struct Entity {
    std::string_view name, text;
  };
  static constexpr Entity entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&nbsp;", " "}, {"&quot;", "\""}, {"&amp;", "&"}};
  std::string plain;
  for (std::string_view rest = out; !rest.empty();) {
    const auto* const entity = std::find_if(std::begin(entities), std::end(entities),
                                            [&](const Entity& one) { return rest.starts_with(one.name); });
    const bool is_entity = entity != std::end(entities);
    plain += is_entity ? entity->text : rest.substr(0, 1);
    rest.remove_prefix(is_entity ? entity->name.size() : 1);
  }
  return plain;
}

Prose read_prose(std::string_view text, const FailureLimits& limits, FailureNotes& notes) {
  const auto head = text.substr(0, limits.prose_bytes);
  Prose prose;
  if (const auto found = find_words(head, message_claiming)) {
    prose.sentence = Sentence::message_claiming;
    prose.is_about_authentication = true;
    prose.opens_text = text.find_first_not_of(" \t\r\n") == found->begin;
    prose.is_quoted = is_quoted_at(text, found->begin);
    const auto line = text.find('\n', found->end);
    if (line != npos) read_lines(text.substr(line + 1), prose, notes);
    return prose;
  }
  const auto found = find_words(head, report_for);
  if (!found) return prose;
  prose.sentence = Sentence::report_for_message;
  prose.opens_text = text.find_first_not_of(" \t\r\n") <= found->begin;
  prose.is_quoted = is_quoted_at(text, found->begin);
  prose.is_about_authentication = says_authentication(head);
  read_source(head.substr(found->end), prose);
  LineReader lines(head.substr(found->end));
  while (const auto line = lines.next()) {
    const auto shown = trimmed(prose.is_quoted ? unquoted(*line) : *line);
    const bool is_numbered = !shown.empty() && shown.front() >= '0' && shown.front() <= '9';
    if (const auto field = is_numbered ? labelled(shown) : std::nullopt) add_field(prose, *field, notes);
  }
  return prose;
}

void set_prose_claims(const Prose& prose, model::FailureClaims& claims, FailureNotes& notes) {
  struct Name {
    std::string_view prose, arf;
  };
  static constexpr Name names[] = {
      {"sender domain", "Reported-Domain"}, {"sender ip address", "Source-IP"}, {"received date", "Arrival-Date"}};
  for (const auto& field : prose.fields) {
    const auto* const row = std::find_if(std::begin(names), std::end(names),
                                         [&](const Name& name) { return ascii::equal_folded(name.prose, field.name); });
    if (row != std::end(names))
      set_claim(claims, row->arf, field.value, notes);
    else
      claims.other_fields.push_back(field);
  }
}

}  // namespace ruaudit::parser
