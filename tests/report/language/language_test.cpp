#include "report/language/language.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace ruaudit;
using report::Language;

namespace {

Language opened(std::string_view name) {
  const std::string folders[] = {RUAUDIT_CATALOGUES};
  auto language = Language::open(name, folders);
  REQUIRE(language);
  return *language;
}

}  // namespace

TEST_CASE("a language is known by its code, whatever region and character set") {
  CHECK(report::known_language("fr_CA.UTF-8") == "fr");
  CHECK(report::known_language("PL") == "pl");
  CHECK(report::known_language("en-GB") == "en");
  CHECK(report::known_language("C").empty());
  CHECK(report::known_language("").empty());
  CHECK(Language::open("de", {}).error().code == "language");
  CHECK(Language::open("fr", {}).error().code == "language");
  CHECK(Language::open("en", {}));
}

TEST_CASE("numbers, shares and days are written as the language writes them") {
  CHECK(Language().number(1'234'567) == "1,234,567");
  CHECK(opened("fr").number(1'234'567) == "1\u202f234\u202f567");
  CHECK(opened("pl").number(1'234'567) == "1\u00a0234\u00a0567");
  CHECK(Language().share(1, 3) == "33.3 %");
  CHECK(opened("fr").share(1, 3) == "33,3\u00a0%");
  CHECK(opened("pl").share(1, 3) == "33,3%");
  CHECK(Language().date(20'000) == "4 October 2024");
  CHECK(opened("fr").date(20'000) == "4 octobre 2024");
  CHECK(opened("fr").date(19'997) == "1er octobre 2024");
  CHECK(opened("pl").date(19'997) == "1 października 2024");
}

TEST_CASE("Polish has three forms, French counts none as one") {
  const auto said = [](const Language& language, std::int64_t n) {
    return language.say(model::say_count("{} message", "{} messages", n));
  };
  const auto pl = opened("pl");
  CHECK(said(pl, 1) == "1 wiadomość");
  CHECK(said(pl, 3) == "3 wiadomości");
  CHECK(pl.say(model::say_count("{} day", "{} days", 22)) == "22 dni");
  CHECK(said(opened("fr"), 0) == "0 message");
  CHECK(said(opened("fr"), 1'000'002) == "1\u202f000\u202f002 messages");
  CHECK(said(Language(), 0) == "0 messages");
}

TEST_CASE("a text without a translation stays as it is") {
  CHECK(opened("fr").translate("no such text") == "no such text");
  CHECK(opened("fr").say("Mailgun {0}") == "Mailgun {0}");
}
