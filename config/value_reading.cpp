#include "config/value_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "config/nearest.hpp"
#include "model/calendar.hpp"

namespace ruaudit::config {
namespace {

struct Unit {
  char letter;
  std::uint64_t factor;
};
constexpr Unit size_units[] = {{'K', 1ULL << 10U}, {'M', 1ULL << 20U}, {'G', 1ULL << 30U}};
constexpr Unit time_units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}};

// At most 40 octets of a value, for an error text.
std::string shown(std::string_view text) { return std::string(text.substr(0, 40)) + (text.size() > 40 ? "..." : ""); }

std::string with_units(std::uint64_t number, std::span<const Unit> units) {
  for (auto unit = units.rbegin(); unit != units.rend(); ++unit)
    if (number >= unit->factor && number % unit->factor == 0)
      return fmt::format("{}{}", number / unit->factor, unit->letter);
  return fmt::format("{}", number);
}

model::Result<std::uint64_t> measured(std::string_view value, Range range, std::span<const Unit> units) {
  TRY(const std::string text, scalar_value(value));
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  std::uint64_t factor = stop == end ? 1 : 0;
  for (const Unit& unit : units)
    if (stop + 1 == end && *stop == unit.letter) factor = unit.factor;
  const bool is_fit =
      fault == std::errc{} && factor != 0 && number <= range.high / factor && number * factor >= range.low;
  if (is_fit) return number * factor;
  std::string letters;
  for (const Unit& unit : units) letters += fmt::format("{}{}", letters.empty() ? "" : ", ", unit.letter);
  return model::failure("config",
                        fmt::format("'{}' is not a number from {} to {}", shown(text), with_units(range.low, units),
                                    with_units(range.high, units)),
                        letters.empty() ? "" : "units are " + letters);
}

model::Result<Disposition> with_target(Disposal disposal, std::string_view target) {
  if (disposal == Disposal::move || disposal == Disposal::flag) {
    if (target.empty())
      return model::failure("config", fmt::format("'{}' needs a name", model::to_text(disposal)),
                            "examples: move Reports/Done, flag Processed");
    return Disposition{disposal, std::string(target)};
  }
  if (!target.empty()) return model::failure("config", fmt::format("'{}' stands alone", model::to_text(disposal)));
  return Disposition{disposal, ""};
}

}  // namespace

model::Error no_such_word(std::string_view word, const std::vector<std::string_view>& words) {
  const auto near = nearest(word, words);
  return {"config", fmt::format("'{}' is not one of {}", shown(word), fmt::join(words, ", ")),
          near ? fmt::format("did you mean '{}'?", *near) : ""};
}

model::Result<std::string> language_value(std::string_view value) {
  static const std::vector<std::string_view> known = {"en", "fr", "pl"};
  TRY(auto word, scalar_value(value));
  if (std::find(known.begin(), known.end(), word) != known.end()) return word;
  return model::failure(no_such_word(word, known));
}

model::Result<std::uint64_t> number_value(std::string_view value, Range range) { return measured(value, range, {}); }
model::Result<std::uint64_t> size_value(std::string_view value, Range range) {
  return measured(value, range, size_units);
}
model::Result<std::uint64_t> seconds_value(std::string_view value, Range range) {
  return measured(value, range, time_units);
}

model::Result<bool> switch_value(std::string_view value) {
  TRY(const auto word, scalar_value(value));
  for (const std::string_view on : {"on", "yes", "true"})
    if (word == on) return true;
  for (const std::string_view off : {"off", "no", "false"})
    if (word == off) return false;
  return model::failure(no_such_word(word, {"on", "off"}));
}

model::Result<std::int64_t> day_value(std::string_view value) {
  TRY(const auto text, scalar_value(value));
  if (const auto day = model::parse_day(text)) return *day;
  return model::failure("config", fmt::format("'{}' is not a day", shown(text)), "days are written 2026-01-31");
}

model::Result<std::vector<model::Domain>> domains_value(std::string_view value) {
  TRY(const auto items, list_value(value));
  std::vector<model::Domain> domains;
  for (const std::string& item : items) {
    auto domain = model::Domain::parse(item);
    if (!domain)
      return model::failure("config", fmt::format("'{}' is not a domain", shown(item)), domain.error().message);
    domains.push_back(std::move(*domain));
  }
  return domains;
}

model::Result<std::string> path_value(const ValueText& value) {
  TRY(auto path, scalar_value(value.text));
  if (path.empty()) return model::failure("config", "the path is empty", "remove the line to use the default");
  if (path.starts_with("~/")) {
    const char* const home = std::getenv("HOME");
    if (home == nullptr || *home == '\0')
      return model::failure("config", "the path begins with ~/ but $HOME is not set", "write the whole path");
    return home + path.substr(1);
  }
  if (path.front() == '/' || value.folder.empty()) return path;
  return std::string(value.folder) + '/' + path;
}

model::Result<Disposition> disposition_value(std::string_view value) {
  TRY(const auto text, scalar_value(value));
  const auto blank = std::min(text.find(' '), text.size());
  const std::string_view word = std::string_view(text).substr(0, blank);
  const auto start = std::min(text.find_first_not_of(' ', blank), text.size());
  const std::string_view target = std::string_view(text).substr(start);
  if (const auto disposal = model::parse_enum<Disposal>(word)) return with_target(*disposal, target);
  return model::failure(no_such_word(word, {"nothing", "move", "flag", "delete"}));
}

}  // namespace ruaudit::config
