#include "verify/message/message.hpp"

#include <catch2/catch.hpp>
#include <concepts>
#include <string>

using namespace ruaudit::verify::message;

namespace {

Message must_view(std::string_view bytes, const Limits& limits = {}) {
  auto message = Message::view(bytes, limits);
  REQUIRE(message.has_value());
  return std::move(*message);
}

template <std::same_as<std::string> Temporary>
Message must_view(Temporary&& bytes, const Limits& limits = {}) = delete;  // the Message would outlive its bytes

std::string code_of(std::string_view bytes, const Limits& limits) {
  auto message = Message::view(bytes, limits);
  return message ? "" : message.error().code;
}

}  // namespace

TEST_CASE("a mail is fields with exact bytes and a body") {
  const std::string bytes = "From: a@b\r\nX : y\r\n\tz \r\nto:\r\n\r\nbody\r\n";
  const Message mail = must_view(bytes);
  REQUIRE(mail.fields().size() == 3);
  CHECK(mail.fields()[0].name == "From");
  CHECK(mail.fields()[0].value == " a@b");
  CHECK(mail.fields()[1].name == "X");
  CHECK(mail.fields()[1].value == " y\r\n\tz ");
  CHECK(mail.fields()[1].raw == "X : y\r\n\tz \r\n");
  CHECK(mail.fields()[1].line == 2);
  CHECK(mail.fields()[2].line == 4);
  CHECK(mail.fields()[2].value.empty());
  CHECK(mail.body() == "body\r\n");
  CHECK(mail.has_separator());
  CHECK(mail.repairs().empty());
  CHECK(mail.fields()[0].raw.data() == bytes.data());  // no copy
}

TEST_CASE("a mail without an empty line has no body, with one its body may be empty") {
  CHECK_FALSE(must_view("From: a\r\n").has_separator());
  CHECK(must_view("From: a\r\n").body().empty());
  CHECK(must_view("From: a\r\n\r\n").has_separator());
  CHECK(must_view("From: a").fields()[0].raw == "From: a");
  CHECK(must_view("").fields().empty());
  CHECK(must_view("\r\nbody").body() == "body");
}

TEST_CASE("bare LF becomes CRLF in a copy and is told, nothing else changes") {
  const std::string bytes = "From: a\nTo: b\r\n c\n\nx\xff\n\r\ry\r\nz";
  const Message mail = must_view(bytes);
  CHECK(mail.header_block() == "From: a\r\nTo: b\r\n c\r\n");
  CHECK(mail.body() == "x\xff\r\n\r\ry\r\nz");
  REQUIRE(mail.repairs().size() == 1);
  CHECK(mail.repairs()[0].code == "message-line-ends-repaired");
  CHECK(mail.repairs()[0].detail == "4 bare LF became CRLF");
}

TEST_CASE("the mbox line at the top is dropped and told, lines keep their number in the file") {
  const Message mail = must_view("From a@b Sat Jan  1 00:00:00 2022\r\nFrom: a\r\n\r\nFrom here\r\n");
  REQUIRE(mail.fields().size() == 1);
  CHECK(mail.fields()[0].line == 2);
  CHECK(mail.body() == "From here\r\n");
  REQUIRE(mail.repairs().size() == 1);
  CHECK(mail.repairs()[0].code == "message-mbox-line-dropped");
  CHECK(mail.repairs()[0].detail == "a line of an mbox in front of the first field");  // never content
}

// RFC 5322 section 4.5.2: obs-from = "From" *WSP ":"
TEST_CASE("a From field with blanks before its colon is a field, at the top of the mail too") {
  for (const auto* bytes : {"From : a@b\r\n\r\n", "From \t : a@b\r\n\r\n"}) {
    CAPTURE(bytes);
    const Message mail = must_view(bytes);
    REQUIRE(mail.positions("From").size() == 1);
    CHECK(mail.fields()[0].value == " a@b");
    CHECK(mail.repairs().empty());
  }
}

