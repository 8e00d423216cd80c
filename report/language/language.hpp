// The language of the reader. English stands in the source; French and Polish are gettext catalogues (po/), read
// without the system's locales, so that a language needs nothing installed but ruaudit. A text without a translation
// stays English. Values are immutable and may be shared by threads.
//   translate("FIX NOW")                          xgettext finds texts by these names (po/CMakeLists.txt)
//   translate_n("{} message", "{} messages", n)   with the plural forms of the language; {} is filled with n
//   say(sentence)                                 model/sentence.hpp, arguments written as the language writes them
#pragma once
#include <cstdint>
#include <locale>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/sentence.hpp"

namespace ruaudit::report {

inline constexpr std::string_view known_languages[] = {"en", "fr", "pl"};

// "fr" of "fr", "fr_CA.UTF-8" or "FR"; empty where it is none of known_languages.
std::string_view known_language(std::string_view name);

class Language {
 public:
  Language();  // English
  // `name` as known_language() takes it. Each folder may hold <code>/LC_MESSAGES/ruaudit.mo; the first that does
  // counts. Error: language (unknown, or its catalogue is in none of the folders).
  static model::Result<Language> open(std::string_view name, std::span<const std::string> folders);

  [[nodiscard]] std::string_view code() const { return code_; }  // of RFC 5646
  [[nodiscard]] std::string translate(std::string_view text) const;
  // Where one English text has several meanings.
  [[nodiscard]] std::string translate_in(std::string_view context, std::string_view text) const;
  [[nodiscard]] std::string translate_n(std::string_view one, std::string_view other, std::int64_t count) const;
  [[nodiscard]] std::string say(const model::Sentence& sentence) const;
  // translate() filled with texts that are in the language already.
  [[nodiscard]] std::string fill(std::string_view text, const std::vector<std::string>& arguments) const;

  [[nodiscard]] std::string number(std::int64_t value) const;                    // 12,345
  [[nodiscard]] std::string share(std::int64_t part, std::int64_t whole) const;  // 12.5 %
  [[nodiscard]] std::string date(std::int32_t day) const;                        // 3 September 2026

 private:
  [[nodiscard]] std::string words_of(const model::Argument& argument) const;
  std::string plural(std::string_view one, std::string_view other, std::int64_t count) const;

  std::string code_ = "en";
  std::locale catalogue_;
};

}  // namespace ruaudit::report
