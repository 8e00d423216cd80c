#include "jobs/judge/batch_line.hpp"

#include <catch2/catch.hpp>

using ruaudit::jobs::octets_of_text;
using ruaudit::jobs::parse_batch_line;

namespace {

ruaudit::model::Result<std::string> no_file(const std::string& /*path*/) {
  return ruaudit::model::failure("verify-input", "there is none");
}

}  // namespace

TEST_CASE("the octets of a JSON string: each rule of its header") {
  struct Row {
    const char* rule;
    std::string text;
    bool is_escaped;
    std::vector<std::string> want;
  };
  const Row rows[] = {
      {"ASCII is itself", "From: a\n\nb", true, {"From: a\n\nb"}},
      {"empty is empty", "", true, {""}},
      {"beyond U+00FF it is text", "\xe2\x82\xac", true, {"\xe2\x82\xac"}},
      {"octets of UTF-8 in the line itself are text", "\xc3\xa9", false, {"\xc3\xa9"}},
      {"escaped octets that are UTF-8 are octets", "\xc3\x83\xc2\xa9", true, {"\xc3\xa9"}},
      {"escaped octets in the body that are none: octets first",
       "S: a\n\n\xc3\xa9",
       true,
       {"S: a\n\n\xe9", "S: a\n\n\xc3\xa9"}},
      {"escaped octets in the header that are none: text first",
       "S: \xc3\xa9\n\nb",
       true,
       {"S: \xc3\xa9\n\nb", "S: \xe9\n\nb"}},
      {"a lone surrogate is its octet, the rest is text", "\xf4\x8f\xbf\xa9 \xc3\xa9", true, {"\xe9 \xc3\xa9"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rule);
    CHECK(octets_of_text(row.text, row.is_escaped) == row.want);
  }
}

TEST_CASE("a line that is no request is refused with its id") {
  struct Row {
    const char* line;
    const char* id;
    const char* code;
  };
  const Row rows[] = {
      {"", "null", "batch-line"},
      {"[]", "null", "batch-line"},
      {R"({"id": 7, "ip": 1})", "7", "batch-line"},
      {R"({"id": "x", "message": "a", "message_file": "b"})", "\"x\"", "batch-line"},
      {R"({"id": 1, "at": true})", "1", "batch-line"},
      {R"({"id": 1, "receiver": 7})", "1", "batch-line"},
      {R"({"id": 1, "trusted_host": [7]})", "1", "batch-line"},
      {R"({"id": 1, "at": "soon"})", "1", "usage"},
      {R"({"id": 1, "only": ["smtp"]})", "1", "usage"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    const auto parsed = parse_batch_line(row.line, {}, no_file);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().id == row.id);
    CHECK(parsed.error().error.code == row.code);
  }
}

TEST_CASE("nesting is bounded: a deep line is refused, not recursed into") {
  const std::string deep = R"({"zone": )" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  CHECK_FALSE(parse_batch_line(deep, {}, no_file));
}

TEST_CASE("a line names the receiver and its trusted hosts, and what it says beyond is told") {
  const auto parsed = parse_batch_line(
      R"({"receiver": "mx.b.example", "trusted_host": ["b.example", "192.0.2.1"], "recievr": 1, "expect": "pass"})", {},
      no_file);
  REQUIRE(parsed);
  CHECK(parsed->request.options.receiver == "mx.b.example");
  CHECK(parsed->request.options.trust.hosts == std::vector<std::string>{"b.example", "192.0.2.1"});
  CHECK(parsed->unknown_members == std::vector<std::string>{"expect", "recievr"});
  const auto one = parse_batch_line(R"({"trusted_host": "b.example"})", {}, no_file);
  REQUIRE(one);
  CHECK(one->request.options.trust.hosts == std::vector<std::string>{"b.example"});
  CHECK(one->unknown_members.empty());
}

TEST_CASE("a line that is no JSON is told without the words of the library") {
  for (const auto* line : {"{nonsense", "{\"a\": \"\xff\"}", "{\"a\": 1e999999}", "{} {}", "{\"a\": \"\\ud800\"}"}) {
    CAPTURE(line);
    const auto parsed = parse_batch_line(line, {}, no_file);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().error.message.find("json.exception") == std::string::npos);
    CHECK(parsed.error().error.message.find("syntax") == std::string::npos);
  }
}
