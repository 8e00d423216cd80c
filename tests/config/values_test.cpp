#include "config/value_reading.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace ruaudit::config;

TEST_CASE("numbers, sizes and times hold at the edges of their range") {
  CHECK(number_value("10", {10, 20}) == 10U);
  CHECK(number_value("20", {10, 20}) == 20U);
  CHECK(!number_value("9", {10, 20}));
  CHECK(!number_value("21", {10, 20}));
  CHECK(size_value("8M", {1, 1U << 30U}) == 8U << 20U);
  CHECK(size_value("1G", {1, 1U << 30U}) == 1U << 30U);
  CHECK(!size_value("2G", {1, 1U << 30U}));
  CHECK(seconds_value("10m", {1, 3600}) == 600U);
  CHECK(seconds_value("1h", {1, 3600}) == 3600U);
  CHECK(seconds_value("90", {1, 3600}) == 90U);
  CHECK(!seconds_value("2h", {1, 3600}));
  for (const char* bad :
       {"", "x", "-1", "1.5", "1 M", "1MM", "M", "18446744073709551616", "18014398509481984G", "1k"}) {
    CAPTURE(bad);
    CHECK(!size_value(bad, {0, UINT64_MAX}));
  }
}

TEST_CASE("what to do with a mail is one word and perhaps a name") {
  CHECK(disposition_value("nothing") == Disposition{Disposal::nothing, ""});
  CHECK(disposition_value("delete") == Disposition{Disposal::remove, ""});
  CHECK(disposition_value("move  Reports/Done 1") == Disposition{Disposal::move, "Reports/Done 1"});
  CHECK(disposition_value("flag \\Seen") == Disposition{Disposal::flag, "\\Seen"});
  CHECK(disposition_value("\"move a #b\"") == Disposition{Disposal::move, "a #b"});
  for (const char* bad : {"move", "flag", "delete now", "nothing x", "remove", "Move x", "\"\""}) {
    CAPTURE(bad);
    CHECK(!disposition_value(bad));
  }
  CHECK(disposition_value("mvoe x").error().hint == "did you mean 'move'?");
}

TEST_CASE("a relative path counts from the configuration's folder, ~/ from the home folder") {
  ::setenv("HOME", "/home/x", 1);
  CHECK(path_value({"a/b", "/etc/ruaudit"}) == "/etc/ruaudit/a/b");
  CHECK(path_value({"/a/b", "/etc/ruaudit"}) == "/a/b");
  CHECK(path_value({"a/b", ""}) == "a/b");
  CHECK(path_value({"~/b", "/etc/ruaudit"}) == "/home/x/b");
  CHECK(path_value({"'a #b'", ""}) == "a #b");
  CHECK(!path_value({"\"\"", ""}));
}

TEST_CASE("days, switches and domains are read strictly") {
  CHECK(day_value("1970-01-02") == 86'400);
  CHECK(!day_value("2026-02-30"));
  CHECK(!day_value("yesterday"));
  CHECK(switch_value("on") == true);
  CHECK(switch_value("no") == false);
  CHECK(!switch_value("1"));
  const auto domains = domains_value("Example.COM, b.example.");
  REQUIRE(domains);
  CHECK(domains->at(0).text() == "example.com");
  CHECK(domains->at(1).text() == "b.example");
  CHECK(!domains_value("a..b"));
}
