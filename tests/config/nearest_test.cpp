#include "config/nearest.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace ruaudit::config;

TEST_CASE("the edit distance counts letters put in, taken out, exchanged and swapped") {
  struct Case {
    std::string_view a, b;
    std::size_t want;
  };
  constexpr Case cases[] = {{"", "", 0},
                            {"a", "", 1},
                            {"abc", "abc", 0},
                            {"abc", "abd", 1},
                            {"abc", "acb", 1},
                            {"host", "hots", 1},
                            {"kitten", "sitting", 3},
                            {"ca", "abc", 3},
                            {"database", "datbase", 1}};
  for (const auto& c : cases) {
    CAPTURE(c.a, c.b);
    CHECK(edit_distance(c.a, c.b) == c.want);
    CHECK(edit_distance(c.b, c.a) == c.want);
  }
  CHECK(edit_distance(std::string(64, 'a'), std::string(64, 'b')) == 64);
  CHECK(edit_distance(std::string(65, 'a'), std::string(65, 'a')) == 64);
}

TEST_CASE("a misspelt word has a nearest one, a strange word has none") {
  constexpr std::array<std::string_view, 4> words = {"database", "domains", "done", "host"};
  CHECK(nearest("databse", words) == "database");
  CHECK(nearest("domain", words) == "domains");
  CHECK(nearest("hots", words) == "host");
  CHECK(nearest("dome", words) == "done");
  CHECK(nearest("xyzzy", words) == std::nullopt);
  CHECK(nearest("", words) == std::nullopt);
}
