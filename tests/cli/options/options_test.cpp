#include "cli/options/options.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::cli;

namespace {

constexpr OptionSpec options_of_test[] = {{"db", OptionKind::value, "FILE", "the database"},
                                          {"domain", OptionKind::list, "D", "a domain"},
                                          {"quiet", OptionKind::flag, "", "say nothing"},
                                          {"max-size", OptionKind::value, "SIZE", "limit"}};
constexpr CommandSpec spec = {"test", "[OPTIONS] SOURCE...", "Tests.", options_of_test, 1, 2};

ruaudit::model::Result<Options> parse(std::vector<std::string> arguments) { return Options::parse(spec, arguments); }

}  // namespace

TEST_CASE("values, lists, flags and arguments are told apart") {
  const auto options = parse({"--db", "x", "one", "--domain=a", "--domain", "b", "--quiet", "two"});
  REQUIRE(options.has_value());
  CHECK(options->value("db") == "x");
  CHECK(options->list("domain") == std::vector<std::string>{"a", "b"});
  CHECK(options->has("quiet"));
  CHECK(options->arguments() == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a single dash is an argument: standard input") {
  const auto options = parse({"-"});
  REQUIRE(options.has_value());
  CHECK(options->arguments() == std::vector<std::string>{"-"});
}

TEST_CASE("after two dashes everything is an argument") {
  const auto options = parse({"--quiet", "--", "--db"});
  REQUIRE(options.has_value());
  CHECK(options->arguments() == std::vector<std::string>{"--db"});
}

TEST_CASE("a wrong command line is a usage error") {
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"--d", "x", "one"},
                                                       {"--unknown", "one"},
                                                       {"one", "--db"},
                                                       {"--db", "a", "--db", "b", "one"},
                                                       {"1", "2", "3"}};
  for (const auto& arguments : wrong) {
    CAPTURE(arguments);
    const auto options = parse(arguments);
    REQUIRE_FALSE(options.has_value());
    CHECK(options.error().code == "usage");
  }
}

TEST_CASE("help needs no arguments") { CHECK(parse({"--help"}).has_value()); }

TEST_CASE("a number keeps its bounds and takes a size suffix") {
  const struct {
    const char* text;
    std::uint64_t want;  // 0: refused
  } cases[] = {{"10", 10},
               {"1K", 1024},
               {"1024", 1024},
               {"1025", 0},
               {"9", 0},
               {"2K", 0},
               {"x", 0},
               {"", 0},
               {"10x", 0},
               {"-5", 0},
               {"18446744073709551615G", 0}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto options = parse({std::string("--max-size=") + c.text, "one"});
    if (!options) {  // an empty value is refused by the parser already
      CHECK(c.want == 0);
      continue;
    }
    const auto number = options->number("max-size", 10, 1024);
    CHECK(number.has_value() == (c.want != 0));
    if (number) CHECK(number->value() == c.want);
  }
}
