// Raw deflate data has no mark: what a text unpacks to by chance must not make it one.
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "ingest/sniff.hpp"
#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {

PayloadKind kind_of(const std::string& octets) { return sniff(octets, Prefix::whole).kind; }

// Of letters, digits, blanks and marks: words, lines, base64 and sentences look like that.
std::string text_of(std::mt19937& random, std::string_view letters) {
  std::string out;
  const auto size = 3 + random() % 60;
  while (out.size() < size) out += letters[random() % letters.size()];
  return out;
}

}  // namespace

TEST_CASE("no text is packed data by chance") {
  constexpr std::string_view alphabets[] = {
      "abcdefghijklmnopqrstuvwxyz ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n",
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
      " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\r\n\t"};
  std::mt19937 random(1);
  for (const auto letters : alphabets)
    for (int i = 0; i < 60'000; ++i) {
      const std::string text = text_of(random, letters);
      const auto kind = kind_of(text);
      if (kind != PayloadKind::gzip && kind != PayloadKind::zip) continue;
      CAPTURE(text);
      CHECK(false);
    }
}

TEST_CASE("no octets are packed data by chance, but for those that begin with its mark") {
  std::mt19937 random(2);
  for (int i = 0; i < 200'000; ++i) {
    std::string octets(3 + random() % 60, '\0');
    for (char& c : octets) c = static_cast<char>(random());
    if (octets.find("\x1f\x8b") != std::string::npos || octets.find("PK") != std::string::npos) continue;
    const auto kind = kind_of(octets);
    if (kind != PayloadKind::gzip && kind != PayloadKind::zip) continue;
    CAPTURE(i);
    CHECK(false);
  }
}

TEST_CASE("what begins as a report does is packed data, however it is written") {
  const std::string rest = "<report_metadata><org_name>reporter.example</org_name></report_metadata></feedback>";
  const std::string reports[] = {
      "<?xml version=\"1.0\"?><feedback>" + rest,
      "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<feedback>" + rest,
      "\r\n <feedback xmlns=\"urn:x\">" + rest,
      "<!-- made by hand --><Feedback>" + rest,
      "<n:feedback xmlns:n=\"urn:x\">" + rest,
      "{\"organization-name\":\"reporter.example\",\"policies\":[]}",
      "{\n  \"organization-name\" : \"reporter.example\", \"policies\": []}",
      gzip_of("<feedback>" + rest),
      zip_of({{"a.xml", "<feedback>" + rest}}),
      "From: a@b.example\r\nTo: c@d.example\r\nSubject: Report Domain: d.example\r\nMIME-Version: 1.0\r\n\r\ntext\r\n",
  };
  for (const auto& report : reports) {
    CAPTURE(report.substr(0, 40));
    CHECK(kind_of(deflate_of(report)) == PayloadKind::gzip);
    CHECK(kind_of(zlib_of(report)) == PayloadKind::gzip);
    CHECK(kind_of(zlib_of(deflate_of(report))) == PayloadKind::gzip);
    CHECK(kind_of(deflate_of(report).substr(0, deflate_of(report).size() * 3 / 4)) == PayloadKind::gzip);
  }
}
