// Inputs that broke other MIME code: each costs bounded time here and ends as an error or as nothing special.
#include <catch2/catch.hpp>

#include "mail/header_field.hpp"
#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {
using Texts = std::vector<std::string>;
std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}
}  // namespace

TEST_CASE("100,000 mails in each other are refused after the allowed depth") {
  const auto mail = repeated("Content-Type: message/rfc822\n\n", 100'000) + "Subject: x\n\nbody";
  CHECK(unpack_text(mail).errors() == Texts{"nesting-too-deep"});
}

TEST_CASE("an address group without an end is only text") {
  const auto unpacked = unpack_text("To: grp:\r\nFrom: a@b\r\nSubject: x\r\n\r\nbody");
  REQUIRE(unpacked.result.mail);
  CHECK(unpacked.result.mail->to == "grp:");
}

TEST_CASE("a mail of dashes, of delimiters or of From_ lines takes linear time") {
  const std::string head = "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n";
  for (const auto& body :
       {std::string(std::size_t{8} << 20U, '-'), repeated("--\n", 2'000'000), repeated("\n--y", 2'000'000),
        repeated("--x ", 2'000'000), repeated("\nFrom ", 1'000'000), std::string(std::size_t{8} << 20U, '\n')}) {
    const auto unpacked = unpack_text(head + body);
    CHECK(unpacked.result.kind == ItemKind::mail);
    CHECK(unpacked.delivered.empty());
  }
}

TEST_CASE("fields full of quotes, words and parameters take linear time") {
  const std::string big(60'000, '"');
  CHECK(unpack_text("From: a@b\nSubject: x\nContent-Type: text/plain; name=" + big + "\n\nbody").result.mail);
  CHECK(unpack_text("From: a@b\nSubject: " + repeated("=?a?B?x", 9'000) + "\n\nbody").result.mail);
  CHECK(unpack_text("From: a@b\nSubject: x\nContent-Disposition: a" + repeated(";a*1=b", 10'000) + "\n\nbody")
            .result.mail);
  CHECK(unpack_text("From: a@b\nSubject: " + repeated("=?utf-8?q?a?= ", 10'000) + "\n\nbody")
            .result.mail->subject.size() == 2000);
  CHECK(unpack_text("From: a@b\nContent-Type: " + repeated("(", 60'000) + "\n\nbody").result.mail);
}

TEST_CASE("a charset name is no path") {
  CHECK(to_utf8("abc", "../../../tmp/x") == "abc");
  CHECK(to_utf8("\xE9", "no-such-charset") == "\xC3\xA9");
  CHECK(to_utf8("\xE9", "") == "\xC3\xA9");
}

TEST_CASE("a zip of a million claimed entries or of overlapping ones is bounded") {
  std::vector<ZipEntry> entries;
  for (int i = 0; i < 1001; ++i) entries.push_back({std::to_string(i), ""});
  const auto unpacked = unpack_text(zip_of(entries));
  CHECK(unpacked.errors().back() == "too-many-entries");
  CHECK(unpacked.result.payloads.size() == 1001);
  entries.pop_back();
  CHECK(unpack_text(zip_of(entries)).result.payloads.size() == 1000);
}
