#include "model/sentence.hpp"

#include <cstdio>
#include <optional>

#include "model/calendar.hpp"

namespace ruaudit::model {
namespace {

struct Place {
  std::size_t argument = 0;
  std::size_t length = 0;  // of "{}" or "{12}"
};

// What stands at `at`, where a brace opens; `next` is the place of a plain {}.
std::optional<Place> place_at(std::string_view pattern, std::size_t at, std::size_t next) {
  const auto end = pattern.find('}', at);
  if (end == std::string_view::npos || end - at > 3) return std::nullopt;
  const auto inside = pattern.substr(at + 1, end - at - 1);
  std::size_t number = 0;
  for (const char c : inside) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return Place{inside.empty() ? next : number, end - at + 1};
}

std::string english_of(const Argument& argument) {
  switch (argument.kind) {
    case ArgumentKind::number:
      return grouped(argument.number, ",");
    case ArgumentKind::day:
      return day_text(argument.number * seconds_per_day);
    case ArgumentKind::share:
      return english_share(argument.number, argument.whole);
    case ArgumentKind::sentence:
      return argument.said.empty() ? std::string() : english(argument.said.front());
    case ArgumentKind::text:
      break;
  }
  return argument.text;
}

}  // namespace

// A finished text may hold braces of its own.
Sentence::Sentence(std::string_view said) {
  if (said.find('{') == std::string_view::npos) {
    text = said;
    return;
  }
  text = "{}";
  arguments.emplace_back(said);
}

bool Sentence::operator==(const Sentence& other) const {
  return text == other.text && plural == other.plural && arguments == other.arguments;
}

std::string filled(std::string_view pattern, const std::vector<std::string>& arguments) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    const auto place = pattern[at] == '{' ? place_at(pattern, at, next) : std::nullopt;
    if (!place || place->argument >= arguments.size()) {
      out += pattern[at++];
      continue;
    }
    out += arguments[place->argument];
    if (place->length == 2) ++next;
    at += place->length;
  }
  return out;
}

std::string english(const Sentence& sentence) {
  std::vector<std::string> texts;
  for (const Argument& argument : sentence.arguments) texts.push_back(english_of(argument));
  const bool is_plural =
      !sentence.plural.empty() && !sentence.arguments.empty() && sentence.arguments.front().number != 1;
  return filled(is_plural ? sentence.plural : sentence.text, texts);
}

std::string english_share(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return "0 %";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part < whole && percent > 99.9) return "more than 99.9 %";
  if (percent > 0 && percent < 0.1) return "less than 0.1 %";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", percent);
  return text;
}

std::string grouped(std::int64_t number, std::string_view separator) {
  std::string digits = std::to_string(number);
  const std::ptrdiff_t first = number < 0 ? 1 : 0;
  for (auto at = std::ssize(digits) - 3; at > first; at -= 3) digits.insert(static_cast<std::size_t>(at), separator);
  return digits;
}

}  // namespace ruaudit::model
