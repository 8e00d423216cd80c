#include "report/table.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

using namespace ruaudit::report;
using namespace ruaudit::model;

namespace {

ResultTable sample() {
  return {{"name", "n", "share", "raw"},
          {{std::string("a\x1b[1m"), std::int64_t{-5}, 0.5, Blob{std::string("\x00\xff", 2)}},
           {std::string("=2+2,\"x\""), std::int64_t{12345}, std::monostate{}, std::monostate{}}},
          false};
}

}  // namespace

TEST_CASE("a table is aligned, numbers on the right, NULL empty") {
  CHECK(render_table(sample(), Format::text) ==
        "name      n      share  raw\n"
        "--------  -----  -----  ----\n"
        "a\xEF\xBF\xBD[1m        -5    0.5  00ff\n"
        "=2+2,\"x\"  12345\n");
}

TEST_CASE("CSV defuses text, not numbers") {
  CHECK(render_table(sample(), Format::csv) ==
        "name,n,share,raw\r\n"
        "a\xEF\xBF\xBD[1m,-5,0.5,00ff\r\n"
        "\"'=2+2,\"\"x\"\"\",12345,,\r\n");
}

TEST_CASE("JSON is an array of objects in the order of the columns") {
  const auto text = render_table(sample(), Format::json);
  const auto json = nlohmann::ordered_json::parse(text);
  REQUIRE(json.size() == 2);
  CHECK(json[0].begin().key() == "name");
  CHECK(json[0]["n"] == -5);
  CHECK(json[0]["raw"] == "00ff");
  CHECK(json[1]["share"].is_null());
  CHECK(render_table({{"a"}, {}, false}, Format::json) == "[]\n");
}

TEST_CASE("JSON stays valid with odd numbers, octets and column names") {
  const ResultTable table{{"x", "x", "x"},
                          {{std::numeric_limits<double>::infinity(), std::string("\xff\xC2\x9b"), std::int64_t{1}}},
                          false};
  const auto text = render_table(table, Format::json);
  const auto json = nlohmann::json::parse(text);
  CHECK(json[0]["x"].is_null());
  CHECK(json[0]["x_3"] == 1);
  for (const char c : text) CHECK(static_cast<unsigned char>(c) < 0x80);
}
