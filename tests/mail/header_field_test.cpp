#include <catch2/catch.hpp>

#include "mail/header_field.hpp"

using namespace ruaudit::ingest;

TEST_CASE("fields are read with their folds, other lines are passed over") {
  FieldReader reader("A: one\r\n\ttwo\r\nnot a field\r\nB :x\n:c\n\nC:");
  const auto a = reader.next();
  REQUIRE(a);
  CHECK(a->name == "A");
  CHECK(a->value == " one\r\n\ttwo");
  CHECK(reader.next()->name == "B");
  CHECK(reader.next()->name == "C");
  CHECK_FALSE(reader.next());
}

TEST_CASE("file names are read from every form of the parameter") {
  const std::pair<const char*, const char*> cases[] = {
      {"attachment; filename=a!b!1!2.xml.gz", "a!b!1!2.xml.gz"},
      {"attachment; filename=\"a b;c.zip\"; size=3", "a b;c.zip"},
      {"attachment; filename=\"a\\\"b\"", "a\"b"},
      {"attachment; filename=report one.xml ; x=y", "report one.xml"},
      {"attachment;\r\n filename=\"long\r\n er\"", "long er"},
      {"attachment; filename*0=\"a!\"; filename*1=b!; filename*2=\"1.zip\"", "a!b!1.zip"},
      {"attachment; filename*=utf-8''r%C3%A9sum%C3%A9.gz", "r\xC3\xA9sum\xC3\xA9.gz"},
      {"attachment; filename*=iso-8859-1'fr'r%E9.gz", "r\xC3\xA9.gz"},
      {"attachment; filename*0*=iso-8859-1''r%E9; filename*1=\"%20.gz\"", "r\xC3\xA9%20.gz"},
      {"attachment; filename*=UTF-8''a%2", "a%2"},
      {"attachment; filename=\"=?utf-8?B?csOpLmd6?=\"", "r\xC3\xA9.gz"},
      {"attachment; filename=\"=?utf-8?Q?r=C3?= =?utf-8?Q?=A9.gz?=\"", "r\xC3\xA9.gz"},
      {"attachment; FileName = \"x.gz\"", "x.gz"},
      {"attachment; filename=\"unclosed.gz", "unclosed.gz"},
      {"attachment (a ; comment); filename=x.gz (another)", "x.gz"},
      {"attachment; filename=\"a\tb\x01.gz\"", "a b .gz"},
      {"attachment; filename=\"bad\xFF.gz\"", "bad\xEF\xBF\xBD.gz"},
  };
  for (const auto& [field, name] : cases) {
    CAPTURE(field);
    CHECK(parameter(field, "filename") == std::string(name));
  }
  CHECK_FALSE(parameter("attachment", "filename"));
  CHECK_FALSE(parameter("attachment; filename", "filename"));
}

TEST_CASE("the media type is read without parameters, comments and blanks") {
  CHECK(leading_token(" Application/ZIP ; name=x") == "application/zip");
  CHECK(leading_token("multipart/mixed ;") == "multipart/mixed");
  CHECK(leading_token(" text/xml (really)") == "text/xml");
}

TEST_CASE("encoded words become UTF-8, text around them stays") {
  const std::pair<const char*, const char*> cases[] = {
      {"=?ISO-8859-1?Q?Andr=E9?= Pirard", "Andr\xC3\xA9 Pirard"},  // RFC 2047 section 8
      {"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"},
      {"(=?ISO-8859-1?Q?a?= b)", "(a b)"},
      {"(=?ISO-8859-1?Q?a_b?=)", "(a b)"},
      {"=?windows-1252?Q?=80?=", "\xE2\x82\xAC"},
      {"=?utf-8*en?B?w6k=?=", "\xC3\xA9"},
      {"=?utf-8?B?w6k?", "=?utf-8?B?w6k?"},
      {"=?utf-8?X?a?=", "=?utf-8?X?a?="},
      {"a\r\n b", "a b"},
      {"  blank  ", "blank"},
  };
  for (const auto& [raw, text] : cases) {
    CAPTURE(raw);
    CHECK(decoded_text(raw, 100) == text);
  }
}

TEST_CASE("clean text is valid UTF-8, cut at a character") {
  CHECK(clean_text("a\xC3\xA9", 2) == "a");
  CHECK(clean_text("a\xC3\xA9", 3) == "a\xC3\xA9");
  CHECK(clean_text("\xED\xA0\x80", 100) == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate is no character
  CHECK(clean_text("\xC0\xAF", 100) == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(clean_text("a\x1B[31m\xC2\x9B", 100) == "a [31m ");
}
