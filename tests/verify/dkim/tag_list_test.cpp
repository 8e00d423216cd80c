#include "verify/dkim/tag_list.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dkim;

// RFC 6376 section 3.2; RFC 6376 section 2.8
TEST_CASE("a tag list is names and values without the blanks around them") {
  const auto list = TagList::parse(" a = 1 2 ;\r\n\tb=x=y;c= ; d_1=\t3 ");
  REQUIRE(list.has_value());
  REQUIRE(list->tags().size() == 4);
  CHECK(list->find("a")->value == "1 2");
  CHECK(list->find("b")->value == "x=y");
  CHECK(list->find("c")->value.empty());
  CHECK(list->find("d_1")->value == "3");
  CHECK(list->find("A") == nullptr);  // names are case-sensitive
}

TEST_CASE("a tag knows the exact range of its value with the blanks around it") {
  const std::string text = "a=1; b = xy ; c=3";
  const auto list = TagList::parse(text);
  REQUIRE(list.has_value());
  const Tag* b = list->find("b");
  CHECK(text.substr(b->begin, b->end - b->begin) == " xy ");
}

TEST_CASE("one semicolon may end a tag list") {
  CHECK(TagList::parse("a=1;").has_value());
  CHECK(TagList::parse("a=1; \r\n ").has_value());
}

// RFC 6376 section 3.2
TEST_CASE("what is against the grammar makes the whole list invalid") {
  for (const char* text : {"", ";", ";a=1", "a=1;;", "a=1;;b=2", "a", "a=1;b", "=1", "1a=1", "a-b=1", "a b=1",
                           "a=1; =2", "a=\x01", "a=\x7f", "a=1;a=2", "a=1; b=2; a =1"}) {
    CAPTURE(text);
    const auto list = TagList::parse(text);
    REQUIRE_FALSE(list.has_value());
    CHECK(list.error().code == "tag-list");
  }
}

// RFC 8616 section 5
TEST_CASE("values may hold UTF-8") {
  CHECK(TagList::parse("d=b\xc3\xbc"
                       "cher.example")
            .has_value());
}

TEST_CASE("a tag list may have max_tags tags and not one more") {
  std::string text = "t0=1";
  for (std::size_t i = 1; i < max_tags; ++i) text += ";t" + std::to_string(i) + "=1";
  CHECK(TagList::parse(text).has_value());
  CHECK_FALSE(TagList::parse(text + ";more=1").has_value());
}

TEST_CASE("a colon list is trimmed items") {
  const auto items = split_colons(" a : b\r\n :\tc");
  REQUIRE(items.size() == 3);
  CHECK(items[1] == "b");
  CHECK(items[2] == "c");
  CHECK(split_colons("").size() == 1);
}
