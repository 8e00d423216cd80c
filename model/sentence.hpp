// A sentence for people before it is put into their language: the English text with {} for every argument, which is
// also the key of its translations, and the arguments as values, so that numbers and days can be written as each
// language writes them. Made by `assess`; put into words by `report/language`, or in English by english().
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ruaudit::model {

struct Argument;

struct Sentence {
  std::string text{};    // "{} sent {} since {}"
  std::string plural{};  // the plural, if the first number decides: "{} messages" for "{} message"; else empty
  std::vector<Argument> arguments;

  Sentence();
  // A text that is the same in every language, or that has no translation.
  Sentence(std::string_view said);    // NOLINT(google-explicit-constructor)
  Sentence(const std::string& said);  // NOLINT(google-explicit-constructor)
  Sentence(const char* said);         // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool empty() const { return text.empty(); }
  bool operator==(const Sentence&) const;
};

enum class ArgumentKind : std::uint8_t { text, number, day, share, sentence };

struct DayOf {  // days since 1970-01-01
  std::int32_t number = 0;
};
struct ShareOf {
  std::int64_t part = 0, whole = 0;
};

struct Argument {
  ArgumentKind kind = ArgumentKind::text;
  std::string text{};            // of text: names, addresses, records; the same in every language
  std::int64_t number = 0;       // of number and day; the part of share
  std::int64_t whole = 0;        // of share
  std::vector<Sentence> said{};  // of sentence: one

  Argument() = default;
  template <class T>
  requires std::convertible_to<T, std::string_view> Argument(const T& value)
      : text(std::string_view(value)) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  Argument(T value)  // NOLINT(google-explicit-constructor)
      : kind(ArgumentKind::number), number(static_cast<std::int64_t>(value)) {}
  Argument(DayOf day) : kind(ArgumentKind::day), number(day.number) {}  // NOLINT(google-explicit-constructor)
  Argument(ShareOf share)                                               // NOLINT(google-explicit-constructor)
      : kind(ArgumentKind::share), number(share.part), whole(share.whole) {}
  Argument(Sentence sentence) : kind(ArgumentKind::sentence) {  // NOLINT(google-explicit-constructor)
    said.push_back(std::move(sentence));
  }
  bool operator==(const Argument&) const = default;
};

// Here, where an Argument is complete.
inline Sentence::Sentence() = default;
inline Sentence::Sentence(const std::string& said) : Sentence(std::string_view(said)) {}
inline Sentence::Sentence(const char* said) : Sentence(std::string_view(said)) {}

// The text stands in the source as a literal, so that xgettext finds it.
template <class... Arguments>
Sentence say(std::string_view english, Arguments&&... arguments) {
  Sentence sentence;
  sentence.text = english;
  (sentence.arguments.emplace_back(std::forward<Arguments>(arguments)), ...);
  return sentence;
}
// The first argument is the number that decides.
template <class... Arguments>
Sentence say_count(std::string_view one, std::string_view other, std::int64_t count, Arguments&&... arguments) {
  Sentence sentence = say(one, count, std::forward<Arguments>(arguments)...);
  sentence.plural = other;
  return sentence;
}

// `pattern` with {} replaced in order, or {0}, {1}, ... by place; braces around anything else stand for themselves.
std::string filled(std::string_view pattern, const std::vector<std::string>& arguments);

// "1 message", "1,234 messages", "2026-10-01", "12.5 %", "less than 0.1 %".
std::string english(const Sentence& sentence);
std::string english_share(std::int64_t part, std::int64_t whole);
std::string grouped(std::int64_t number, std::string_view separator);

}  // namespace ruaudit::model
