#include "model/sentence.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::model;

TEST_CASE("places are filled in order, or by number, and other braces stay") {
  CHECK(filled("{} sent {}", {"a", "b"}) == "a sent b");
  CHECK(filled("{1} by {0}", {"a", "b"}) == "b by a");
  CHECK(filled("{x} {} {", {"a"}) == "{x} a {");
  CHECK(filled("{} {}", {"a"}) == "a {}");
  CHECK(filled("{}", {"{0}"}) == "{0}");
}

TEST_CASE("the first number decides between one and several") {
  const auto said = [](std::int64_t n) { return english(say_count("{} message", "{} messages", n)); };
  CHECK(said(0) == "0 messages");
  CHECK(said(1) == "1 message");
  CHECK(said(1'234'567) == "1,234,567 messages");
  CHECK(grouped(-1234, ",") == "-1,234");
  CHECK(grouped(-123, ",") == "-123");
}

TEST_CASE("arguments are numbers, days, shares and sentences") {
  CHECK(english(say("{}: {}, {}, {}", say("the domain"), DayOf{20'000}, ShareOf{1, 3}, "x")) ==
        "the domain: 2024-10-04, 33.3 %, x");
  CHECK(english(say("{}", ShareOf{9'999, 10'000})) == "more than 99.9 %");
  CHECK(english(say("{}", ShareOf{1, 10'000})) == "less than 0.1 %");
}

TEST_CASE("a finished text keeps its braces") {
  CHECK(english(Sentence("v=spf1 exists:%{i}.x {} {0}")) == "v=spf1 exists:%{i}.x {} {0}");
  CHECK(Sentence("").empty());
}