TEST_CASE("a line that is no field is kept without a name and told") {
  const Message mail = must_view(" first\r\nno colon\r\n more: x\r\n: y\r\nFrom: a\r\n\r\n");
  REQUIRE(mail.fields().size() == 4);
  CHECK(mail.fields()[0].name.empty());
  CHECK(mail.fields()[1].name.empty());
  CHECK(mail.fields()[2].name.empty());
  CHECK(mail.fields()[3].name == "From");
  CHECK(mail.repairs().size() == 3);
  CHECK(mail.repairs()[1].line == 2);
}

TEST_CASE("fields are found by name without case, from top to bottom") {
  const Message mail = must_view("To: 1\r\nFrom: 2\r\nTO: 3\r\nToo: 4\r\nto: 5\r\n\r\n");
  const auto to = mail.positions("tO");
  REQUIRE(to.size() == 3);
  CHECK(to[0] == 0);
  CHECK(to[1] == 2);
  CHECK(to[2] == 4);
  CHECK(mail.positions("cc").empty());
  CHECK(mail.first("From")->value == " 2");
  CHECK(mail.first("Cc") == nullptr);
  CHECK(mail.group_of(to) != mail.group_of(mail.positions("from")));
  CHECK(mail.group_of(mail.positions("cc")) == mail.index_size());
}

TEST_CASE("a view survives being moved") {
  Message first = must_view("From: a\n\nb\n");
  const Message second = std::move(first);
  CHECK(second.first("from")->value == " a");
  CHECK(second.body() == "b\r\n");
}

TEST_CASE("the limits hold at the edge and refuse one past it") {
  const std::string bytes = "A: 1\r\nB: 2\r\n\r\nbody";
  CHECK(code_of(bytes, {.message_bytes = bytes.size()}).empty());
  CHECK(code_of(bytes, {.message_bytes = bytes.size() - 1}) == "message-too-large");
  CHECK(code_of(bytes, {.header_bytes = 12}).empty());
  CHECK(code_of(bytes, {.header_bytes = 11}) == "message-header-too-large");
  CHECK(code_of(bytes, {.header_fields = 2}).empty());
  CHECK(code_of(bytes, {.header_fields = 1}) == "message-too-many-fields");
}

TEST_CASE("what stands before the first field is dropped and told") {
  using namespace std::string_literals;
  const std::string mail = "DKIM-Signature: v=1\r\nFrom: a@b\r\n\r\nbody\r\n";
  for (const auto& front :
       {"\xef\xbb\xbf"s, "\xef\xbb\xbf\xef\xbb\xbf"s, "\xff\xfe"s, "\xfe\xff"s, "\0"s, "\n"s, "\r\n"s, "\r\n\r\n"s,
        " \r\n\t\r\n"s, "\xef\xbb\xbf\r\n\r\n"s, "\r\n\xef\xbb\xbf"s, "\0\0\r\n"s}) {
    CAPTURE(front);
    const std::string bytes = front + mail;  // what a Message views must outlive it
    const Message read = must_view(bytes);
    REQUIRE(read.fields().size() == 2);
    CHECK(read.fields()[0].name == "DKIM-Signature");
    CHECK(read.body() == "body\r\n");
    CHECK(read.is_first_readable());
    CHECK(read.repairs().front().code == "message-leading-octets-dropped");
  }
  const std::string bytes = "\r\nFrom a@b Sat Jan  1 00:00:00 2022\r\n\xef\xbb\xbf" + mail;
  const Message mbox = must_view(bytes);
  CHECK(mbox.fields().size() == 2);
  CHECK(mbox.fields()[0].line == 3);
}

TEST_CASE("an empty header stays empty, and a first line that is no field is told") {
  CHECK(must_view("\r\nonly a body\r\n").fields().empty());
  const Message junk = must_view("+OK 12 octets\r\nFrom: a@b\r\n\r\n");
  CHECK_FALSE(junk.is_first_readable());
  CHECK(must_view("From: a@b\r\n+OK\r\n\r\n").is_first_readable());
  const std::string utf16("F\0r\0o\0m\0:\0 \0a\0@\0b\0\r\0\n\0", 20);
  CHECK_FALSE(must_view(utf16).is_first_readable());
}
