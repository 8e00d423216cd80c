// The own decoders against mimetic's, and split at every octet.
#include <mimetic/codec/base64.h>
#include <mimetic/codec/code.h>
#include <mimetic/codec/qp.h>

#include <catch2/catch.hpp>
#include <iterator>
#include <random>

#include "mail/transfer_decode.hpp"
#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {
template <class Decoder>
std::string decoded(std::string_view text, std::size_t split) {
  Decoder decoder;
  std::string out;
  split = std::min(split, text.size());
  decoder.decode(text.substr(0, split), out);
  decoder.decode(text.substr(split), out);
  decoder.finish(out);
  return out;
}
template <class Decoder>
std::string decoded_by_mimetic(std::string_view text) {
  std::string out;
  Decoder decoder;
  mimetic::decode(text.begin(), text.end(), decoder, std::back_inserter(out));
  return out;
}
std::string random_octets(std::size_t size) {
  std::mt19937 generator(static_cast<unsigned>(size));
  std::string out(size, '\0');
  for (auto& c : out) c = static_cast<char>(generator());
  return out;
}
}  // namespace

TEST_CASE("base64 gives back what was encoded, in agreement with mimetic, at every split") {
  for (std::size_t size = 0; size < 200; ++size) {
    const auto octets = random_octets(size);
    const auto text = base64_of(octets, 61, "\r\n");
    CAPTURE(size);
    CHECK(decoded<Base64Decoder>(text, text.size() / 2) == octets);
    CHECK(decoded_by_mimetic<mimetic::Base64::Decoder>(text) == octets);
  }
  const auto text = base64_of(random_octets(100));
  for (std::size_t split = 0; split <= text.size(); ++split)
    CHECK(decoded<Base64Decoder>(text, split) == random_octets(100));
}

TEST_CASE("base64 with garbage, without padding and in several pieces is decoded") {
  const std::pair<const char*, const char*> cases[] = {{"Zm9v", "foo"},
                                                       {"Zm9vYg==", "foob"},
                                                       {"Zm9vYmE=", "fooba"},  // RFC 4648 section 10
                                                       {"Zm9vYg", "foob"},
                                                       {"Zm9vYmE", "fooba"},
                                                       {"Zg==Zm9v", "ffoo"},
                                                       {"Z|m9\xFFv", "foo"},
                                                       {"=", ""},
                                                       {"Z", ""},
                                                       {"", ""}};
  for (const auto& [text, octets] : cases) {
    CAPTURE(text);
    CHECK(decoded<Base64Decoder>(text, 1) == octets);
  }
  Base64Decoder decoder;
  std::string out;
  decoder.decode("Zm|9v \r\n\xFF", out);
  CHECK(decoder.skipped() == 2);
}

TEST_CASE("quoted-printable is decoded at every split, wrong escapes stand for themselves") {
  const std::pair<const char*, const char*> cases[] = {
      {"a=3Db", "a=b"}, {"a=\r\nb", "ab"},        {"a=\nb", "ab"},    {"a= \t\r\nb", "ab"},
      {"a=3db", "a=b"}, {"a=C3=A9", "a\xC3\xA9"}, {"a=zz", "a=zz"},   {"a=3", "a=3"},
      {"a=", "a="},     {"==3D", "=="},           {"a=3=3D", "a=3="}, {"line\r\nnext", "line\r\nnext"},
      {"= x", "= x"}};
  for (const auto& [text, octets] : cases) {
    CAPTURE(text);
    for (std::size_t split = 0; split <= std::string_view(text).size(); ++split)
      CHECK(decoded<QuotedPrintableDecoder>(text, split) == octets);
  }
  const std::string long_blanks = "=" + std::string(1000, ' ') + "\nx";
  CHECK(decoded<QuotedPrintableDecoder>(long_blanks, 3) == long_blanks);
}

TEST_CASE("quoted-printable agrees with mimetic on well-formed text") {
  for (const std::string& text : {std::string("<?xml version=3D\"1.0\"?>=0D=0A<feedback>=\r\n</feedback>"),
                                  std::string("caf=C3=A9 au lait"), std::string("plain")}) {
    CAPTURE(text);
    CHECK(decoded<QuotedPrintableDecoder>(text, 2) == decoded_by_mimetic<mimetic::QP::Decoder>(text));
  }
}
