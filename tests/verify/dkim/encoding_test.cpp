#include "verify/dkim/encoding.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dkim;

TEST_CASE("base64 goes both ways") {
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    CAPTURE(text);
    CHECK(decode_base64(encode_base64(text)) == text);
  }
  CHECK(encode_base64("foobar") == "Zm9vYmFy");
  CHECK(encode_base64("fo") == "Zm8=");
  CHECK(encode_base64(std::string_view("\xff\0\x80", 3)) == "/wCA");
}

// RFC 6376 section 2.10
TEST_CASE("white space inside base64 does not count, padding may be missing") {
  CHECK(decode_base64("Z m9v\r\n\tYg = =") == "foob");
  CHECK(decode_base64("Zm9vYg") == "foob");
}

TEST_CASE("what is not base64 is refused") {
  for (const char* text : {"Z", "Zm9v!", "Zm9vYg==Zg", "Zm9v=", "Zm9vYg===", "Zm-_", "="}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text).has_value());
  }
}

// RFC 6376 section 2.11
TEST_CASE("dkim-quoted-printable is decoded without its white space") {
  CHECK(decode_quoted_printable("a=20b =3D\r\n c") == "a b=c");
  CHECK(decode_quoted_printable("J=C3=BCrg@\xc3\xbc") == "J\xc3\xbcrg@\xc3\xbc");
  for (const char* text : {"=", "=4", "a=-b", "=G0"}) {
    CAPTURE(text);
    CHECK_FALSE(decode_quoted_printable(text).has_value());
  }
}
