#include "config/ini.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/ini_quote_detail.hpp"
#include "model/ascii.hpp"

namespace ruaudit::config {
namespace {

std::string at_line(std::size_t line) { return fmt::format("line {}", line); }

constexpr bool is_name_character(char c) { return ascii::is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; }

constexpr bool is_control(char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7F; }

// Where the comment after a value begins, or the value's end. A double quote left open in the middle of a value makes
// it uncertain whether '#' is meant: refused rather than cut.
model::Result<std::size_t> end_of_value(std::string_view line, std::size_t from) {
  bool at_item_start = true;
  bool open_quote = false;
  for (std::size_t i = from; i < line.size(); ++i) {
    const char c = line[i];
    if (at_item_start && is_quote(c)) {
      TRY(const auto quoted, read_quoted(line.substr(i)));
      i += quoted.octets - 1;
      at_item_start = false;
      continue;
    }
    if ((c == '#' || c == ';') && is_blank(line[i - 1])) {
      if (!open_quote) return i;
      return model::failure("config", fmt::format("it is not clear whether '{}' begins a comment", c),
                            "put the whole value in single quotes");
    }
    if (c == '"') open_quote = !open_quote;
    at_item_start = c == ',' || (at_item_start && is_blank(c));
  }
  return line.size();
}

class IniReader {
 public:
  explicit IniReader(const IniLimits& limits) : limits_(limits) {}

  model::Result<void> line(std::string_view line, std::size_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > limits_.line_octets)
      return model::failure("config", fmt::format("the line is longer than {} octets", limits_.line_octets));
    if (std::any_of(line.begin(), line.end(), is_control) || !is_utf8(line))
      return model::failure("config", "the line is not text in UTF-8", "save the file as plain UTF-8 text");
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') return {};
    return text.front() == '[' ? section(text, number) : entry(text, number);
  }
  std::vector<IniSection> take() { return std::move(sections_); }

 private:
  model::Result<void> section(std::string_view text, std::size_t number) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return model::failure("config", "the section has no closing ']'");
    const std::string_view rest = trimmed(text.substr(close + 1));
    if (!rest.empty() && rest.front() != '#' && rest.front() != ';')
      return model::failure("config", "there is text after the section's ']'", "put it on a line of its own");
    const std::string_view inner = trimmed(text.substr(1, close - 1));
    const auto blank = std::min(inner.find_first_of(" \t"), inner.size());
    IniSection next{.kind = std::string(inner.substr(0, blank)),
                    .name = std::string(trimmed(inner.substr(blank))),
                    .line = number,
                    .entries = {}};
    if (next.kind.empty() || next.name.size() > 64 ||
        !std::all_of(next.kind.begin(), next.kind.end(), is_name_character) ||
        !std::all_of(next.name.begin(), next.name.end(), is_name_character))
      return model::failure("config", "the section's name may only have letters, digits, '.', '-' and '_'",
                            "examples: [general], [mailbox reports]");
    if (!names_.insert(next.kind + ' ' + next.name).second)
      return model::failure("config", fmt::format("section {} occurs twice", text.substr(0, close + 1)),
                            "join them or rename one");
    if (sections_.size() == limits_.sections)
      return model::failure("config", fmt::format("there are more than {} sections", limits_.sections));
    sections_.push_back(std::move(next));
    keys_.clear();
    return {};
  }

  model::Result<void> entry(std::string_view text, std::size_t number) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
      return model::failure("config", "the line is neither a section, nor a comment, nor 'key = value'");
    std::string key(trimmed(text.substr(0, equals)));
    std::replace(key.begin(), key.end(), '-', '_');
    if (key.empty() || !std::all_of(key.begin(), key.end(), is_name_character))
      return model::failure("config", "what precedes '=' is not a key");
    if (sections_.empty())
      return model::failure("config", fmt::format("key '{}' comes before the first section", key),
                            "begin with [general] or [mailbox NAME]");
    TRY(const auto end, end_of_value(text, equals + 1));
    const std::string_view value = trimmed(text.substr(equals + 1, end - equals - 1));
    if (value.empty())
      return model::failure("config", fmt::format("key '{}' has no value", key), "remove the line to use the default");
    return add({std::move(key), std::string(value), number});
  }

  model::Result<void> add(IniEntry next) {
    IniSection& section = sections_.back();
    if (!keys_.insert(next.key).second)
      return model::failure("config", fmt::format("key '{}' occurs twice in this section", next.key),
                            "a list has its items in one value, separated by commas");
    if (section.entries.size() == limits_.entries)
      return model::failure("config", fmt::format("the section has more than {} keys", limits_.entries));
    section.entries.push_back(std::move(next));
    return {};
  }

  IniLimits limits_;
  std::vector<IniSection> sections_;
  std::set<std::string> names_;
  std::set<std::string> keys_;  // of the last section
};

}  // namespace

model::Result<std::vector<IniSection>> parse_ini(std::string_view text, const IniLimits& limits) {
  if (text.size() > limits.octets)
    return model::failure("config", fmt::format("the file is larger than {} octets", limits.octets),
                          "is this a configuration file?");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  IniReader reader(limits);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    if (auto read = reader.line(text.substr(0, end), number); !read)
      return model::failure(read.error().in(at_line(number)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

}  // namespace ruaudit::config
