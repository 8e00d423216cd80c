#include "cluster/server/answer.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace ruaudit::cluster;

TEST_CASE("rows come with names and types, escapes undone, NULL as nothing") {
  const auto rows = rows_of_answer("a\tb\nString\tNullable(Int64)\nx\\ty\\n\\\\\t\\N\n\t7\n");
  REQUIRE(rows);
  CHECK(rows->columns == std::vector<std::string>{"a", "b"});
  CHECK(rows->types[1] == "Nullable(Int64)");
  REQUIRE(rows->rows.size() == 2);
  CHECK(rows->rows[0][0] == "x\ty\n\\");
  CHECK_FALSE(rows->rows[0][1]);
  CHECK(rows->rows[1][0] == "");
  CHECK(rows->rows[1][1] == "7");
}

TEST_CASE("an answer that breaks off, or of another server, is an error") {
  for (const char* text : {"", "a\n", "a\nString", "a\tb\nString\n", "a\nString\nx\ty\n", "<html>\n"}) {
    CAPTURE(text);
    CHECK_FALSE(rows_of_answer(text));
  }
}

TEST_CASE("what a server says becomes an error with its remedy") {
  struct Case {
    long status;
    const char* body;
    const char* code;
  };
  const Case cases[] = {
      {401, "", "cluster-password"},
      {500, "Code: 193, e.displayText() = DB::Exception: Wrong password for user a, e.what() = DB::Exception",
       "cluster-password"},
      {403, "Code: 516. DB::Exception: a: Authentication failed. (AUTHENTICATION_FAILED)", "cluster-password"},
      {500, "Code: 243, e.displayText() = DB::Exception: Cannot reserve 1.00 MiB, not enough space", "cluster-disk"},
      {500, "Code: 1000, e.displayText() = Poco::Exception: write: errno: 28, strerror: No space left on device",
       "cluster-disk"},
      {500, "Code: 60, e.displayText() = DB::Exception: Table reports.x doesn't exist.", "cluster-refused"},
      {502, "", "cluster-refused"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.body);
    const auto error = answer_error("https://a:8443", one.status, one.body);
    CHECK(error.code == one.code);
    CHECK(error.message.starts_with("https://a:8443"));
    CHECK_FALSE(error.hint.empty());
  }
}

TEST_CASE("an error is one line whatever the server sends") {
  CHECK(printable_answer("a\nb\x1b[31m\x7f ") == "a b [31m");
  CHECK(printable_answer(std::string(10'000, 'x')).size() < 1000);
}

TEST_CASE("an answer with other columns than were asked for is none") {
  const std::string text = "version()\nString\n20.3.1\n";
  CHECK(rows_of_answer(text));
  CHECK(rows_of_answer(text, 1));
  const auto refused = rows_of_answer(text, 3);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "cluster-refused");
}

TEST_CASE("octets in hexadecimal are read where they are exactly so many, of a number in two digits each") {
  std::array<std::uint8_t, 2> octets{};
  CHECK(read_hex("0aFF", octets));
  CHECK(octets == std::array<std::uint8_t, 2>{0x0a, 0xff});
  for (const char* wrong : {"", "0a", "0aff0", "0aff00", "0xff", "zz00", "+1+1", " 1 1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(read_hex(wrong, octets));
  }
}

TEST_CASE("a number is 0 where there is none") {
  CHECK(number_of("18446744073709551615") == 18446744073709551615U);
  CHECK(number_of(std::nullopt) == 0);
  CHECK(number_of("none") == 0);
}
