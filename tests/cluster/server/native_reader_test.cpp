#include "cluster/server/native_reader.hpp"

#include <catch2/catch.hpp>

#include "cluster/server/native.hpp"

using namespace ruaudit::cluster;
using namespace std::string_literals;

namespace {

// One column of each sort, two rows.
std::string sorts() {
  Block block(2);
  Numbers<std::uint64_t> batch;
  for (const auto one : {std::uint64_t{1}, UINT64_MAX}) batch.add(one);
  block.add("batch", "UInt64", batch.octets());
  Numbers<std::int8_t> word;
  for (const std::int8_t one : {std::int8_t{3}, std::int8_t{-1}}) word.add(one);
  block.add("word", "Enum8('a' = 3, 'b' = -1)", word.octets());
  Numbers<std::uint16_t> day;
  for (const std::uint16_t one : {std::uint16_t{20'000}, std::uint16_t{65'535}}) day.add(one);
  block.add("day", "Date", day.octets());
  OptionalNumbers end;
  end.add(-5);
  end.add(std::nullopt);
  block.add("end", "Nullable(Int64)", end.octets());
  Fixed key(4);
  const std::uint8_t octets[] = {1, 2, 3, 4};
  key.add(octets);
  key.add({});
  block.add("key", "FixedString(4)", key.octets());
  Dictionary domain;
  domain.add("a.example");
  domain.add("");
  block.add("domain", "LowCardinality(String)", domain.octets());
  Array<OptionalTexts> comments;
  comments.elements.add("one");
  comments.elements.add(std::nullopt);
  comments.end_row(2);
  comments.end_row(0);
  block.add("comments", "Array(Nullable(String))", comments.octets());
  return block.octets();
}

}  // namespace

TEST_CASE("what is written as a block is read as it was") {
  const auto octets = sorts() + sorts();
  const auto blocks = read_native(octets, 7);
  REQUIRE(blocks);
  REQUIRE(blocks->size() == 2);
  const auto& c = blocks->front().columns;
  CHECK(blocks->front().rows == 2);
  CHECK(c[0].name == "batch");
  CHECK(c[0].numbers == std::vector<std::int64_t>{1, -1});
  CHECK(c[1].numbers == std::vector<std::int64_t>{3, -1});
  CHECK(c[2].numbers == std::vector<std::int64_t>{20'000, 65'535});
  CHECK(c[3].number(0) == -5);
  CHECK_FALSE(c[3].number(1));
  CHECK(c[4].texts[0] == "\x01\x02\x03\x04");
  CHECK(c[4].texts[1] == "\0\0\0\0"s);
  CHECK(c[5].texts == std::vector<std::string_view>{"a.example", ""});
  CHECK(c[6].ends == std::vector<std::uint64_t>{2, 0 + 2});
  CHECK(c[6].text(0) == "one");
  CHECK_FALSE(c[6].text(1));
}

TEST_CASE("a block that is cut off anywhere is an error, never less than there was") {
  const auto octets = sorts();
  for (std::size_t length = 1; length < octets.size(); ++length) {
    INFO("cut to " << length);
    CHECK_FALSE(read_native(std::string_view(octets).substr(0, length), 7));
  }
}

namespace {

// What a block holds lies in the octets that it was read from.
std::uint64_t octets_of(const std::vector<ReadBlock>& blocks) {
  std::uint64_t sum = 0;
  for (const auto& block : blocks)
    for (const auto& column : block.columns) {
      sum += column.name.size() + column.type.size() + column.numbers.size() + 8 * column.ends.size();
      for (const auto text : column.texts) sum += text.size();
    }
  return sum;
}

}  // namespace

TEST_CASE("any octet may be another, and nothing is read that is not there") {
  const auto octets = sorts();
  for (std::size_t at = 0; at < octets.size(); ++at)
    for (const char other : {'\x00', '\x01', '\x7f', '\x80', '\xff'}) {
      auto wrong = octets;
      wrong[at] = other;
      INFO("octet " << at << " is " << static_cast<int>(other));
      const auto blocks = read_native(wrong, 7);
      if (!blocks) {
        CHECK(blocks.error().code == "cluster-refused");
        continue;
      }
      for (const auto& block : *blocks) CHECK(block.columns.size() == 7);
      CHECK(octets_of(*blocks) <= wrong.size());
    }
}

TEST_CASE("no answer has no blocks, and one of another number of columns is an error") {
  CHECK(read_native("", 7)->empty());
  CHECK(read_native("\x07\x00"s, 7).has_value() == false);
  CHECK_FALSE(read_native(sorts(), 6));
  CHECK_FALSE(read_native("<html>hello</html>", 7));
}
