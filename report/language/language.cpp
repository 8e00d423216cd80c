#include "report/language/language.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/locale/gnu_gettext.hpp>
#include <boost/locale/message.hpp>
#include <chrono>
#include <exception>

#include "model/ascii.hpp"

namespace ruaudit::report {
namespace {

namespace gettext = boost::locale::gnu_gettext;
using Catalogue = boost::locale::message_format<char>;

bool is_there(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
}

model::Result<std::locale> read_catalogue(const std::string& code, const std::string& folder) {
  gettext::messages_info info;
  info.language = code;
  info.encoding = "UTF-8";
  info.domains.emplace_back("ruaudit");
  info.paths.push_back(folder);
  try {
    return std::locale(std::locale::classic(), gettext::create_messages_facet<char>(info));
  } catch (const std::exception& fault) {
    return model::failure("language",
                          fmt::format("{}: the catalogue of {} cannot be read: {}", folder, code, fault.what()),
                          "install ruaudit again");
  }
}

const char* looked_up(const std::locale& locale, const char* context, std::string_view text) {
  if (!std::has_facet<Catalogue>(locale)) return nullptr;
  return std::use_facet<Catalogue>(locale).get(0, context, std::string(text).c_str());
}

// {0} is the day of the month, {1} the year.
std::string month_pattern(const Language& language, unsigned month) {
  switch (month) {
    case 1:
      return language.translate("{0} January {1}");
    case 2:
      return language.translate("{0} February {1}");
    case 3:
      return language.translate("{0} March {1}");
    case 4:
      return language.translate("{0} April {1}");
    case 5:
      return language.translate("{0} May {1}");
    case 6:
      return language.translate("{0} June {1}");
    case 7:
      return language.translate("{0} July {1}");
    case 8:
      return language.translate("{0} August {1}");
    case 9:
      return language.translate("{0} September {1}");
    case 10:
      return language.translate("{0} October {1}");
    case 11:
      return language.translate("{0} November {1}");
    default:
      return language.translate("{0} December {1}");
  }
}

}  // namespace

std::string_view known_language(std::string_view name) {
  std::string code(name.substr(0, name.find_first_of("_.@-")));
  ascii::lower_in_place(code);
  const auto* found = std::find(std::begin(known_languages), std::end(known_languages), code);
  return found == std::end(known_languages) ? std::string_view() : *found;
}

Language::Language() : catalogue_(std::locale::classic()) {}

model::Result<Language> Language::open(std::string_view name, std::span<const std::string> folders) {
  Language language;
  language.code_ = known_language(name);
  if (language.code_.empty())
    return model::failure("language", fmt::format("there is no language '{}'", name.substr(0, 80)),
                          "languages are en, fr and pl");
  if (language.code_ == "en") return language;
  for (const std::string& folder : folders) {
    if (!is_there(fmt::format("{}/{}/LC_MESSAGES/ruaudit.mo", folder, language.code_))) continue;
    TRY(language.catalogue_, read_catalogue(language.code_, folder));
    return language;
  }
  return model::failure("language", fmt::format("the catalogue of the language '{}' is not installed", language.code_),
                        "it belongs in share/locale next to the program's folder; or choose en");
}

std::string Language::translate(std::string_view text) const {
  const char* const found = looked_up(catalogue_, nullptr, text);
  return found == nullptr ? std::string(text) : std::string(found);
}

std::string Language::translate_in(std::string_view context, std::string_view text) const {
  const char* const found = looked_up(catalogue_, std::string(context).c_str(), text);
  return found == nullptr ? std::string(text) : std::string(found);
}

std::string Language::plural(std::string_view one, std::string_view other, std::int64_t count) const {
  // Plural rules look at the last digits alone.
  const auto small = static_cast<int>(count < 1'000'000 ? count : 1'000'000 + count % 1'000'000);
  if (std::has_facet<Catalogue>(catalogue_))
    if (const char* const found =
            std::use_facet<Catalogue>(catalogue_).get(0, nullptr, std::string(one).c_str(), small))
      return found;
  return std::string(count == 1 ? one : other);
}

std::string Language::translate_n(std::string_view one, std::string_view other, std::int64_t count) const {
  return model::filled(plural(one, other, count), {number(count)});
}

std::string Language::fill(std::string_view text, const std::vector<std::string>& arguments) const {
  return model::filled(translate(text), arguments);
}

std::string Language::words_of(const model::Argument& argument) const {
  switch (argument.kind) {
    case model::ArgumentKind::number:
      return number(argument.number);
    case model::ArgumentKind::day:
      return date(static_cast<std::int32_t>(argument.number));
    case model::ArgumentKind::share:
      return share(argument.number, argument.whole);
    case model::ArgumentKind::sentence:
      return argument.said.empty() ? std::string() : say(argument.said.front());
    case model::ArgumentKind::text:
      break;
  }
  return argument.text;
}

std::string Language::say(const model::Sentence& sentence) const {
  std::vector<std::string> texts;
  for (const auto& argument : sentence.arguments) texts.push_back(words_of(argument));
  if (sentence.plural.empty() || sentence.arguments.empty()) return model::filled(translate(sentence.text), texts);
  return model::filled(plural(sentence.text, sentence.plural, sentence.arguments.front().number), texts);
}

std::string Language::number(std::int64_t value) const {
  return model::grouped(value, translate_in("between groups of three digits", ","));
}

std::string Language::share(std::int64_t part, std::int64_t whole) const {
  const std::string mark = translate_in("before decimals", ".");
  const double percent = whole <= 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part < whole && percent > 99.9) return fill("more than {} %", {"99" + mark + "9"});
  if (percent > 0 && percent < 0.1) return fill("less than {} %", {"0" + mark + "1"});
  std::string text = part == whole || part == 0 ? fmt::format("{:.0f}", percent) : fmt::format("{:.1f}", percent);
  if (const auto point = text.find('.'); point != std::string::npos) text.replace(point, 1, mark);
  return fill("{} %", {text});
}

std::string Language::date(std::int32_t day) const {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days(day)}};
  const auto number_of_day = static_cast<unsigned>(date.day());
  const std::string first = number_of_day == 1 ? translate_in("day of the month", "1") : std::to_string(number_of_day);
  return model::filled(month_pattern(*this, static_cast<unsigned>(date.month())),
                       {first, std::to_string(static_cast<int>(date.year()))});
}

}  // namespace ruaudit::report
