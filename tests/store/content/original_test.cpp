#include "store/content/original.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

using namespace ruaudit;
using store::ChunkCodec;

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::vector<store::EncodedChunk> chunks_of(std::string_view octets) {
  store::OriginalChunker chunker(octets);
  std::vector<store::EncodedChunk> chunks;
  while (auto chunk = chunker.next()) chunks.push_back(std::move(*chunk));
  return chunks;
}

std::string rebuilt(const std::vector<store::EncodedChunk>& chunks) {
  std::string octets;
  for (const auto& chunk : chunks) {
    CHECK(chunk.size <= store::max_original_chunk);
    const auto part = store::decode_chunk(chunk);
    REQUIRE(part);
    CHECK(part->size() == chunk.size);
    octets += *part;
  }
  return octets;
}

// `count` lines of `length` characters of the alphabet, then `last`.
std::string lines(std::size_t count, std::size_t length, std::string_view end, std::string_view last) {
  std::mt19937 random(static_cast<unsigned>(count * length));
  std::string text;
  for (std::size_t line = 0; line < count; ++line) {
    for (std::size_t i = 0; i < length; ++i) text += alphabet[random() % alphabet.size()];
    text += end;
  }
  return text += last;
}

bool has_base64(const std::vector<store::EncodedChunk>& chunks) {
  return std::any_of(chunks.begin(), chunks.end(), [](const auto& chunk) { return chunk.codec == ChunkCodec::base64; });
}

}  // namespace

TEST_CASE(
    "a base64 body is kept as what it stands for, the mail around it compressed, and the mail is rebuilt exactly") {
  const std::string_view end = GENERATE("\n", "\r\n");
  const std::size_t length = GENERATE(60U, 64U, 72U, 76U, 988U);
  const std::string_view last = GENERATE("", "QUJD", "QUI=", "QQ==");
  std::string mail = "Subject: Report domain: example.com";
  mail += std::string(end) + "Content-Transfer-Encoding: base64" + std::string(end) + std::string(end);
  mail += lines(40, length, end, last) + (last.empty() ? "" : std::string(end)) + std::string(end) + "--boundary--" +
          std::string(end);
  const auto chunks = chunks_of(mail);
  REQUIRE(chunks.size() == 3);
  CHECK(chunks[1].codec == ChunkCodec::base64);
  CHECK(chunks[1].data.size() <= chunks[1].size / 4 * 3 + 2);
  CHECK(rebuilt(chunks) == mail);
}

TEST_CASE("what no encoder writes stays as it is") {
  const std::string good = lines(40, 76, "\n", "");
  for (const std::string& mail : {
           good + "QR==\n",  // bits after the last octet
           good + "QQ=\n",
           good + "Q===\n",
           good + "QQ==QQ==\n",  // padding
           good + "QU JD\n",
           good + "QUJ*\n",
           good + "QUJD \n",                                       // other octets
           good.substr(0, 77 * 20) + "\n" + good,                  // an empty line between
           lines(20, 76, "\n", "") + lines(20, 76, "\r\n", ""),    // two kinds of line ends
           lines(20, 76, "\n", "") + lines(20, 64, "\n", "QQ=="),  // two lengths
           lines(40, 75, "\n", ""),
           lines(40, 1024, "\n", ""),  // no quanta; longer than a line may be
           good + "QUJD",
           good + "QQ==",
           good.substr(0, good.size() - 1),  // the file ends without a line end
           good.substr(0, good.size() - 3),
           std::string(40, '\n') + good + std::string(3, '\0'),
       })
    CHECK(rebuilt(chunks_of(mail)) == mail);
}

TEST_CASE("a few lines are not worth a chunk of their own") {
  CHECK_FALSE(has_base64(chunks_of("DKIM-Signature: b=\n" + lines(4, 76, "\n", "") + "\ntext\n")));
}

TEST_CASE("a body larger than a chunk is several, and what has no line ends is cut anywhere") {
  const std::string body = lines(20000, 76, "\r\n", "QQ==\r\n");
  const auto chunks = chunks_of("a: b\r\n\r\n" + body);
  CHECK(rebuilt(chunks) == "a: b\r\n\r\n" + body);
  CHECK(std::count_if(chunks.begin(), chunks.end(), [](const auto& c) { return c.codec != ChunkCodec::base64; }) == 1);
  const std::string single(3 * store::max_original_chunk + 7, 'A');
  CHECK(rebuilt(chunks_of(single)) == single);
}

TEST_CASE("any octets are rebuilt exactly") {
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {"\n",
                                           "\r\n",
                                           "=",
                                           " ",
                                           "\r",
                                           "From: a@example.com\n",
                                           std::string(200, '\0'),
                                           lines(30, 76, "\n", ""),
                                           lines(30, 76, "\r\n", ""),
                                           lines(1, 76, "\n", ""),
                                           lines(20, 64, "\n", "QQ==\n"),
                                           lines(1, 40, "", "")};
  for (int round = 0; round < 2000; ++round) {
    std::string octets;
    for (auto n = random() % 12; n > 0; --n) octets += pieces[random() % pieces.size()];
    if (!octets.empty() && round % 3 == 0) octets[random() % octets.size()] = static_cast<char>(random());
    CHECK(rebuilt(chunks_of(octets)) == octets);
  }
}

TEST_CASE("a damaged chunk is told, not guessed") {
  const auto chunks = chunks_of(lines(40, 76, "\n", "QQ==\n"));
  REQUIRE(chunks.size() == 1);
  const auto is_refused = [](const store::EncodedChunk& chunk) {
    const auto octets = store::decode_chunk(chunk);
    return !octets && octets.error().code == "original-chunk";
  };
  auto longer = chunks[0], empty = chunks[0], no_length = chunks[0], more = chunks[0];
  longer.size += 1;
  empty.data.resize(1);
  no_length.data[0] = '\0';
  more.data += "more";
  CHECK((is_refused(longer) && is_refused(empty) && is_refused(no_length) && is_refused(more)));
}
