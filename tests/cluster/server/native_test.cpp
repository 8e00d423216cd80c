#include "cluster/server/native.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::cluster;
using namespace std::string_literals;

TEST_CASE("a block names its columns, then its rows, then each column with its type") {
  Block block(2);
  Numbers<std::uint16_t> days;
  days.add(1);
  days.add(258);
  block.add("day", "Date", days.octets());
  CHECK(block.octets() == "\x01\x02\x03"s + "day" + "\x04"s + "Date" + "\x01\x00\x02\x01"s);
  CHECK(block.names() == "`day`");
  CHECK(block.definitions() == "`day` Date");
}

TEST_CASE("a number from 128 on takes several octets, seven bits each") {
  std::string out;
  add_varint(out, 127);
  add_varint(out, 128);
  add_varint(out, 300);
  CHECK(out == "\x7f\x80\x01\xac\x02"s);
}

TEST_CASE("an absent value is marked, and an empty text takes its place") {
  OptionalTexts texts;
  texts.add("a");
  texts.add(std::nullopt);
  texts.add("");
  CHECK(texts.octets() == "\x00\x01\x00"s + "\x01"s + "a" + "\x00\x00"s);
}

TEST_CASE("an array column is the ends of its rows and then all elements") {
  Array<Texts> array;
  array.elements.add("x");
  array.elements.add("y");
  array.end_row(2);
  array.end_row(0);
  CHECK(array.octets() == "\x02\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"s + "\x01x\x01y");
}

TEST_CASE("a dictionary has each text once and a number of 32 bits for each row") {
  Dictionary dictionary;
  dictionary.add("b");
  dictionary.add("a");
  dictionary.add("b");
  const auto octets = dictionary.octets();
  CHECK(octets.substr(0, 8) == "\x01\0\0\0\0\0\0\0"s);
  CHECK(octets.substr(8, 8) == "\x02\x06\0\0\0\0\0\0"s);
  CHECK(octets.substr(16, 8) == "\x02\0\0\0\0\0\0\0"s);
  CHECK(octets.substr(24) == "\x01"s + "b" + "\x01"s + "a" + "\x03\0\0\0\0\0\0\0"s + "\0\0\0\0\x01\0\0\0\0\0\0\0"s);
}

TEST_CASE("octets of a fixed length are filled up with zeros") {
  Fixed fixed(4);
  const std::uint8_t two[] = {1, 2};
  fixed.add(two);
  fixed.add({});
  CHECK(fixed.octets() == "\x01\x02\0\0\0\0\0\0"s);
}
