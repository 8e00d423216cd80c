#include "jobs/judge/batch_head.hpp"

#include <catch2/catch.hpp>

using ruaudit::jobs::batch_head;
using ruaudit::jobs::max_head_octets;

TEST_CASE("of a line its id and its file are known without parsing it") {
  struct Row {
    const char* rule;
    std::string line;
    std::string id;
    std::optional<std::string> file;
  };
  const Row rows[] = {
      {"behind a byte order mark", "\xef\xbb\xbf{\"id\": 7, \"message_file\": \"a\"}", "7", "a"},
      {"a number", R"({"id": 7, "message_file": "a.eml"})", "7", "a.eml"},
      {"a string with escapes", R"({"id":"a\"\u00e9","message_file":"b\/c\u002eeml"})", "\"a\\\"\xc3\xa9\"", "b/c.eml"},
      {"names with escapes", R"({"\u0069d": 1, "message\u005ffile": "a"})", "1", "a"},
      {"in any place", R"( { "x" : {"id": 1, "y": ["}", {"message_file": "no"}]} , "id" : [1, {"a": "]"}] } )",
       R"([1,{"a":"]"}])", std::nullopt},
      {"the last of two", R"({"id": 1, "message_file": "a", "id": 2, "message_file": "b"})", "2", "b"},
      {"brackets and commas in strings are none", R"({"message": "{,\"id\": 3, }]", "id": "4"})", "\"4\"",
       std::nullopt},
      {"a file that is no string", R"({"message_file": ["a"]})", "null", std::nullopt},
      {"a file that is null is none", R"({"message_file": "a", "message_file": null})", "null", std::nullopt},
      {"an octet that Python escaped", R"({"message_file": "\udce9"})", "null", "\xe9"},
      {"no object", R"(["id", 1])", "null", std::nullopt},
      {"cut off in a string", R"({"id": "a)", "null", std::nullopt},
      {"cut off behind an escape", "{\"id\": \"a\\", "null", std::nullopt},
      {"cut off in a value", R"({"id": [1, )", "null", std::nullopt},
      {"nothing", "", "null", std::nullopt},
      {"a long id", R"({"id": ")" + std::string(max_head_octets, 'a') + R"(", "message_file": "f"})", "null", "f"},
      {"a deep id", R"({"id": )" + std::string(1000, '[') + std::string(1000, ']') + "}", "null", std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rule, row.line.substr(0, 200));
    const auto head = batch_head(row.line);
    CHECK(head.id == row.id);
    CHECK(head.message_file == row.file);
  }
}

TEST_CASE("any prefix of a line is looked at without an end in the middle") {
  const std::string line = R"({"id": {"a": ["\\", "\""]}, "message": "x\\", "message_file": "\u0061"})";
  for (std::size_t i = 0; i <= line.size(); ++i) CHECK_NOTHROW(batch_head(line.substr(0, i)));
}
